"""LI-RADS treatment response of a case document, by if-ladders over its plain values.

Written from the specification alone, in another shape than the package: each lesion is followed
through its own list of examinations, and its grade is asked of them one question after the other.
"""

from __future__ import annotations

from typing import Any

from .oracle_chart import day_of, micrometres
from .oracle_words import PROCEDURE_NAMES, agent_names

Document = dict[str, Any]

RADIATION = {"tare", "sbrt", "radiotherapy"}
PLAIN = {"rfa", "mwa", "ablation", "cryoablation", "pei", "ethanol", "tae", "tace"}
MARGIN = {"resection margin"}
UP = ("new", "increased", "new or increased")
DOWN = ("stable", "decreased", "stable or decreased")


def sort_of(kind: str) -> str:
    """What a procedure is to LI-RADS: `radiation`, `plain`, `margin` or nothing."""
    names = {name.removeprefix("as written: ").lower() for name in agent_names(kind)}
    for sort, known in (("radiation", RADIATION), ("plain", PLAIN), ("margin", MARGIN)):
        if names & known:
            return sort
    return ""


def root_of(case: Document, lesion: str) -> str:
    (found,) = (each for each in case["lesions"] if each["id"] == lesion)
    return found.get("part_of") or lesion


def looks(case: Document, lesion: str) -> list[Document]:
    """The findings on a lesion by day, each with the facts of its examination."""
    found = []
    for timepoint in case["timepoints"]:
        for finding in timepoint["findings"]:
            if finding["lesion"] == lesion and not finding.get("into"):
                found.append({
                    **{key: value for key, value in finding.items() if value is not None},
                    "day": day_of(timepoint["date"]),
                    "arterial": timepoint.get("arterial_phase") is not False,
                    "mri": timepoint.get("modality") == "MRI",
                })  # fmt: skip
    return sorted(found, key=lambda each: each["day"])


def treated_by(case: Document, lesion: str, day: int) -> tuple[int, str] | None:
    """The day and sort of the latest treatment on or before a day."""
    best = None
    for each in case.get("procedures") or ():
        sort, done = sort_of(each["kind"]), day_of(each["date"])
        named = {root_of(case, name) for name in each.get("lesions") or ()}
        if not sort or done > day or root_of(case, lesion) not in named:
            continue
        order = ("margin", "plain", "radiation").index(sort)
        if best is None or (done, order) > best[:2]:
            best = (done, order, sort)
    return None if best is None else (best[0], best[2])


def viable(look: Document) -> int | None:
    if look.get("status") == "absent":
        return 0
    if look.get("status") in ("too small", "not evaluable"):
        return None
    return micrometres(look.get("viable_mm"))


def look_to_compare(before: list[Document], since: int) -> Document | None:
    """The last evaluable look since the treatment; else the last one before it."""
    for look in reversed(before):
        if look["day"] < since:
            break
        word = look.get("masslike")
        if word in ("present", "absent", "uncertain") or (
            word is None and viable(look) is not None
        ):
            return look
    for look in reversed(before):
        if look["day"] < since and look.get("status") != "not evaluable":
            return look
    return None


def change_of(look: Document, old: Document | None) -> str:
    if look.get("change") in UP:
        return "up"
    if look.get("change") in DOWN:
        return "down"
    if look.get("change") == "uncertain":
        return "?"
    if old is not None and old.get("masslike") == "absent":
        return "up"
    sizes = (viable(look), None if old is None else viable(old))
    if None in sizes:
        return "?"
    return "up" if sizes[0] > sizes[1] else "down"


def v2018(look: Document) -> str:
    if not look["arterial"] or look["masslike"] == "not evaluable":
        return "Nonevaluable"
    if look["masslike"] == "absent":
        return "Nonviable"
    if look["masslike"] == "uncertain":
        return "Equivocal"
    aphe = look.get("aphe", "unknown")
    if aphe == "unknown" and (viable(look) or 0) > 0:
        aphe = "yes"
    signs = (aphe, look.get("washout"), look.get("like_before"))
    return "Viable" if "yes" in signs else "Equivocal"


