"""The columns of the tables of a cohort that go out: what each holds, and when it is empty.

In a name TIME stands for each time to an event (`pfs`, `os`, ...). A test holds these lists equal
to what is written. `output_tables` has the tables of readers and studies besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from .._base.words import (
    BclcProgression,
    Category,
    Cause,
    Code,
    EndReason,
    Exposure,
    Growth,
    ImmuneResponse,
    Invasion,
    NewLesion,
    NonTarget,
    ProgressionCode,
    Response,
    Target,
)

__all__ = ["COHORT_OUTPUTS", "NEVER_EMPTY", "Output", "OutputTable"]

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
    Output("best_response_date", "date", "date of the follow-up that first shows it",
           "without a follow-up"),
    Output("confirmed_best_response_date", "date",
           "the same of the confirmed one; of CR and PR the date of what was confirmed",
           "without a follow-up"),
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
    Output("rows", "codes", "rows of the findings from 0, others as `lines.0`, `procedures.0`",
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

_SUBGROUPS = (
    Output("criteria", "text", "name of the criteria"),
    Output("subgroup", "text", "column that groups the lines, or all"),
    Output("value", "text", "what the lines of the group have in it",
           "the row is of all lines, or nobody says"),
    *_RATES[3:],
)  # fmt: skip
_PATTERN_RATES = (
    _RATES[0], _RATES[1], _RATES[2],
    Output("pattern", "word", "what the progression shows, or none", words=(
        "IHG", "NIH", "EHG", "NEH", "none")),
    Output("progressed", "number", "lines that progressed"),
    Output("shown", "number", "those that show the pattern"),
    Output("pattern_rate", "share", "their share", _NONE_TO_COUNT),
    Output("pattern_low", "share", "lower limit of its exact interval", _NO_INTERVAL),
    Output("pattern_high", "share", "upper limit of its exact interval", _NO_INTERVAL),
)  # fmt: skip
_TIDY = (
    *_OF_LINE,
    Output("days", "days", "the time"),
    Output("event", "flag", "true: an event; false: censored"),
)

_LESIONS = (
    Output("patient", "id", "who, as the id came in"),
    Output("line", "number", "number of the line of the patient, by start, from 1"),
    Output("date", "date", "date of the follow-up, the first of its visit"),
    Output("lesion", "id", "the treated lesion"),
    *(Output(f"lr_tr_{year}", "word", f"category by LI-RADS treatment response v{year}",
             "it has none", words=Category) for year in (2018, 2024)),
    Output("treatment", "text", "the procedure by which it was treated last", "none is known"),
    Output("treated_on", "date", "the day of it", "none is known"),
    Output("size_mm", "mm", "size of the enhancing part", "there is none"),
    Output("flags", "text", "what else counted", "nothing else did"),
    Output("problems", "words", "what is odd (`mrecist rules --problems`)", "nothing is"),
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

_IMMUNE_TIMEPOINTS = (
    *_OF_LINE,
    *(each for each in _TIMEPOINTS if each.name in {
        "date", "day", "total_mm", "nadir_mm", "baseline_total_mm", "target", "nontarget",
    }),
    Output("new_total_mm", "mm", "sum of the new lesions that are measured", "none is seen"),
    Output("new_lesion", "word", "whether a new lesion is there", words=NewLesion),
    Output("computed", "word", "response by the rules", words=ImmuneResponse),
    Output("reported", "word", "response that the reader reported", "none was reported",
           words=ImmuneResponse),
    *(each for each in _TIMEPOINTS if each.name == "agrees"),
    Output("response", "word", "the response that counts", words=ImmuneResponse),
    *(each for each in _TIMEPOINTS if each.name in {"source", "problems"}),
)  # fmt: skip

_IMMUNE_LINES = (
    *(each for each in _LINES if each.name in {
        "patient", "line", "agents", "start", "baseline", "targets", "nontargets",
    }),
    Output("best_response", "word", "best response up to the first confirmed progression (iBOR)",
           words=ImmuneResponse),
    Output("confirmed_best_response", "word", "the same, iCR and iPR when confirmed",
           words=ImmuneResponse),
    Output("progression_date", "date",
           "first scan of the unconfirmed progression that was confirmed", "none was confirmed"),
    Output("progression_causes", "codes", "what it, or what is pending, rests on", "neither"),
    Output("confirmed_date", "date", "scan that confirmed it", "none was confirmed"),
    Output("pending_date", "date", "first scan of a progression unconfirmed at the end",
           "none is pending"),
    *(each for each in _LINES if each.name in {"exposure", "rechallenge_of", "problems"}),
)  # fmt: skip

COHORT_OUTPUTS: Mapping[str, OutputTable] = MappingProxyType({
    "timepoints": OutputTable(
        "mrecist cohort; Responses.timepoints", "one row per follow-up of a line", _TIMEPOINTS),
    "lines": OutputTable(
        "mrecist cohort; Responses.lines", "one row per line of therapy", _LINES),
    "lesions": OutputTable(
        "mrecist cohort; Responses.lesions",
        "one row per follow-up and lesion with a local treatment", _LESIONS),
    "immune_timepoints": OutputTable(
        "ImmuneResponses.timepoints", "one row per follow-up of a line, by "
        "iRECIST; by imRECIST the words have no i and the totals have the new lesions",
        _IMMUNE_TIMEPOINTS),
    "immune_lines": OutputTable(
        "ImmuneResponses.lines", "one row per line of therapy, by iRECIST; by "
        "imRECIST the words have no i and a progression may be unconfirmed", _IMMUNE_LINES),
    "notes": OutputTable(
        "mrecist cohort; Responses.notes",
        "one row per note on what may be misread", _NOTES),
    "errors": OutputTable(
        "mrecist cohort, endpoints, readings; Responses.errors", "one row per mistake", _ERRORS),
    "endpoints": OutputTable(
        "mrecist endpoints; Responses.endpoints(policy).table", "one row per line", _ENDPOINTS),
    "tidy": OutputTable(
        "Endpoints.tidy", "one row per line with such a time, for models", _TIDY),
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
    "subgroups": OutputTable(
        "Responses.subgroups", "one row for all lines, then one per group of each column",
        _SUBGROUPS),
    "pattern_rates": OutputTable(
        "Responses.pattern_rates", "one row per group of lines and pattern", _PATTERN_RATES),
    "fired": OutputTable(
        "Responses.fired", "one row per rule", _FIRED),
})  # fmt: skip
"""Every table of a cohort that goes out, by name."""
