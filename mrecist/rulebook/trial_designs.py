"""Designs of simulated trials as values: every setting has a source, or is marked as a choice."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from numbers import Real
from typing import Any

import attrs

from .._base import converters
from .._base.converters import shown
from .papers import Citation, Evidence, Paper
from .reader_variability import PRESETS, ReaderVariability

__all__ = ["CHOICE", "REFLECT_LIKE", "Arm", "Design"]

CHOICE = "a choice"
"""The source of a setting that no paper gives."""

CLARET_2009 = Paper(
    "Claret 2009",
    "Claret L, et al. Model-based prediction of phase III overall survival in colorectal cancer on "
    "the basis of phase II tumor dynamics. J Clin Oncol 2009;27:4103-4108.",
)
NATHANI_2021 = Paper(
    "Nathani 2021",
    "Nathani P, et al. Hepatocellular carcinoma tumour volume doubling time: a systematic review "
    "and meta-analysis. Gut 2021;70:401-407.",
)
REFLECT = Paper(
    "Kudo 2018",
    "Kudo M, et al. Lenvatinib versus sorafenib in first-line treatment of patients with "
    "unresectable hepatocellular carcinoma (REFLECT). Lancet 2018;391:1163-1173.",
)
_DOUBLING = NATHANI_2021.at("35 % double within 3 months, 37 % take over 9", Evidence.DERIVED)


def _reflect(where: str) -> Citation:
    return REFLECT.at(where, Evidence.RECALLED)


def _setting(default: Any, says: str, source: Citation | str, converter: Any = None) -> Any:
    metadata = {"says": says, "source": source}
    return attrs.field(default=default, converter=converter, metadata=metadata)


def _number(
    default: float, says: str, source: Citation | str, least: float = 0, most: float = math.inf
) -> Any:
    metadata = {"says": says, "source": source, "least": least, "most": most}
    return attrs.field(default=default, metadata=metadata)


def _whole(
    default: int, says: str, source: Citation | str, least: int = 0, most: float = math.inf
) -> Any:
    metadata = {"says": says, "source": source, "least": least, "most": most, "whole": True}
    return attrs.field(default=default, metadata=metadata)


def _mistakes(value: Any) -> Iterator[str]:
    for field in attrs.fields(type(value)):
        least, most = field.metadata.get("least"), field.metadata.get("most")
        number, kind = getattr(value, field.name), "a number"
        sound = isinstance(number, Real) and not isinstance(number, bool)
        if field.metadata.get("whole"):
            sound, kind = sound and float(number).is_integer(), "a whole number"
        if least is not None and not (sound and least <= number <= most and number < math.inf):
            bounds = f"from {least}" + (f" to {most}" if most < math.inf else "")
            yield f"{field.name} must be {kind} {bounds}, got {shown(number)}"


def _refuse(what: str, mistakes: list[str]) -> None:
    if mistakes:
        raise ValueError("; ".join(f"{what}: {each}" for each in mistakes))


@attrs.frozen(kw_only=True)
class Arm:
    """A treatment: how fast it shrinks tumour, how soon that wears off, and what else it changes.

    `kill_per_day` is the median over patients of the rate at which diameters shrink at first,
    log-normal with `kill_log_sd`; `wears_off_per_day` the rate at which the effect fades (Claret;
    of no meaning by Stein); `growth_share` is what it leaves of the growth. A patient whose tumour
    grows as the median survives `median_survival_days` in the median. Raises `ValueError`, all
    mistakes at once.
    """

    name: str
    agents: str
    kill_per_day: float = _number(
        0.001, "rate at which diameters shrink at first, median", CHOICE, most=1
    )
    kill_log_sd: float = _number(1.5, "spread of that between patients", CHOICE, most=5)
    wears_off_per_day: float = _number(
        0.006, "rate at which the effect fades (Claret)", CHOICE, least=1e-6, most=1
    )
    growth_share: float = _number(1.0, "share of growth that is left", CHOICE, most=1)
    new_lesions_per_year: float = _number(0.5, "hazard of a new nodule", CHOICE, most=100)
    median_survival_days: float = _number(
        374, "of patients with median growth", _reflect("sorafenib"), least=1
    )

    def __attrs_post_init__(self) -> None:
        _refuse(f"arm {self.name}", list(_mistakes(self)))


def _arms(values: Iterable[Arm]) -> tuple[Arm, ...]:
    return tuple(values)


def _names(values: Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _shares(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(values)


def _error(value: ReaderVariability | str | None) -> ReaderVariability | None:
    if value is None or isinstance(value, ReaderVariability):
        return value
    found: ReaderVariability = converters.look_up(
        "error", value, PRESETS, "a ReaderVariability", ValueError
    )
    return found


@attrs.frozen(kw_only=True)
class Design:
    """How a simulated trial runs; `print` lists every setting with its source.

    Patients go to the arms in turn. `next_lines` are the treatments after progression, in order;
    from the third line on a patient is exposed to the drug of the arm again with the probability
    `rechallenge`, and `retained` of its first effect. The first of `readers` is the investigator,
    by whose sizes treatment is changed. `error` is one of `PRESETS`, a `ReaderVariability`, or
    `None` for readers without error. `growth` is `"claret"` or `"stein"`. Raises `ValueError`, all
    mistakes at once.
    """

    name: str
    arms: tuple[Arm, ...] = attrs.field(converter=_arms)
    next_lines: tuple[Arm, ...] = attrs.field(default=(), converter=_arms)
    readers: tuple[str, ...] = _setting(("R1",), "the first one treats", CHOICE, _names)
    error: ReaderVariability | None = attrs.field(
        default=PRESETS["independent_recist"],
        converter=_error,
        metadata={"says": "of each reader", "source": CHOICE},
    )
    growth: str = _setting("claret", "claret or stein", CLARET_2009.at("model", Evidence.RECALLED))
    every_days: int = _whole(56, "days between visits", _reflect("images every 8 weeks"), least=14)
    jitter_days: int = _whole(3, "days a visit is early or late at most", CHOICE, most=6)
    follow_up_days: int = _whole(730, "days until the trial ends", CHOICE, least=14, most=7300)
    missed: float = _number(0.03, "share of visits missed", CHOICE, most=1)
    lost_per_year: float = _number(0.08, "hazard of loss to follow-up", CHOICE, most=100)
    next_line: float = _number(
        0.36,
        "share who go on to the next line",
        _reflect("subsequent treatment, 33 and 39 %"),
        most=1,
    )
    gap_days: int = _whole(14, "days from progression to the next line", CHOICE, least=1, most=28)
    rechallenge: float = _number(
        0.2, "share of third and later lines by the first drug", CHOICE, most=1
    )
    retained: float = _number(0.5, "share of its effect that is left then", CHOICE, most=1)
    lesions: tuple[float, ...] = _setting(
        (0.3, 0.25, 0.2, 0.25), "shares of patients with 1, 2, ... nodules", CHOICE, _shares
    )
    baseline_mm: float = _number(45, "viable diameter, median", CHOICE, least=10, most=200)
    baseline_log_sd: float = _number(0.6, "spread of that", CHOICE, most=2)
    viable_share: float = _number(
        0.8, "least share of a nodule that is viable", CHOICE, least=0.1, most=1
    )
    doubling_days: float = _number(167, "volume doubling time, median", _DOUBLING, least=1)
    doubling_log_sd: float = _number(1.57, "spread of that", _DOUBLING, most=5)
    lesion_log_sd: float = _number(0.3, "spread of the kill between nodules", CHOICE, most=2)
    whole_power: float = _number(
        0.78, "whole diameters shrink as viable ones to this power", CHOICE, most=1
    )
    seen_mm: float = _number(5, "below this viable diameter nothing is seen", CHOICE, most=10)
    new_mm: float = _number(12, "diameter of a new nodule", CHOICE, least=1, most=100)
    typical: float = _number(0.8, "share of new nodules with the pattern of HCC", CHOICE, most=1)
    outside: float = _number(0.3, "share of new nodules outside the liver", CHOICE, most=1)
    thrombus: float = _number(
        0.21, "share with tumour in the portal vein", _reflect("portal vein invasion"), most=1
    )
    survival_slope: float = _number(
        0.8, "log hazard of death by one SD of log growth", CHOICE, most=3
    )
    afp_median: float = _number(100, "AFP at baseline in ng/mL, median", CHOICE, least=1, most=1e6)
    afp_log_sd: float = _number(3, "spread of that", CHOICE, most=4)
    afp_power: float = _number(2, "AFP follows the sum of diameters to this power", CHOICE, most=5)
    afp_noise: float = _number(0.3, "spread of a value", CHOICE, most=2)

    def __attrs_post_init__(self) -> None:
        mistakes = list(_mistakes(self))
        for name, least in (("arms", 1), ("next_lines", 0)):
            each = getattr(self, name)
            if len(each) < least or not all(isinstance(arm, Arm) for arm in each):
                mistakes.append(f"{name} must hold {least} Arm or more, got {shown(each)}")
        names = [arm.name for arm in self.arms if isinstance(arm, Arm)]
        for name, values in (("readers", self.readers), ("names of arms", names)):
            if not values or len(set(values)) < len(values):
                mistakes.append(f"{name} must be there, each once, got {shown(values)}")
        if self.growth not in ("claret", "stein"):
            mistakes.append(f"growth must be claret or stein, got {shown(self.growth)}")
        if self.error is not None and self.error.total_sd_mm is not None:
            mistakes.append(f"error must be one of single diameters, got {self.error.name}")
        shares = self.lesions
        if not shares or min(shares) < 0 or not math.isclose(sum(shares), 1):
            mistakes.append(
                f"lesions must be shares of patients that add to 1, got {shown(shares)}"
            )
        if not mistakes and self.gap_days >= self.every_days - 2 * self.jitter_days:
            told = "gap_days must be below every_days less twice jitter_days, so that no visit "
            mistakes.append(f"{told}lies between two lines, got {self.gap_days}")
        _refuse(f"design {self.name}", mistakes)

    def __str__(self) -> str:
        """Every setting of the design and of its treatments, one per line, with its source."""
        rows = [f"Design {self.name}", *_rows(self)]
        for title, arms in (("arm", self.arms), ("then", self.next_lines)):
            for arm in arms:
                rows += [f"  {title} {arm.name}", *_rows(arm)]
        return "\n".join(rows)


def _rows(value: Arm | Design) -> Iterator[str]:
    for field in attrs.fields(type(value)):
        if "source" in field.metadata:
            told = getattr(value, field.name)
            kept = told == field.default
            source = field.metadata["source"] if kept else "set by this design"
            told = getattr(told, "name", told)
            says = f"{field.metadata['says']} [{source}]"
            yield f"    {field.name:20}  {told!s:24}  {says}"
    if isinstance(value, Arm):
        yield f"    {'agents':20}  {value.agents}"


REFLECT_LIKE = Design(
    name="reflect-like",
    arms=(
        Arm(name="lenvatinib", agents="lenvatinib", kill_per_day=0.0016, kill_log_sd=0.9,
            wears_off_per_day=0.004, growth_share=0.35, new_lesions_per_year=0.15,
            median_survival_days=414),
        Arm(name="sorafenib", agents="sorafenib", kill_per_day=0.0008),
    ),
    next_lines=(Arm(name="second", agents="regorafenib"), Arm(name="third", agents="cabozantinib")),
)  # fmt: skip
"""A trial whose response rates and median progression-free survival are near those of REFLECT."""