def v2024_plain(look: Document) -> tuple[str, bool]:
    word = look["masslike"]
    if word == "uncertain":
        signs = (look.get("diffusion_restriction"), look.get("t2_mild_moderate"))
        decided = look["mri"] and "yes" in signs
        return ("Viable", True) if decided else ("Equivocal", False)
    plain = {"not evaluable": "Nonevaluable", "absent": "Nonviable", "present": "Viable"}
    return plain[word], False


def v2024_radiation(look: Document, old: Document | None) -> tuple[str, bool]:
    word = look["masslike"]
    if word in ("not evaluable", "absent"):
        return ("Nonevaluable" if word == "not evaluable" else "Nonviable"), False
    change = change_of(look, old)
    if word == "present" and change == "up":
        return "Viable", False
    if word == "present" and change == "down" and old is not None and look["mri"] and old["mri"]:
        for sign in ("diffusion_restriction", "t2_mild_moderate"):
            if look.get(sign) == "yes" and old.get(sign) == "no":
                return "Viable", True
    return "Nonprogressing", False


def grades_of(case: Document, lesion: str, criteria: str) -> dict[int, Document]:
    """By day: the category of a lesion, whether for a sign on MRI alone, and what is odd."""
    found: dict[int, Document] = {}
    every, warned = looks(case, lesion), set()
    for place, look in enumerate(every):
        done = treated_by(case, lesion, look["day"])
        if done is None or (criteria == "lr-tr-2018" and done[1] == "margin"):
            continue
        category, by_sign, odd = None, False, []
        if "masslike" not in look and look.get("status") == "not evaluable":
            category = "Nonevaluable"
        elif "masslike" not in look:
            odd.append("NO_MASSLIKE")
        elif criteria == "lr-tr-2018":
            category = v2018(look)
        elif done[1] == "radiation":
            category, by_sign = v2024_radiation(look, look_to_compare(every[:place], done[0]))
            if category == "Viable" and done[0] not in warned:
                odd.append("ONE_SCAN_AFTER_RADIATION")
                warned.add(done[0])
        else:
            category, by_sign = v2024_plain(look)
        flags = ["by ancillary"] if by_sign else []
        found[look["day"]] = {
            "lesion": lesion, "category": category, "flags": flags, "problems": odd
        }  # fmt: skip
    return found


def graded(case: Document, criteria: str, answer: Document) -> Document:
    """The lines of an answer by other criteria, with grades in place of responses.

    The windows of the lines are those of the other oracle.
    """
    lesions = [each["id"] for each in case["lesions"]]
    by_lesion = {lesion: grades_of(case, lesion, criteria) for lesion in lesions}
    lines = []
    drugs = {
        line["start"]: bool(line["agents"]) and has_drug(line["agents"]) for line in case["lines"]
    }
    for line in answer["lines"]:
        rows = []
        for row in line["timepoints"]:
            each = [
                {
                    **grade,
                    "problems": sorted(
                        grade["problems"] + ["LR_TR_WITH_SYSTEMIC"] * drugs[line["start"]]
                    ),
                }
                for lesion in lesions
                for day, grade in by_lesion[lesion].items()
                if day in days_of_visit(case, row["date"])
            ]
            odd = sorted({word for grade in each for word in grade["problems"]})
            rows.append({"date": row["date"], "day": row["day"], "response": None,
                         "lesions": each, "problems": odd})  # fmt: skip
        lines.append({"line": line["line"], "start": line["start"], "baseline": line["baseline"],
                      "timepoints": rows, "best_response": None})  # fmt: skip
    return {"criteria": criteria, "lines": lines, "problems": []}


def has_drug(agents: list[str]) -> bool:
    names = {name for text in agents for name in agent_names(text)} - PROCEDURE_NAMES
    return any(not name.startswith("as written: ") for name in names)


def days_of_visit(case: Document, date: Any) -> set[int]:
    """The days of the examinations of the visit that a date is the first of."""
    (first,) = (each for each in case["timepoints"] if each["date"] == date)
    name = (first.get("visit") or "").strip()
    return {
        day_of(each["date"])
        for each in case["timepoints"]
        if each is first or (name and (each.get("visit") or "").strip() == name)
    }
