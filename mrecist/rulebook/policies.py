"""Policies of censoring as values: what counts as an event, and what ends the follow-up before it.

A policy answers each `Situation` with a `Clause`: its effect, a sentence, and where it comes from.
A policy of one's own is `attrs.evolve(FDA_A, name="mine", new_therapy=EMA_ITT.new_therapy)`, or
with a clause of one's own. Missed assessments are judged where a schedule is given:
`attrs.evolve(FDA_A, schedule=Schedule([(0, 42), (336, 63)], window_days=7))`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from numbers import Integral
from string import Formatter
from typing import TYPE_CHECKING, Any, TypeVar, cast

import attrs

from .._base import converters, html
from .._base.converters import shown
from .._base.errors import CriteriaError
from .._base.later import Later
from .._base.pickling import ReadOnly
from .._base.words import Effect, Situation
from . import readings
from .papers import EMA_PFS, FDA_ENDPOINTS, SORAMIC, Citation, Evidence
from .readings import Reading

if TYPE_CHECKING:
    import numpy as np
else:
    np = Later("numpy")

__all__ = [
    "EMA_ITT",
    "FDA_A",
    "POLICIES",
    "Clause",
    "Policy",
    "Schedule",
    "policy_named",
    "to_progression",
]

T = TypeVar("T")


def _pairs(intervals: Any) -> tuple[tuple[int, int], ...]:
    try:
        pairs = [tuple(pair) for pair in intervals]
    except TypeError:
        told = f"schedule: must be pairs such as [(0, 56)], got {shown(intervals)}"
        raise CriteriaError(told) from None
    for pair in pairs:
        if len(pair) != 2 or not all(map(_is_whole, pair)):
            told = f"schedule: an interval must be a pair of whole numbers, got {shown(pair)}"
            raise CriteriaError(told)
    return tuple((int(first), int(every)) for first, every in pairs)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _window(value: Any) -> int:
    try:
        return converters.whole(value, 0)
    except ValueError as error:
        raise CriteriaError(f"schedule: window_days {error}") from None


@attrs.frozen
class Schedule:
    """When assessments are due: `intervals` are pairs (from day, every so many days).

    Days count from the start of the line. `Schedule([(0, 42), (336, 63)])` is every six weeks, and
    every nine from day 336 on. An assessment may be `window_days` late. Raises `CriteriaError`.
    """

    intervals: tuple[tuple[int, int], ...] = attrs.field(converter=_pairs)
    window_days: int = attrs.field(default=0, converter=_window, kw_only=True)

    def __attrs_post_init__(self) -> None:
        begins = [first for first, _ in self.intervals]
        if not begins:
            raise CriteriaError("schedule: must have an interval, such as (0, 56)")
        if begins[0] != 0:
            raise CriteriaError(f"schedule: the first interval must be from day 0, got {begins}")
        if sorted(set(begins)) != begins:
            raise CriteriaError(f"schedule: intervals must be in order of their days, got {begins}")
        lengths = [every for _, every in self.intervals]
        if min(lengths) < 1:
            raise CriteriaError(f"schedule: an interval must be at least 1 day, got {lengths}")

    @classmethod
    def every(cls, days: int, *, window_days: int = 0) -> Schedule:
        """One interval from the first day to the last."""
        return cls([(0, days)], window_days=window_days)

    def interval(self, day: Any) -> Any:
        """The interval that is valid on a day after the start, or on each of an array of days."""
        return np.array([every for _, every in self.intervals])[self._valid(day)]

    def due(self, day: Any) -> Any:
        """The first day on or after a day on which an assessment is due; arrays as well.

        One is due where an interval takes over from another.
        """
        begins = np.array([first for first, _ in self.intervals] + [1 << 40])
        valid = self._valid(day)
        every = self.interval(day)
        return np.minimum(begins[valid] - (begins[valid] - day) // every * every, begins[valid + 1])

    def number(self, day: Any) -> Any:
        """How many assessments are due after day 0 up to a day, that day included; arrays too."""
        valid = self._valid(np.maximum(day, 0))
        begins = np.array([first for first, _ in self.intervals])
        every = np.array([each for _, each in self.intervals])
        # One is due on the day on which an interval takes over.
        full = np.append(0, np.cumsum((np.diff(begins) - 1) // every[:-1] + 1))
        return full[valid] + (np.maximum(day, 0) - begins[valid]) // every[valid]

    def missed(self, last: Any, day: Any) -> Any:
        """How many assessments were due, and missed, between the last one and a day; arrays too.

        An assessment is the one of the first day due that it, less the window, had not passed; one
        is missed when its window has closed before the day.
        """
        seen = self.due(np.maximum(last - self.window_days, 0))
        return np.maximum(self.number(day - self.window_days - 1) - self.number(seen), 0)

    def _valid(self, day: Any) -> Any:
        begins = np.array([first for first, _ in self.intervals])
        return np.maximum(np.searchsorted(begins, day, side="right") - 1, 0)

    def __str__(self) -> str:
        told = [f"every {every} days" + (f" from day {first}" if first else "")
                for first, every in self.intervals]  # fmt: skip
        return ", ".join(told) + (
            f", {self.window_days} days late at most" * bool(self.window_days)
        )


EARLY_SHRINKAGE = SORAMIC.at("early tumour shrinkage", Evidence.VERIFIED)
"""Where the `early_share` of a policy is from (TTE-ETS)."""

SPOKEN = frozenset({"first", "end", "since", "gap", "missed", "stop", "new", "lacking"})
"""What the sentence of a clause may speak of: dates, and the numbers of a gap."""


def _effect(value: Any) -> Effect:
    if not isinstance(value, Effect):
        raise CriteriaError(f"clause: effect must be one of Effect, got {shown(value)}")
    return value


def _sentence(value: str) -> str:
    unknown = {name for _, name, _, _ in Formatter().parse(value) if name} - SPOKEN
    if unknown:
        may = ", ".join(sorted(SPOKEN))
        told = f"clause: a sentence may speak of {may}, got {', '.join(sorted(unknown))}"
        raise CriteriaError(told)
    return value


@attrs.frozen
class Clause:
    """What a policy says of a situation, and where that comes from."""

    id: str
    effect: Effect = attrs.field(converter=_effect)
    sentence: str = attrs.field(converter=_sentence)
    source: Citation | Reading


# ---- the policies

_MAY: dict[Situation, frozenset[Effect]] = {
    Situation.NO_BASELINE: frozenset({Effect.START}),
    Situation.NO_ASSESSMENT: frozenset({Effect.START}),
    Situation.CLINICAL_PROGRESSION: frozenset({Effect.EVENT, Effect.LAST}),
    Situation.NEW_THERAPY: frozenset({Effect.EVENT, Effect.LAST, Effect.PASSED_OVER}),
    Situation.STOPPED: frozenset({Effect.LAST}),
    Situation.ONGOING: frozenset({Effect.LAST}),
}
_MAY_END = frozenset({Effect.EVENT, Effect.LAST})


def _missed(value: Any) -> int:
    return converters.whole(value, 1)


def _above_0(value: Any) -> Fraction:
    number = converters.exact(value)
    if number <= 0:
        raise ValueError(f"must be above 0, got {number}")
    return number


def _kept_missed(value: converters.Whole) -> int:
    return _unless_refused(_missed, value)


def _kept_share(value: converters.Exact) -> Fraction:
    return _unless_refused(_above_0, value)


def _unless_refused(converter: Callable[[Any], T], value: Any) -> T:
    """What the converter makes of a value; a value that it refuses stays for `_mistakes`."""
    try:
        return converter(value)
    except ValueError:
        return cast("T", value)


def _refusal(name: str, converter: Callable[[Any], Any], value: Any) -> Iterator[str]:
    try:
        converter(value)
    except ValueError as error:
        yield f"{name} {error}"


@attrs.frozen(kw_only=True)
class Policy:
    """What a policy says of each situation, and the numbers that it says it by.

    `missed` assessments in a row make a gap, counted by `missed_by`: by `"days"` between the last
    adequate assessment and the event, or by the `"visits"` that were due between the two (Readings
    RD-MISSED and RD-MISSED-VISITS). A plan that writes "more than two intervals plus the window"
    means days; one that writes "two consecutive scheduled assessments" means visits. The two differ
    where the last assessment was early or late. `growth_ratio` is the threshold of the growth
    modulation index, `early_share` that of early tumour shrinkage. `confirmed`: times to and of
    response take only responses that were confirmed. `scheduled_dates`: a progression counts from
    the day of its visit (Reading RD-VISIT-DAY). Raises `CriteriaError`.
    """

    name: str
    title: str
    progression: Clause
    progression_after_gap: Clause
    death: Clause
    death_unassessed: Clause
    death_after_gap: Clause
    clinical_progression: Clause
    new_therapy: Clause
    no_baseline: Clause
    no_assessment: Clause
    stopped: Clause
    ongoing: Clause
    schedule: Schedule | None = None
    missed: int = attrs.field(default=2, converter=_kept_missed)
    missed_by: str = "days"
    scheduled_dates: bool = False
    confirmed: bool = False
    growth_ratio: Fraction = attrs.field(
        default=Fraction(133, 100),
        converter=_kept_share,  # TTE-GMI
    )
    early_share: Fraction = attrs.field(default=Fraction(1, 5), converter=_kept_share)  # TTE-ETS

    def __attrs_post_init__(self) -> None:
        wrong = list(self._mistakes())
        if wrong:
            raise CriteriaError("; ".join(f"policy {self.name}: {text}" for text in wrong))
        published = _PUBLISHED.get(self.name, self)
        if published._but_schedule != self._but_schedule:
            object.__setattr__(self, "name", f"{self.name}-amended")

    @property
    def _but_schedule(self) -> list[Any]:
        """All that makes the policy: a schedule belongs to a trial."""
        fields = attrs.fields(type(self))
        return [getattr(self, field.name) for field in fields if field.name != "schedule"]

    def _mistakes(self) -> Iterator[str]:
        for situation, clause in zip(Situation, self.clauses, strict=True):
            if not isinstance(clause, Clause):
                yield f"{_field(situation)} must be a Clause, got {shown(clause)}"
            elif clause.effect not in _may(situation):
                may = ", ".join(effect.name for effect in Effect if effect in _may(situation))
                yield f"{_field(situation)} must have an effect of {may}, got {clause.effect.name}"
        if self.schedule is not None and not isinstance(self.schedule, Schedule):
            yield f"schedule must be a Schedule, got {shown(self.schedule)}"
        yield from _refusal("missed", _missed, self.missed)
        if self.missed_by not in ("days", "visits"):
            yield f'missed_by must be "days" or "visits", got {shown(self.missed_by)}'
        for name in ("scheduled_dates", "confirmed"):
            if not isinstance(getattr(self, name), bool):
                yield f"{name} must be True or False, got {shown(getattr(self, name))}"
        if self.scheduled_dates and self.schedule is None:
            yield "scheduled_dates needs a schedule"
        for name in ("growth_ratio", "early_share"):
            yield from _refusal(name, _above_0, getattr(self, name))

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses in the order of `Situation`."""
        return tuple(getattr(self, _field(situation)) for situation in Situation)

    def __repr__(self) -> str:
        return f"<Policy {self.name}>"

    def _repr_html_(self) -> str:
        return html.of_text(str(self))

    def __str__(self) -> str:
        """Every clause of the policy, one per line, with its source."""
        width = max(map(len, Situation))
        rows = [self.title]
        for situation, clause in zip(Situation, self.clauses, strict=True):
            told = f"{situation:{width}}  {clause.effect}"
            rows.append(f"  {told:69}  {clause.id}  {clause.source}")
        dates = "that of the visit" if self.scheduled_dates else "as observed"
        rows += [
            f"  schedule: {self.schedule or 'none, so no assessment is known to be missed'}",
            f"  missed in a row that make a gap: {self.missed}"
            f"{', counted by visits' * (self.missed_by == 'visits')}; date of progression: {dates}",
            f"  responses: {'confirmed ones only' if self.confirmed else 'confirmed or not'}",
            f"  early shrinkage: {self.early_share}; growth modulation index: {self.growth_ratio}",
        ]
        return "\n".join(rows)


