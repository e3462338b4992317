"""Short spelling of charts of one or more lines, for tests that assert what each visit says.

    line("L:liver N:node", {0: "L=40 N=12", 60: "L=20 N=absent"})

A lesion is `ID:KIND`, with `/` before the id of the lesion that it is a fragment of, and flags
after `+`. What a visit says is `ID=WORD`: a size, a status, `>ID` for merged, with more after `,`.
`!blind`, `!unchanged`, `!visit=V` and `!reported=CR` tell of the examination.
"""

from __future__ import annotations

from typing import Any

from mrecist import (
    MRECIST,
    Assessment,
    Criteria,
    Finding,
    Lesion,
    LineAssessment,
    Patient,
    Procedure,
    TherapyLine,
    Timepoint,
    assess,
)

KINDS: dict[str, tuple[str, str]] = {
    "liver": ("liver", "nodule"),
    "lung": ("lung", "nodule"),
    "brain": ("brain", "nodule"),
    "node": ("axilla", "node"),
    "hilar": ("porta hepatis", "node"),
    "vein": ("portal vein", "thrombus"),
    "mass": ("liver", "infiltrative"),
    "bone": ("bone", "other"),
    "effusion": ("pleura", "effusion"),
}
WORDS = {
    "typical": {"pattern": "typical"},
    "atypical": {"pattern": "atypical"},
    "malignant": {"pattern": "malignant"},
    "cytology": {"cytology": "positive"},
    "biopsy": {"biopsy": "positive"},
    "benign": {"biopsy": "negative"},
    "equivocal": {"equivocal": True},
}


def lesions(text: str) -> dict[str, tuple[Lesion, str]]:
    """The lesions by id, each with the size that a bare number gives it."""
    found = {}
    for each in text.split():
        name, _, kind = each.partition(":")
        kind, *flags = kind.split("+")
        kind, _, parent = kind.partition("/")
        where, of = KINDS[kind]
        more: dict[str, Any] = dict.fromkeys(flags, True) | (
            {"hilar": True} if kind == "hilar" else {}
        )
        size = {"liver": "viable_mm", "node": "short_axis_mm", "hilar": "short_axis_mm"}
        lesion = Lesion(name, where, of, part_of=parent or None, **more)
        found[name] = (lesion, size.get(kind, "longest_mm"))
    return found


def finding(text: str, made: dict[str, tuple[Lesion, str]]) -> Finding:
    name, _, said = text.partition("=")
    more: dict[str, Any] = {}
    for word in said.split(","):
        if word in WORDS:
            more |= WORDS[word]
        elif word.startswith(">"):
            more["into"] = word[1:]
        elif word[:1].isdigit():
            more[made[name][1]] = word
        elif word[0] in "wv" and word[1:2].isdigit():
            more[{"w": "longest_mm", "v": "viable_mm"}[word[0]]] = word[1:]
        else:
            more["status"] = word.replace("_", " ")
    return Finding(name, **more)


def timepoint(day: int, text: str, made: dict[str, tuple[Lesion, str]]) -> Timepoint:
    findings, more = [], {}
    for each in text.split():
        if each == "!blind":
            more["arterial_phase"] = False
        elif each == "!unchanged":
            more["unmentioned"] = "unchanged"
        elif each.startswith("!"):
            key, _, word = each[1:].partition("=")
            more[key] = word
        else:
            findings.append(finding(each, made))
    return Timepoint(day, findings, **more)


def judged(
    text: str,
    visits: dict[int, str],
    *lines: TherapyLine,
    criteria: Criteria = MRECIST,
    procedures: tuple[Procedure, ...] = (),
    **line: Any,
) -> Assessment:
    """A patient judged; one line of sorafenib from day 0 where none is given."""
    made = lesions(text)
    patient = Patient(
        "P",
        [lesion for lesion, _ in made.values()],
        [timepoint(day, said, made) for day, said in visits.items()],
        lines or (TherapyLine(["sorafenib"], 0, **line),),
        procedures=procedures,
    )
    return assess(patient, criteria=criteria)


def line(text: str, visits: dict[int, str], *lines: TherapyLine, **more: Any) -> LineAssessment:
    """The last line of a patient judged."""
    return judged(text, visits, *lines, **more).lines[-1]


def responses(assessed: LineAssessment) -> str:
    """The responses of a line, in order."""
    return " ".join(str(each.response) for each in assessed.timepoints)


def news(assessed: LineAssessment) -> str:
    """What each follow-up says of new lesions, in order."""
    return " ".join(str(each.new_lesion) for each in assessed.timepoints)


def noted(assessed: LineAssessment, lesion: str, at: int = -1) -> str:
    """What the note on a lesion says at a follow-up."""
    (note,) = [each for each in assessed.timepoints[at].lesions if each.lesion == lesion]
    return f"{note.role}: {note.note}"


def problems(assessed: LineAssessment, at: int = -1) -> str:
    """The problems of a follow-up."""
    return " ".join(assessed.timepoints[at].problems.words)
