"""Gates: named checks of facts, each met, not met or unknown, and why. Never advice.

A gate says whether published conditions hold, not what to do. Facts that are not given stay
unknown. A gate of one's own: `Gate(...)`, or `RAMUCIRUMAB.with_checks(Check(...))`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from .._base import converters
from .._base.converters import shown
from .._base.errors import CaseError, CriteriaError, NotThereError
from .._base.words import Met
from ..model import Marker
from ..rulebook import readings as readings_
from ..rulebook.drugs import agents_of, named
from ..rulebook.papers import Citation, Evidence, Paper
from ..rulebook.readings import Reading
from .child_pugh_points import ChildPugh
from .marker_levels import Range, level, met

__all__ = ["RAMUCIRUMAB", "Check", "CheckResult", "Gate", "GateResult"]


def _refused(check: Any, alias: str, error: ValueError) -> CriteriaError:
    owner = "check: " if alias == "name" else f"check {check.name}: "
    return CriteriaError(f"{owner}{alias} {error}")


def _no_gate(gate: Any, alias: str, error: ValueError) -> CriteriaError:
    owner = "gate: " if alias == "id" else f"gate {gate.id}: "
    return CriteriaError(f"{owner}{alias} {error}")


def _limit(value: converters.Exact | None) -> Fraction | None:
    return None if value is None else converters.exact(value, like="400")


def _among(value: Iterable[Any] | None) -> tuple[Any, ...] | None:
    if isinstance(value, str):
        raise ValueError(f"must be several values, got {shown(value)}")
    return None if value is None else tuple(map(_plain, value))


def _checks(value: Iterable[Check]) -> tuple[Check, ...]:
    return tuple(value)


@attrs.frozen(field_transformer=converters.named(_refused))
class Check:
    """One condition on one fact: at least a number, one of some words, or a list that names a drug.

    Give one of `at_least` (the limit included; `inclusive=False`: more than), `one_of`, `names`.
    `known` lists all the words there are, so that any other is refused; words compare in capitals.
    `unit` is for display. A fact that is `None` or not given is unknown.
    """

    name: str = attrs.field(converter=converters.name)
    fact: str = attrs.field(converter=converters.name)
    at_least: Fraction | None = attrs.field(default=None, converter=_limit, kw_only=True)
    inclusive: bool = attrs.field(default=True, kw_only=True)
    one_of: tuple[Any, ...] | None = attrs.field(default=None, converter=_among, kw_only=True)
    known: tuple[Any, ...] | None = attrs.field(default=None, converter=_among, kw_only=True)
    names: str | None = attrs.field(default=None, kw_only=True)
    unit: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        given = [each for each in (self.at_least, self.one_of, self.names) if each is not None]
        if len(given) != 1:
            raise CriteriaError(
                f"check {self.name}: give one of at_least, one_of and names, got {len(given)}"
            )

    def judge(self, value: Any = None) -> CheckResult:
        """Whether a fact meets the condition. Raises `ValueError` for a fact of the wrong kind."""
        if value is None:
            return CheckResult(self, Met.UNDETERMINED, f"{self.fact} is not known")
        try:
            told, answer = self._answer(value)
        except CaseError as error:
            raise ValueError(f"{self.fact} {error.mistakes[0][1]}") from None
        return CheckResult(self, met(answer), f"{self.fact} is {told}")

    def _answer(self, value: Any) -> tuple[str, bool | None]:
        if self.at_least is not None:
            number = _range(value)
            told = f"{number} {self.unit}".strip()
            return told, number.at_least(self.at_least, inclusive=self.inclusive)
        if self.names is not None:
            agents = _agents(self.fact, value)
            return ", ".join(agents) or "none", set(agents_of(self.names)) <= named(agents).keys()
        if isinstance(value, ChildPugh):
            return _graded(value, self.one_of or ())
        word = self._word(value)
        return str(word), word in (self.one_of or ())

    def _word(self, value: Any) -> Any:
        """A fact as one of the words there are, of their kind: no word is a number in disguise."""
        words = self.known or self.one_of or ()
        word = _plain(value)
        kinds = {type(each) for each in words}
        if type(word) not in kinds or (self.known is not None and word not in self.known):
            told = ", ".join(map(shown, words))
            such = "one of" if self.known is not None else "of the kind of"
            raise ValueError(f"{self.fact} must be {such} {told}, got {shown(value)}")
        return word

    def __str__(self) -> str:
        return self.name


def _range(value: Any) -> Range:
    """A number, or a text with a limit, as the range it leaves open."""
    return value if isinstance(value, Range) else level(Marker(0, "fact", value, "-").value)


def _agents(fact: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise ValueError(f"{fact} must be a list of drugs, got {shown(value)}")
    return converters.names(value, unique=False)


def _graded(value: ChildPugh, classes: tuple[Any, ...]) -> tuple[str, bool | None]:
    """A Child-Pugh class that may be known only in part."""
    best, worst = value.best_grade, value.worst_grade
    possible = [grade for grade in "ABC" if best <= grade <= worst]
    told = f"Child-Pugh {best}" if best == worst else f"Child-Pugh {best} to {worst}"
    inside = {grade in classes for grade in possible}
    return told, inside.pop() if len(inside) == 1 else None


def _plain(value: Any) -> Any:
    """A word in capitals without space around it; a number or flag of NumPy as Python's own."""
    if isinstance(value, str):
        return value.strip().upper()
    return value.item() if isinstance(value, np.generic) else value