def _field(situation: Situation) -> str:
    return situation.name.lower()


def _may(situation: Situation) -> Iterable[Effect]:
    return _MAY.get(situation, _MAY_END)


def _fda(number: int, effect: Effect, sentence: str, evidence: Evidence) -> Clause:
    where = FDA_ENDPOINTS.at("censoring of progression-free survival, table A", evidence)
    return Clause(f"TTE-FDA-{number:02}", effect, sentence, where)


def _ema(number: int, effect: Effect, sentence: str, evidence: Evidence) -> Clause:
    where = EMA_PFS.at("intention-to-treat analysis", evidence)
    return Clause(f"TTE-EMA-{number:02}", effect, sentence, where)


_PUBLISHED: dict[str, Policy] = {}

_UNASSESSED = _fda(1, Effect.START, "no {lacking}: censored at the start, {end}", Evidence.RECALLED)
_STOPPED = _fda(
    5, Effect.LAST,
    "stopped on {stop}: censored at the last adequate assessment, {end}",
    Evidence.RECALLED,
)  # fmt: skip

FDA_A = Policy(
    name="fda-a",
    title="FDA guidance, table A: documented progression and closely followed deaths",
    progression=_fda(2, Effect.EVENT, "progression on {first}", Evidence.VERIFIED),
    progression_after_gap=_fda(
        9, Effect.LAST,
        "progression on {first}, {gap} days after {since}; {missed} or more assessments were "
        "missed or not adequate: censored there, {end}",
        Evidence.RESTATED,
    ),
    death=_fda(7, Effect.EVENT, "death on {first}", Evidence.VERIFIED),
    death_unassessed=_fda(
        10, Effect.EVENT, "death on {first}, before any adequate assessment", Evidence.RECALLED
    ),
    death_after_gap=_fda(
        8, Effect.LAST,
        "death on {first}, {gap} days after {since}; {missed} or more assessments were missed or "
        "not adequate: censored there, {end}",
        Evidence.VERIFIED,
    ),
    clinical_progression=_fda(
        4, Effect.LAST,
        "stopped for progression that no image shows: censored at the last adequate assessment, "
        "{end}",
        Evidence.RESTATED,
    ),
    new_therapy=_fda(
        6, Effect.LAST,
        "new therapy on {new}: censored at the last adequate assessment before, {end}",
        Evidence.RESTATED,
    ),
    no_baseline=_UNASSESSED,
    no_assessment=_UNASSESSED,
    stopped=_STOPPED,
    ongoing=_fda(
        3, Effect.LAST,
        "no progression: censored at the last adequate assessment, {end}",
        Evidence.RECALLED,
    ),
)  # fmt: skip

