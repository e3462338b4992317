"""Every column of the tables that go out: what it holds, and when it is empty.

In names TIME stands for each time to an event (`pfs`, `os`, ...), READER for each reader, WORD for
each word that is compared. A test holds these lists equal to what is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from .._base.words import (
    BclcProgression,
    Cause,
    Code,
    EndReason,
    Exposure,
    Growth,
    Invasion,
    NewLesion,
    NonTarget,
    ProgressionCode,
    Response,
    Target,
)

__all__ = [
    "NEVER_EMPTY",
    "OUTPUTS",
    "READER",
    "STATISTICS",
    "TIME",
    "WORD",
    "Output",
    "OutputTable",
]

TIME, READER, WORD = "TIME", "READER", "WORD"
"""What stands in a name for each of several."""

NEVER_EMPTY = "never"
"""When a cell is empty, of a column that is always filled."""


@attrs.frozen
class Output:
    """One column: its name, what kind of value it holds, its meaning, and when it is empty.

    `kind` is `id`, `number`, `days`, `mm`, `percent`, `share`, `date`, `flag`, `word`, `words`
    (several, joined by `;`), `lesions`, `agents`, `codes` or `text`. `words` is the closed list.
    """

    name: str
    kind: str
    meaning: str
    empty: str = NEVER_EMPTY
    words: type[Code] | tuple[str, ...] | None = attrs.field(default=None, kw_only=True)


@attrs.frozen
class OutputTable:
    """A table that goes out: where it comes from, what one row is, and its columns."""

    source: str
    row: str
    columns: tuple[Output, ...]


_PATIENT = Output("patient", "id", "who, as the id came in")
_LINE = Output("line", "number", "number of the line of the patient, by start, from 1")
_OF_LINE = (_PATIENT, _LINE)
_NO_PROGRESSION = "without progression"
_NO_TIME = "the line has no such time"

_TIMEPOINTS = (
    *_OF_LINE,
    Output("date", "date", "date of the follow-up, the first of its visit"),
    Output("day", "days", "days since the start of the line"),
    Output("total_mm", "mm", "sum of the sizes of the targets", "some target is not evaluable"),
    Output("nadir_mm", "mm", "smallest sum before, the baseline included", "no sum before"),
    Output("baseline_total_mm", "mm", "sum at the baseline", "no sum at the baseline"),
    Output("target", "word", "response of the targets", words=Target),
    Output("nontarget", "word", "response of the non-targets", words=NonTarget),
    Output("new_lesion", "word", "whether there is a new lesion", words=NewLesion),
    Output("computed", "word", "response by the rules", words=Response),
    Output("reported", "word", "response that the reader reported", "none was reported",
           words=Response),
    Output("agrees", "flag", "whether computed and reported are the same",
           "there are no two to compare"),
    Output("response", "word", "the response that counts", words=Response),
    Output("source", "word", "which of the two `response` is", words=("computed", "reported")),
    Output("rules", "codes", "the rules that decided, in the order of the steps"),
    Output("problems", "codes", "what is odd about the time point (`mrecist rules --problems`)",
           "nothing is"),
)  # fmt: skip

_LINES = (
    *_OF_LINE,
    Output("agents", "agents", "what was given", "unknown"),
    Output("start", "date", "first day of the line"),
    Output("baseline", "date", "date of the baseline", "the line has none"),
    Output("targets", "lesions", "the target lesions", "there are none"),
    Output("nontargets", "lesions", "the non-target lesions", "there are none"),
    Output("best_response", "word", "best response; ND without a follow-up", words=Response),
    Output("confirmed_best_response", "word", "best response of which CR and PR are confirmed",
           words=Response),
    Output("progression_date", "date", "date of the first progression", _NO_PROGRESSION),
    Output("progression_causes", "words", "what the progression rests on", _NO_PROGRESSION,
           words=Cause),
    Output("exposure", "word", "what the line is to its agents, by the lines before",
           words=Exposure),
    Output("rechallenge_of", "number", "latest earlier line with one of the agents",
           "there is none"),
    Output("problems", "codes", "what is odd about the line (`mrecist rules --problems`)",
           "nothing is"),
)  # fmt: skip

_ERRORS = (
    Output("patient", "id", "who is not judged", "the row names nobody"),
    Output("row", "number", "row of the table, from 0", "the mistake is of no one row"),
    Output("column", "text", "column; those of other tables as `lines.start`"),
    Output("error", "text", "what is wrong, with the value and what it must be"),
)

_NOTES = (
    Output("patient", "id", "who", "the note is about the whole table"),
    Output("rows", "codes", "rows of the findings from 0, those of the lines as `lines.0`",
           "the note is about all rows"),
    Output("code", "text", "kind of note (`mrecist rules --notes`)"),
    Output("what", "text", "what stands in the data"),
    Output("probably_meant", "text", "what it may be meant for"),
)  # fmt: skip

_ENDPOINTS = (
    *_OF_LINE,
    Output("objective_response", "flag", "best response is CR or PR"),
    Output("confirmed_objective_response", "flag", "the same of the confirmed best response"),
    Output("disease_control", "flag", "best response is a response or stable disease"),
    Output("confirmed_disease_control", "flag", "the same of the confirmed best response"),
    Output("baseline_total_mm", "mm", "sum at the baseline", "no sum at the baseline"),
    Output("deepest_total_mm", "mm", "smallest complete sum up to the first progression",
           "there is none"),
    Output("depth_percent", "percent", "its change from the baseline; negative: a fall",
           "there is none"),
    Output("early_shrinkage", "flag", "whether the sum had fallen at the first follow-up",
           "there is no sum to compare"),
    Output("TIME_days", "days", "the time", _NO_TIME),
    Output("TIME_event", "flag", "true: an event; false: censored", _NO_TIME),
    Output("TIME_end", "date", "date of the event or of censoring", _NO_TIME),
    Output("TIME_rule", "text", "clause of the policy that decided (`mrecist rules fda-a`)",
           _NO_TIME),
    Output("growth_ratio", "number", "growth modulation index: time to progression by that of the "
           "line before", "no earlier line to compare with"),
    Output("growth", "word", "whether the index is met", "no earlier line to compare with",
           words=Growth),
    Output("growth_rule", "text", "rule of the index that decided",
           "no earlier line to compare with"),
    Output("problems", "codes", "what is odd about the dates", "nothing is"),
)  # fmt: skip

_PATTERNS = (
    *_OF_LINE,
    Output("progression_date", "date", "date of the first progression", _NO_PROGRESSION),
    Output("codes", "words", "growth (G) or new (N), within the liver (IH) or outside it (EH)",
           f"{_NO_PROGRESSION}, or unknown", words=ProgressionCode),
    Output("dominant", "word", "the worst of them", _NO_PROGRESSION, words=ProgressionCode),
    Output("tumour_in_vein", "word", "tumour in vein at the progression", _NO_PROGRESSION,
           words=Invasion),
    Output("bclc", "word", "BCLC stage upon progression", _NO_PROGRESSION, words=BclcProgression),
)  # fmt: skip

_UNTREATABLE = (
    *_OF_LINE,
    Output("ttup_days", "days", "time to untreatable progression"),
    Output("ttup_event", "flag", "true: an event; false: censored"),
    Output("ttup_end", "date", "date of the event or of censoring"),
    Output("ttup_part", "word", "the part of the definition that came first",
           words=("progression", "stop", "decline", "death", "censored")),
)  # fmt: skip

_NO_BOUND = "there is no such bound"
_RECHALLENGES = (
    *_OF_LINE,
    Output("agents", "agents", "agents that both lines have"),
    Output("exposure", "word", "what the line is to its agents", words=Exposure),
    Output("rule", "text", "rule that says so"),
    Output("earlier_line", "number", "latest earlier line with one of the agents"),
    Output("earlier_end_reason", "word", "why that line ended", "unknown", words=EndReason),
    Output("end_reason_recorded", "flag", "whether that reason was recorded or follows from a "
           "progression", "unknown"),
    Output("drug_free_days", "days", "from the end of that line to the start of this one",
           "the end is unknown"),
    Output("lines_between", "number", "lines between the two"),
    Output("best_response_before", "word", "best response of the earlier line", words=Response),
    Output("best_response_again", "word", "best response of this line", words=Response),
    Output("confirmed_best_response_before", "word", "the same, confirmed", words=Response),
    Output("confirmed_best_response_again", "word", "the same, confirmed", words=Response),
    Output("days_before_low", "days", "least days on treatment in the earlier line", _NO_BOUND),
    Output("days_before_high", "days", "most days on treatment in the earlier line", _NO_BOUND),
    Output("days_again_low", "days", "least days on treatment in this line", _NO_BOUND),
    Output("days_again_high", "days", "most days on treatment in this line", _NO_BOUND),
    Output("ratio_low", "number", "least ratio of days, again by before", _NO_BOUND),
    Output("ratio_high", "number", "greatest ratio of days, again by before", _NO_BOUND),
)  # fmt: skip

_NONE_TO_COUNT = "no line to count"
_NO_INTERVAL = "no line to count; the column is absent with level=None"
_SHARES = (
    Output("responders", "number", "lines with CR or PR"),
    Output("response_rate", "share", "their share of `lines`", _NONE_TO_COUNT),
    Output("response_low", "share", "lower limit of its exact interval", _NO_INTERVAL),
    Output("response_high", "share", "upper limit of its exact interval", _NO_INTERVAL),
    Output("controlled", "number", "lines with a response or stable disease"),
    Output("control_rate", "share", "their share of `lines`", _NONE_TO_COUNT),
    Output("control_low", "share", "lower limit of its exact interval", _NO_INTERVAL),
    Output("control_high", "share", "upper limit of its exact interval", _NO_INTERVAL),
)
_RATES = (
    Output("criteria", "text", "name of the criteria"),
    Output("line", "number", "number of the line; only with by=\"line\""),
    Output("agents", "agents", "what was given; only with by=\"agents\"", "unknown"),
    Output("lines", "number", "lines counted: all but those without disease"),
    Output("without_disease", "number", "lines without disease at the baseline, not counted"),
    *_SHARES,
)  # fmt: skip
_RECHALLENGE_RATES = (
    Output("criteria", "text", "name of the criteria"),
    Output("response_before", "text", "best response of the earlier line, or all"),
    Output("lines", "number", "rechallenges counted"),
    Output("patients", "number", "patients behind them"),
    Output("without_disease", "number", "rechallenges without disease at the baseline, not "
           "counted"),
    *_SHARES,
)  # fmt: skip

_FIRED = (
    Output("table", "text", "decision table (`mrecist rules`)"),
    Output("rule", "text", "id of the rule"),
    Output("verdict", "text", "what it decides"),
    Output("times", "number", "how often it decided"),
    Output("source", "text", "paper or reading behind it"),
)

_MEDIANS = (
    Output("line", "number", "number of the line; only with by=\"line\""),
    Output("agents", "agents", "what was given; only with by=\"agents\"", "unknown"),
    Output("lines", "number", "lines with such a time"),
    Output("events", "number", "events among them"),
    Output("median_days", "days", "Kaplan-Meier median", "not reached"),
    Output("median_days_low", "days", "lower limit of its interval", "not reached"),
    Output("median_days_high", "days", "upper limit of its interval", "not reached"),
)  # fmt: skip

_ADTTE = (
    Output("USUBJID", "id", "who"),
    Output("LINE", "number", "number of the line"),
    Output("PARAMCD", "text", "time to an event, in capitals"),
    Output("PARAM", "text", "its name"),
    Output("STARTDT", "date", "first day"),
    Output("ADT", "date", "date of the event or of censoring"),
    Output("AVAL", "days", "ADT less STARTDT, without a day added"),
    Output("CNSR", "number", "0: an event; 1: censored"),
    Output("EVNTDESC", "text", "clause that decided"),
)

_OF_READER = (
    Output("reader", "id", "who read the images"),
    Output("accepted", "flag", "whether this reading stands"),
)


def _by_reader(columns: tuple[Output, ...]) -> tuple[Output, ...]:
    """The columns of a table with those of the reader behind the patient."""
    return columns[0], *_OF_READER, *columns[1:]


_NOT_READ = "the reader did not read the line"
_DISCORDANCE = (
    *_OF_LINE,
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
            ("", ""), ("_se", ": standard error"), ("_low", ": lower limit"),
            ("_high", ": upper limit"),
        )
    )  # fmt: skip


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
    "timepoints": OutputTable(
        "mrecist cohort; Responses.timepoints", "one row per follow-up of a line", _TIMEPOINTS),
    "lines": OutputTable(
        "mrecist cohort; Responses.lines", "one row per line of therapy", _LINES),
    "notes": OutputTable(
        "mrecist cohort; Responses.notes",
        "one row per note on what may be meant otherwise than it is read", _NOTES),
    "errors": OutputTable(
        "mrecist cohort, endpoints, readings; Responses.errors", "one row per mistake", _ERRORS),
    "endpoints": OutputTable(
        "mrecist endpoints; Responses.endpoints(policy).table", "one row per line", _ENDPOINTS),
    "medians": OutputTable(
        "Endpoints.medians", "one row per group of lines", _MEDIANS),
    "adtte": OutputTable(
        "Endpoints.adtte", "one row per line and time", _ADTTE),
    "patterns": OutputTable(
        "Responses.patterns", "one row per line: how it progressed", _PATTERNS),
    "untreatable": OutputTable(
        "Responses.untreatable", "one row per line", _UNTREATABLE),
    "rechallenges": OutputTable(
        "Responses.rechallenges", "one row per line that shares an agent with an earlier one",
        _RECHALLENGES),
    "rechallenge_rates": OutputTable(
        "Responses.rechallenge_rates", "one row per earlier response", _RECHALLENGE_RATES),
    "rates": OutputTable(
        "Responses.rates", "one row per group of lines", _RATES),
    "fired": OutputTable(
        "Responses.fired", "one row per rule", _FIRED),
    "readings.timepoints": OutputTable(
        "mrecist readings; Readings.timepoints", "one row per follow-up and reader",
        _by_reader(_TIMEPOINTS)),
    "readings.lines": OutputTable(
        "mrecist readings; Readings.lines", "one row per line and reader", _by_reader(_LINES)),
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
