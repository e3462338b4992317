"""Every table that goes out, by name: those of a cohort, of several readers, and of a study.

In names READER stands for each reader, WORD for each word that is compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .._base.words import Response
from .output_columns import COHORT_OUTPUTS, Output, OutputTable

__all__ = ["OUTPUTS", "STATISTICS"]

_OF_READER = (
    Output("reader", "id", "who read the images"),
    Output("accepted", "flag", "whether this reading stands"),
)


def _by_reader(columns: tuple[Output, ...]) -> tuple[Output, ...]:
    """The columns of a table with those of the reader behind the patient."""
    return columns[0], *_OF_READER, *columns[1:]


_NOT_READ = "the reader did not read the line"
_DISCORDANCE = (
    *COHORT_OUTPUTS["lines"].columns[:2],
    Output("state", "word", "how the line stands", words=(
        "none", "one reader", "agreed", "adjudicated", "pending")),
    Output("accepted", "id", "the reader whose reading stands", "none does"),
    Output("by", "text", "who decided", "nobody had to"),
    Output("triggers", "codes", "triggers of the review that fired", "none fired"),
    Output("best_response_READER", "word", "best response", _NOT_READ, words=Response),
    Output("confirmed_best_response_READER", "word", "the same, confirmed", _NOT_READ,
           words=Response),
    Output("progression_date_READER", "date", "date of the first progression",
           f"{_NOT_READ}, or saw none"),
    Output("response_date_READER", "date", "first CR or PR before it",
           f"{_NOT_READ}, or saw none"),
    Output("targets_READER", "lesions", "the target lesions", f"{_NOT_READ}, or chose none"),
    Output("baseline_total_mm_READER", "mm", "sum at the baseline",
           f"{_NOT_READ}, or there is no sum"),
    Output("reason", "text", "why it was decided so", "nobody says"),
    Output("problems", "codes", "what is odd: NOT_ADJUDICATED, DECISION_UNASKED", "nothing is"),
)  # fmt: skip

STATISTICS: Mapping[str, str] = MappingProxyType(
    {
        "kappa": "Cohen's kappa of two readers",
        "kappa_linear": "the same with linear weights",
        "kappa_quadratic": "the same with quadratic weights",
        "ac1": "Gwet's AC1",
        "ac2_linear": "Gwet's AC2 with linear weights",
        "ac2_quadratic": "the same with quadratic weights",
        "ac2_ordinal": "the same with ordinal weights",
        "fleiss": "Fleiss' kappa of all readers",
        "objective_kappa": "Cohen's kappa on response or none",
        "control_kappa": "Cohen's kappa on disease control or none",
    }
)
"""The statistics of agreement; each has a column and three more, `_se`, `_low` and `_high`."""

_NO_ESTIMATE = "it cannot be computed"


def _estimates(*names: str) -> tuple[Output, ...]:
    """A statistic with its standard error and its interval."""
    return tuple(
        Output(f"{name}{end}", "number", f"{what}{told}", _NO_ESTIMATE)
        for name in names
        for what in [STATISTICS[name]]
        for end, told in (
            ("", ""),
            ("_se", ": standard error"),
            ("_low", ": lower limit"),
            ("_high", ": upper limit"),
        )
    )


_AGREEMENT = (
    Output("of", "word", "what is compared",
           words=("best_response", "confirmed_best_response", "response")),
    Output("readers", "text", "the two readers, or all"),
    Output("n", "number", "rows that both read; in the row all, that anyone read"),
    Output("patients", "number", "patients behind them"),
    Output("left_out", "number", "rows with a word that is not compared"),
    Output("words", "text", "words that are compared, in order"),
    Output("agree", "number", "rows on which all agree"),
    Output("agreement", "share", "their share", _NO_ESTIMATE),
    Output("agreement_low", "share", "lower limit of its exact interval", _NO_ESTIMATE),
    Output("agreement_high", "share", "upper limit of its exact interval", _NO_ESTIMATE),
    *_estimates(*list(STATISTICS)[:8]),
    Output("positive_WORD", "share", "agreement on one word: positive agreement of two readers",
           _NO_ESTIMATE),
    *_estimates(*list(STATISTICS)[8:]),
)  # fmt: skip

_REPORTED = (
    Output("patient", "id", "who"),
    Output("reader", "id", "who said so", "nobody is named"),
    Output("date", "date", "date of the verdict", "unknown"),
    Output("test", "text", "what was judged, as the source names it", "unknown"),
    Output("criteria", "text", "by which criteria, as the source names them", "unknown"),
    Output("response", "text", "the verdict, as it came"),
    Output("source", "text", "file, or data set"),
    Output("row", "number", "row of it, from 0", "it has no rows"),
)
_PROBLEMS = (
    Output("patient", "id", "who", "it is about the whole source"),
    Output("source", "text", "file, or data set"),
    Output("row", "number", "row of it, from 0", "it is of no one row"),
    Output("code", "text", "kind of problem"),
    Output("detail", "text", "what was left out, or read in a way to know of"),
)
_MISTAKES = (
    Output("patient", "id", "who is not judged", "the source names nobody"),
    Output("source", "text", "file, or data set"),
    Output("row", "number", "row of it, from 0", "it is of no one row"),
    Output("column", "text", "column, or cell as `Lesions!D7`"),
    Output("code", "text", "kind of mistake"),
    Output("error", "text", "what is wrong, with the value and what it must be"),
)

_STATUS = (
    Output("patient", "id", "who"),
    Output("date", "date", "when it was said", "unknown"),
    Output("code", "text", "the code of what was said"),
    Output("display", "text", "what was said: never a verdict", "the code has no words"),
    Output("source", "text", "file, or resource"),
)

OUTPUTS: Mapping[str, OutputTable] = MappingProxyType({
    **COHORT_OUTPUTS,
    "readings.timepoints": OutputTable(
        "mrecist readings; Readings.timepoints", "one row per follow-up and reader",
        _by_reader(COHORT_OUTPUTS["timepoints"].columns)),
    "readings.lines": OutputTable(
        "mrecist readings; Readings.lines", "one row per line and reader",
        _by_reader(COHORT_OUTPUTS["lines"].columns)),
    "discordance": OutputTable(
        "mrecist readings; Readings.discordance", "one row per line: where readers differ",
        _DISCORDANCE),
    "agreement": OutputTable(
        "mrecist readings; Readings.agreement(of).table",
        "one row per pair of readers, and one for all", _AGREEMENT),
    "study.reported": OutputTable(
        "mrecist convert; Study.reported", "one row per verdict that came with the data",
        _REPORTED),
    "study.status": OutputTable(
        "mrecist convert; Study.status", "one row per statement of a clinician on the course",
        _STATUS),
    "study.problems": OutputTable(
        "mrecist convert; Study.problems",
        "one row per thing left out, or read in a way to know of", _PROBLEMS),
    "study.errors": OutputTable(
        "mrecist convert; Study.errors", "one row per mistake of the source", _MISTAKES),
})  # fmt: skip
"""Every table that goes out, by name."""