_EMA_DEATH = _ema(2, Effect.EVENT, "death on {first}", Evidence.VERIFIED)
_EMA_PD = _ema(1, Effect.EVENT, "progression on {first}", Evidence.VERIFIED)
_EMA_LAST = _ema(
    3, Effect.LAST,
    "no progression by the baseline of any line: censored at the last adequate assessment, {end}",
    Evidence.RECALLED,
)  # fmt: skip
_EMA_START = _ema(3, Effect.START, "no {lacking}: censored at the start, {end}", Evidence.RECALLED)

EMA_ITT = Policy(
    name="ema-itt",
    title="intention to treat as observed, commonly called EMA: progression or death whenever it "
    "comes",
    progression=_EMA_PD,
    progression_after_gap=_ema(1, Effect.EVENT, "progression on {first}", Evidence.RECALLED),
    death=_EMA_DEATH,
    death_unassessed=_EMA_DEATH,
    death_after_gap=_ema(2, Effect.EVENT, "death on {first}", Evidence.RECALLED),
    clinical_progression=_EMA_LAST,
    new_therapy=_ema(
        4, Effect.PASSED_OVER, "new therapy does not end the follow-up", Evidence.RECALLED
    ),
    no_baseline=_EMA_START,
    no_assessment=_EMA_START,
    stopped=_EMA_LAST,
    ongoing=_EMA_LAST,
)

_PUBLISHED |= {each.name: each for each in (FDA_A, EMA_ITT)}
POLICIES: Mapping[str, Policy] = ReadOnly(_PUBLISHED)
"""The policies that regulators are known for, by name."""

TTP_DEATH = Clause(
    "TTE-TTP", Effect.LAST,
    "death on {first} without progression: censored at {since}, {end}",
    readings.TTP_DEATH,
)  # fmt: skip


WITHIN = Clause(
    "TTE-GMI", Effect.LAST,
    "new therapy on {new}: censored at the last adequate assessment before, {end}",
    readings.GROWTH_WITHIN,
)  # fmt: skip
"""Lines are compared by what happened on each, whatever a policy says of new therapy."""


def to_progression(policy: Policy) -> Policy:
    """The policy for time to progression: deaths are censored, all else is as the policy says."""
    return attrs.evolve(
        policy, death=TTP_DEATH, death_unassessed=TTP_DEATH, death_after_gap=TTP_DEATH
    )


def policy_named(policy: Policy | str) -> Policy:
    """The published policy of that name; a policy is given back as it is."""
    if isinstance(policy, Policy):
        return policy
    return converters.look_up("policy", policy, POLICIES, "a Policy")