@attrs.frozen
class CheckResult:
    """What one check says, and the fact it saw."""

    check: Check
    verdict: Met
    why: str

    def __str__(self) -> str:
        return f"{self.check.name}: {self.verdict} ({self.why})"


@attrs.frozen(kw_only=True, field_transformer=converters.named(_no_gate), repr=False)
class Gate:
    """Named checks that belong together, and where they come from."""

    id: str = attrs.field(converter=converters.name)
    title: str
    checks: tuple[Check, ...] = attrs.field(converter=_checks)
    source: Citation | Reading
    readings: tuple[Reading, ...] = (readings_.GATE_WHOLE,)

    def __attrs_post_init__(self) -> None:
        named = [check.name for check in self.checks]
        if not named or len(set(named)) != len(named):
            raise CriteriaError(f"gate {self.id}: give at least one check, none of them twice")

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the checks ask for, in order."""
        return tuple(dict.fromkeys(check.fact for check in self.checks))

    def with_checks(self, *checks: Check, id: str | None = None) -> Gate:
        """The gate with more checks, under an id of its own.

        Args:
            checks: The checks to add, after those of the gate.
            id: The new id; left out, the old one with `-amended`.

        Returns:
            A new gate; the old one stays as it is.
        """
        return attrs.evolve(self, checks=(*self.checks, *checks), id=id or f"{self.id}-amended")

    def judge(self, facts: Mapping[str, Any] | None = None, /, **more: Any) -> GateResult:
        """What each check says of the facts, given as a mapping or by name.

        Args:
            facts: Facts by name; one that is left out, or `None`, is not known.
            more: Further facts by name, before those of the mapping.

        Returns:
            The answer of each check, and of the whole.

        Raises:
            ValueError: A fact that no check asks for, or of the wrong kind.
        """
        given = {**(facts or {}), **more}
        for name in given:
            if name not in self.facts:
                known = ", ".join(self.facts)
                raise ValueError(f"gate {self.id}: facts are {known}, got {shown(name)}")
        return GateResult(self, tuple(each.judge(given.get(each.fact)) for each in self.checks))

    def __repr__(self) -> str:
        return f"<Gate {self.id}, {len(self.checks)} checks>"

    def __str__(self) -> str:
        checks = "; ".join(map(str, self.checks))
        return f"{self.id}: {self.title}: {checks} [{self.source}]"


@attrs.frozen
class GateResult:
    """What a gate says: each check by itself, and the whole (Reading RD-GATE)."""

    gate: Gate
    checks: tuple[CheckResult, ...]

    @property
    def verdict(self) -> Met:
        """Not met when any check is not, else undetermined when any is, else met."""
        for verdict in (Met.NOT_MET, Met.UNDETERMINED):
            if self._those(verdict):
                return verdict
        return Met.MET

    @property
    def checks_met(self) -> tuple[str, ...]:
        """The names of the checks that are met."""
        return self._those(Met.MET)

    @property
    def checks_not_met(self) -> tuple[str, ...]:
        """The names of the checks that are not met."""
        return self._those(Met.NOT_MET)

    @property
    def checks_unknown(self) -> tuple[str, ...]:
        """The names of the checks whose facts are not known well enough."""
        return self._those(Met.UNDETERMINED)

    def _those(self, verdict: Met) -> tuple[str, ...]:
        return tuple(each.check.name for each in self.checks if each.verdict is verdict)

    def __getitem__(self, name: str) -> CheckResult:
        """The result of the check of that name."""
        for each in self.checks:
            if each.check.name == name:
                return each
        known = ", ".join(map(str, self.gate.checks))
        raise NotThereError(f"checks are {known}, got {shown(name)}")

    def __str__(self) -> str:
        """The whole, and one row per check."""
        head = f"{self.gate.id} {self.verdict}: {self.gate.title} [{self.gate.source}]"
        return "\n".join([head, *(f"  {each}" for each in self.checks)])


REACH_2 = Paper(
    "REACH-2",
    "Zhu AX, et al. Ramucirumab after sorafenib in patients with advanced hepatocellular carcinoma "
    "and increased alpha-fetoprotein concentrations (REACH-2). Lancet Oncol 2019;20:282-296.",
    "10.1016/S1470-2045(18)30937-9",
)

RAMUCIRUMAB = Gate(
    id="AFP-RAM400",
    title="five of the entry conditions of REACH-2 (ramucirumab)",
    checks=[
        Check("AFP at least 400 ng/mL", "afp_ng_ml", at_least=400, unit="ng/mL"),
        Check("prior sorafenib", "prior_agents", names="sorafenib"),
        Check("Child-Pugh A", "child_pugh", one_of=["A"], known=["A", "B", "C"]),
        Check("ECOG 0 or 1", "ecog", one_of=(0, 1), known=range(6)),
        Check("BCLC B or C", "bclc", one_of=["B", "C"], known=["0", "A", "B", "C", "D"]),
    ],
    source=REACH_2.at("eligibility", Evidence.VERIFIED),
)
"""Facts: `afp_ng_ml` (number or text such as `">1000"`), `prior_agents` (a list), `child_pugh` (a
class or a `ChildPugh`), `ecog` (a whole number), `bclc` (a stage)."""
