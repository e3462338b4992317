"""Charts of treated lesions for Hypothesis, as case documents."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]

KINDS = (
    "RFA", "MWA", "cryoablation", "ethanol", "TAE", "cTACE", "DEB-TACE", "resection margin",
    "TARE", "SBRT", "radiotherapy", "TACE + SBRT", "drainage", "resection",
)  # fmt: skip
ANSWERS = (None, "yes", "no", "unknown")
CHANGES = (None, None, "new", "increased", "stable", "decreased", "uncertain",
           "new or increased", "stable or decreased")  # fmt: skip
LESIONS = (
    {"id": "A", "organ": "liver", "kind": "nodule"},
    {"id": "B", "organ": "segment 8", "kind": "nodule"},
    {"id": "B1", "organ": "segment 8", "kind": "nodule", "part_of": "B"},
)
SIZES = (0, 9, "9.001", 20, "20.000")


@st.composite
def findings(draw: st.DrawFn, lesion: str) -> Document:
    found: Document = {"lesion": lesion}
    status = draw(st.sampled_from(
        (None, None, "present", "present", "progressed", "absent", "too small", "not evaluable")
    ))  # fmt: skip
    size = draw(st.sampled_from(SIZES))
    if status is None or (status in ("present", "progressed") and draw(st.booleans())):
        found["viable_mm"] = size
    found["status"] = status
    for name in ("aphe", "washout", "like_before", "diffusion_restriction", "t2_mild_moderate"):
        found[name] = draw(st.sampled_from(ANSWERS))
    found["masslike"] = draw(
        st.sampled_from(
            (None, "present", "present", "present", "absent", "uncertain", "not evaluable")
        )
    )
    found["change"] = draw(st.sampled_from(CHANGES))
    return {key: value for key, value in found.items() if value is not None}


@st.composite
def timepoints(draw: st.DrawFn, day: int) -> Document:
    ids = draw(st.lists(st.sampled_from(("A", "B", "B1")), unique=True))
    made: Document = {"date": day, "findings": [draw(findings(each)) for each in ids]}
    if "A" in ids and "B" in ids and draw(st.integers(0, 9)) == 0:
        (merged,) = (each for each in made["findings"] if each["lesion"] == "A")
        for key in ("status", "viable_mm"):
            merged.pop(key, None)
        merged["into"] = "B"
    made["modality"] = draw(st.sampled_from((None, "CT", "MRI", "MRI")))
    made["arterial_phase"] = draw(st.sampled_from((None, True, True, False)))
    return {key: value for key, value in made.items() if value is not None}


@st.composite
def charts(draw: st.DrawFn) -> Document:
    """Two lesions and a fragment, treated now and then, over one or two lines."""
    days = sorted(draw(st.lists(st.integers(-20, 100), min_size=1, max_size=7, unique=True)))
    scans = [draw(timepoints(day)) for day in days]
    if len(scans) > 2 and draw(st.booleans()):
        at = draw(st.integers(0, len(scans) - 2))
        seen = {each["lesion"] for each in scans[at]["findings"]}
        scans[at + 1]["findings"] = [
            each
            for each in scans[at + 1]["findings"]
            if each["lesion"] not in seen and each.get("into") is None
        ]
        scans[at]["visit"] = scans[at + 1]["visit"] = "V"
    done = draw(
        st.lists(
            st.tuples(
                st.integers(-20, 90),
                st.sampled_from(KINDS),
                st.lists(st.sampled_from(["A", "B", "B1"]), unique=True),
            ),
            max_size=4,
        )
    )
    agents = st.sampled_from((["TACE"], ["lenvatinib"], ["TACE", "sorafenib"], ["unheard-of"]))
    lines = [{"agents": draw(agents), "start": start}
             for start in draw(st.sampled_from(([0], [-30], [0, 50])))]  # fmt: skip
    return {
        "format": "mrecist-case/1",
        "patient": draw(st.sampled_from(("P1", "P2"))),
        "lesions": list(LESIONS),
        "timepoints": scans,
        "lines": lines,
        "procedures": [{"date": day, "kind": kind, "lesions": ids} for day, kind, ids in done],
    }
