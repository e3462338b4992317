"""What each column of the tables that come in means, and what an empty cell of it says.

`INPUTS` lists the columns of `column_schema` and those that only some calls take, each once, in the
order in which they are documented.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .._base.words import Said
from .column_schema import COLUMNS, READER, REPORTED_BY, Field

__all__ = ["INPUTS", "INPUT_TABLES", "MEANINGS", "NO_VALUE"]

_MORE = (
    Field(f"{REPORTED_BY}NAME", "findings", "word", "timepoint", words=Said,
          without=(Said.ND,)),
    Field(READER, "findings", "id", "row"),
    Field(READER, "lines", "id", "line"),
    Field("patient", "patients", "id", "row", required=True),
    Field("patient", "markers", "id", "row", required=True),
    Field("date", "markers", "date", "row", required=True),
    Field("name", "markers", "id", "row", required=True),
    Field("value", "markers", "amount", "row", required=True),
    Field("unit", "markers", "id", "row", required=True),
    Field("patient", "decisions", "id", "row", required=True),
    Field("line", "decisions", "number", "row"),
    Field("date", "decisions", "date", "row"),
    Field("accepted", "decisions", "id", "row", required=True),
    Field("by", "decisions", "text", "row"),
    Field("reason", "decisions", "text", "row"),
)  # fmt: skip
"""Columns that only some calls take: of several readers, and tables beside findings."""

INPUT_TABLES: Mapping[str, str] = MappingProxyType({
    "findings": "one row per finding: what one examination says of one lesion",
    "lines": "one row per line of therapy; without the table each patient has one line, from the "
             "first examination on",
    "procedures": "one row per local treatment",
    "patients": "one row per patient, of columns that are carried on: an arm, a stage",
    "markers": "one row per laboratory value; never part of a verdict",
    "decisions": "one row per decision between readers, for `assess_readings`",
})  # fmt: skip
"""The tables that come in, and what one row of each is."""

INPUTS: tuple[Field, ...] = tuple(
    field for table in INPUT_TABLES for field in (*COLUMNS, *_MORE) if field.table == table
)
"""Every column that comes in, table by table."""

NO_VALUE = "nothing is known"
"""What an empty cell says where nothing else is written of it."""

_AS_OTHERS = "as other rows of the patient say, else nothing is known"
_MISTAKE = "a mistake"

MEANINGS: Mapping[tuple[str, str], tuple[str, str]] = MappingProxyType({
    ("findings", "patient"): ("who: any id, the same in every table", _MISTAKE),
    ("findings", "date"): ("when the images were taken", _MISTAKE),
    ("findings", "lesion"): (
        "the lesion's id, the same at every examination",
        "the row is an examination without findings"),
    ("findings", "organ"): (
        "where the lesion lies, in any words; paired organs are one organ",
        "the liver; of a lesion whose place nobody knows write unknown"),
    ("findings", "kind"): ("what sort of lesion it is", ""),
    ("findings", "hilar"): ("a lymph node at the porta hepatis", ""),
    ("findings", "enhancement"): (
        "whether the lesion takes up contrast in the arterial phase; one that does not is measured "
        "whole", ""),
    ("findings", "treated"): (
        "the lesion lies where local treatment was given, and has not progressed since", ""),
    ("findings", "part_of"): (
        "the id of the lesion of which this one is a fragment", "it is no fragment"),
    ("findings", "status"): (
        "what is said of the lesion without a number",
        "measured, where a size stands beside it; else a mistake"),
    ("findings", "viable_mm"): (
        "longest diameter of the part that enhances in the arterial phase", "not measured"),
    ("findings", "longest_mm"): ("longest diameter of the whole lesion", "not measured"),
    ("findings", "short_axis_mm"): ("short axis, of a lymph node", "not measured"),
    ("findings", "viable_perp_mm"): (
        "longest diameter perpendicular to `viable_mm`, in the same slice: EASL and RECICL",
        "not measured",
    ),
    ("findings", "longest_perp_mm"): (
        "longest diameter perpendicular to `longest_mm`, in the same slice: WHO and RECICL",
        "not measured",
    ),
    ("findings", "volume_viable_ml"): (
        "volume of the part that enhances in the arterial phase: a number for research, which no "
        "verdict reads", "not measured"),
    ("findings", "pattern"): ("the vascular pattern of a new nodule of the liver", ""),
    ("findings", "cytology"): ("cytology of an effusion", ""),
    ("findings", "biopsy"): ("biopsy of a new nodule of the liver", ""),
    ("findings", "equivocal"): ("the reader is not sure of this finding", ""),
    ("findings", "into"): (
        "the id of the lesion that this one has merged into; then neither a status nor a size "
        "stands beside it", "it has not merged"),
    ("findings", "masslike"): (
        "enhancement of a treated lesion that takes up space (LI-RADS treatment response); this "
        "and the columns up to `change` are read by `lr-tr-2018` and `lr-tr-2024` only",
        "nobody says"),
    ("findings", "aphe"): ("a treated lesion takes up contrast in the arterial phase", ""),
    ("findings", "washout"): ("a treated lesion shows washout", ""),
    ("findings", "like_before"): (
        "a treated lesion enhances as it did before treatment", ""),
    ("findings", "diffusion_restriction"): ("diffusion is restricted in a treated lesion", ""),
    ("findings", "t2_mild_moderate"): (
        "a treated lesion is mildly to moderately bright on T2", ""),
    ("findings", "change"): (
        "how mass-like enhancement compares with the examination before, in the reader's word",
        "by the sizes and words recorded before"),
    ("findings", "margin"): (
        "whether an ablative margin lies all round a treated nodule: RECICL",
        "not recorded",
    ),
    ("findings", "visit"): (
        "the same text joins examinations of several days into one, judged together",
        "the examination stands alone"),
    ("findings", "arterial_phase"): ("the examination has an arterial phase", ""),
    ("findings", "unmentioned"): (
        "what it says of a non-target lesion that the examination does not mention it", ""),
    ("findings", "reported"): (
        "the reader's own verdict, kept beside the computed one", "none was reported"),
    ("findings", "modality"): ("what the examination was made with", "nobody says"),
    ("findings", f"{REPORTED_BY}NAME"): (
        "the reader's verdict by the criteria NAME (mrecist, recist-1.1 or any other): one column "
        "for each", "none was reported"),
    ("findings", READER): (
        "who read the images: each reader is judged alone (`assess_readings`)", _MISTAKE),
    ("lines", "patient"): ("who", _MISTAKE),
    ("lines", "start"): ("the first day of the line", _MISTAKE),
    ("lines", "stop"): ("the last day of treatment", "it goes on, or nobody knows"),
    ("lines", "end_reason"): (
        "why the line ended", "progression where the line has one, else unknown"),
    ("lines", "agents"): ("what was given", "unknown"),
    ("lines", "baseline"): (
        "the date of the examination that is the baseline",
        "the latest examination on or before the start"),
    ("lines", "targets"): (
        "the target lesions, as the reader chose them; `;` alone: none",
        "chosen by the criteria"),
    ("lines", "nontargets"): (
        "the non-target lesions, as the reader chose them; `;` alone: none",
        "chosen by the criteria"),
    ("lines", "death"): ("the day of death", _AS_OTHERS),
    ("lines", "last_contact"): ("the last day on which the patient was known alive", _AS_OTHERS),
    ("lines", READER): (
        "whose baseline, targets and non-targets the row holds",
        "the row holds for every reader"),
    ("procedures", "patient"): ("who", _MISTAKE),
    ("procedures", "date"): ("the day of the treatment", _MISTAKE),
    ("procedures", "kind"): ("what was done: TACE, RFA, resection, or any other text", _MISTAKE),
    ("procedures", "lesions"): ("the lesions treated", "nobody says which"),
    ("procedures", "text"): ("anything else", ""),
    ("patients", "patient"): (
        "who; beside it stand the columns that `keep=` names", _MISTAKE),
    ("markers", "patient"): ("who", _MISTAKE),
    ("markers", "date"): ("the day of the sample", _MISTAKE),
    ("markers", "name"): ("what was measured: AFP, PIVKA-II", _MISTAKE),
    ("markers", "value"): (
        "the result; `<3` is a result below the limit of the assay", _MISTAKE),
    ("markers", "unit"): ("the unit of the result", _MISTAKE),
    ("decisions", "patient"): ("who", _MISTAKE),
    ("decisions", "line"): (
        "the number of the line, from 1", "every line of the patient that the reader read"),
    ("decisions", "date"): (
        "the follow-up from which on the reader is accepted, where the review decides by time "
        "point", "the whole line"),
    ("decisions", "accepted"): ("the reader whose reading stands", _MISTAKE),
    ("decisions", "by"): ("who decided", "the adjudicator of the review"),
    ("decisions", "reason"): ("why", ""),
})  # fmt: skip
"""By table and column: its meaning, and what an empty cell says where it has no default."""
