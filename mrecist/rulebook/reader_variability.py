"""How far a reader is off: error models of a diameter, each with the published figure behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real
from statistics import NormalDist
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.converters import shown, whole_from
from .._base.pickling import ReadOnly
from .papers import Citation, Evidence, Paper

__all__ = ["PRESETS", "ReaderVariability", "number_up_to"]


def number_up_to(name: str, value: Any, most: float, cure: str = "") -> float:
    """A number from 0 to `most`, which is excluded where a cure says why."""
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    number = float(value) if is_number else math.nan
    if not 0 <= number <= most or (cure and number == most):
        limit = "under " if cure else ""
        raise ValueError(
            f"{name} must be a number from 0 to {limit}{most}, got {shown(value)}{cure}"
        )
    return number


def _log_sd(value: Any) -> tuple[tuple[float, float], ...] | None:
    """A standard deviation, or several in the order of the sizes in mm that they belong to."""
    if value is None:
        return None
    pairs: Any = ((0, value),) if isinstance(value, Real) else value
    if isinstance(value, Mapping):
        pairs = tuple(value.items())
    if not pairs or not isinstance(pairs, tuple) or not all(map(_is_pair, pairs)):
        raise ValueError(f"log_sd must be a number or a mapping by size in mm, got {shown(value)}")
    return tuple(sorted((number_up_to("log_sd: size", mm, 1000), number_up_to("log_sd", sd, 1))
                        for mm, sd in pairs))  # fmt: skip


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2


def _t_scale(value: Any) -> float | None:
    return None if value is None else number_up_to("t_scale", value, 1)


def _later_t_scale(value: Any) -> float | None:
    return None if value is None else number_up_to("later_t_scale", value, 1)


def _flip(value: Any) -> float:
    return number_up_to("flip", value, 1)


def _flip_quartiles(value: Any) -> tuple[float, float]:
    if not _is_pair(value):
        raise ValueError(f"flip_quartiles must be a pair of shares, got {shown(value)}")
    first, third = (number_up_to("flip_quartiles: each", each, 10) for each in value)
    if not 0 < first <= third:
        raise ValueError(f"flip_quartiles must be above 0 and in order, got {shown(value)}")
    return first, third


def _degrees(value: Any) -> int:
    return whole_from("degrees", value, 1)


def _total_sd_mm(value: Any) -> float | None:
    return None if value is None else number_up_to("total_sd_mm", value, 1000)


FEWEST_PAIRS = 20
"""Below this many pairs no error is fitted."""
FITTED_DEGREES = 3
"""The degrees of freedom of a fitted error: heavy tails, as readers show."""


def _own_scale(differences: Array) -> float:
    """The share of one reader in the scale of the differences of two."""
    return t_scale_of(differences, FITTED_DEGREES) / math.sqrt(2)


def t_scale_of(values: Array, degrees: int) -> float:
    """The most likely scale of Student's t around zero, by expectation and maximisation."""
    squares = np.square(values)
    before, scale = 0.0, float(squares.mean())
    while abs(before - scale) > _CLOSE * scale:
        before = scale
        scale = float(((degrees + 1) * squares / (degrees + squares / scale)).mean())
    return math.sqrt(scale)


_CLOSE = 1e-12
_QUARTILE = NormalDist().inv_cdf(0.75)


@attrs.frozen(kw_only=True)
class ReaderVariability:
    """The error of one reading, and the published figure that it stands on.

    Exactly one of: `log_sd`, a log-normal error (the standard deviation of the natural logarithm,
    nearly that of the relative error), by size where it is a mapping from millimetres such as
    `{10: 0.033, 20: 0.02}`, linear between them; `t_scale`, the scale of a Student's t of `degrees`
    of freedom on the same logarithm, whose tails are heavy; `total_sd_mm`, a normal error in
    millimetres of the total of the targets, which all lesions of the time point bear in proportion
    to their sizes. `only_nodes`: the error is one of nodes, and no other lesion carries it.

    `later_t_scale` is the scale after the first baseline, where it is another one than before
    treatment. `flip` is the probability that a lesion whose viable size is recorded as 0 after the
    first baseline is read as something: its size is then log-normal, with the quartiles
    `flip_quartiles` as shares of its size at that baseline.

    A model of your own: `attrs.evolve(PRESETS["mrecist_nonexpert"], name="ours", log_sd=0.1,
    figure="our own re-reading")`.
    """

    name: str
    figure: str
    source: Citation | None = None
    log_sd: tuple[tuple[float, float], ...] | None = attrs.field(default=None, converter=_log_sd)
    t_scale: float | None = attrs.field(default=None, converter=_t_scale)
    degrees: int = attrs.field(default=3, converter=_degrees)
    total_sd_mm: float | None = attrs.field(default=None, converter=_total_sd_mm)
    only_nodes: bool = False
    later_t_scale: float | None = attrs.field(default=None, converter=_later_t_scale)
    flip: float = attrs.field(default=0.0, converter=_flip)
    flip_quartiles: tuple[float, float] = attrs.field(
        default=(0.39, 0.74), converter=_flip_quartiles
    )

    def __attrs_post_init__(self) -> None:
        if self.later_t_scale is not None and self.t_scale is None:
            raise ValueError(f"{self.name}: later_t_scale needs t_scale, the scale before it")
        given = [self.log_sd, self.t_scale, self.total_sd_mm]
        if sum(each is not None for each in given) != 1:
            raise ValueError(
                f"{self.name}: give exactly one of log_sd, t_scale and total_sd_mm, got "
                f"{', '.join(map(str, given))}"
            )

    @classmethod
    def fitted(cls, readings: Any, *, at: Any = None, name: str = "fitted") -> ReaderVariability:
        """The error that the totals of several readers show, from the `Readings` of them.

        A t of 3 degrees around zero is fitted to the logarithms of the ratios of two readers, and
        each of the two has its share.

        Args:
            readings: What `assess_readings` returns.
            at: As for `Readings.log_ratios`, one scale is fitted. Left out, it is everything: the
                scale is that of the baseline, `later_t_scale` that of all follow-ups, and `flip`
                tells how often a total that one reader reads as 0 is above 0 by another; of
                follow-ups below 20 pairs nothing is said.
            name: What the error is called.

        Returns:
            An error to give to `how_sure`.

        Raises:
            ValueError: Fewer than 20 pairs of totals.
        """
        first, readers = readings.log_ratios("baseline" if at is None else at)
        if len(first) < FEWEST_PAIRS:
            raise ValueError(f"a fit needs {FEWEST_PAIRS} pairs of totals, got {len(first)}")
        when = "baseline" if at in (None, "baseline") else f"follow-up {at}"
        told = [f"{len(first)} pairs of totals above 0 ({when}) by {', '.join(readers)}"]
        more: dict[str, Any] = {}
        if at is None:
            later, shares = readings.later_ratios()
            if len(later) >= FEWEST_PAIRS:
                more = {"later_t_scale": _own_scale(later)}
                told.append(f"{len(later)} at follow-ups")
            if len(shares) >= FEWEST_PAIRS and (seen := shares[shares > 0]).size:
                first_quarter, third_quarter = np.quantile(seen, [0.25, 0.75]).tolist()
                more |= {"flip": seen.size / shares.size,
                         "flip_quartiles": (first_quarter, third_quarter)}  # fmt: skip
                told.append(f"of {shares.size} totals of 0 {seen.size} above 0 by another reader")
        told.append(
            f"difference of logarithms fitted by t with {FITTED_DEGREES} degrees of freedom"
        )
        return cls(
            name=name, figure="; ".join(told), t_scale=_own_scale(first), degrees=FITTED_DEGREES,
            **more,
        )  # fmt: skip

    @property
    def law(self) -> str:
        """How the error is distributed, in words."""
        if not self.flip:
            return self._law()
        first, third = self.flip_quartiles
        return (
            f"{self._law()}; a viable size of 0 after the first baseline is read as something in "
            f"{100 * self.flip:.3g} %, half of them as {first:.2g} to {third:.2g} of its size there"
        )

    def _law(self) -> str:
        if self.total_sd_mm is not None:
            sd = f"SD {self.total_sd_mm:g} mm of the total of the targets"
            return f"a normal error of {sd}, shared by size, never below zero"
        if self.log_sd is None:
            return f"a log-t error of {self.degrees} degrees of freedom, {self._scales()}"
        several = len(self.log_sd) > 1
        told = [f"{100 * sd:.3g} %{f' at {mm:g} mm' if several else ''}" for mm, sd in self.log_sd]
        return f"a log-normal error of SD {' and '.join(told)}"

    def flipped_share(self, normal: Array) -> Array:
        """The sizes of flips as shares of the size at baseline, from standard normal numbers."""
        first, third = map(math.log, self.flip_quartiles)
        return np.exp((first + third) / 2 + (third - first) / (2 * _QUARTILE) * normal)

    def _scales(self) -> str:
        scale = f"scale {100 * (self.t_scale or 0):.3g} %"
        if self.later_t_scale is None:
            return scale
        return f"{scale} at the first baseline and {100 * self.later_t_scale:.3g} % after it"

    @property
    def anchor(self) -> str:
        """The name of the model, the figure that it stands on, and where that is published."""
        source = "" if self.source is None else f" ({self.source})"
        return f"{self.name}: {self.figure}{source}"

    def __str__(self) -> str:
        return f"{self.law} [{self.anchor}]"

    def spread(self, um: Array, later: Array) -> Array:
        """The standard deviation (of t: the scale) of the relative error of sizes.

        `later` marks those that were recorded after the first baseline.
        """
        if self.log_sd is None:
            scale = self.t_scale or 0.0
            after = scale if self.later_t_scale is None else self.later_t_scale
            return np.where(later, after, scale)
        mm, sd = np.array(self.log_sd).T
        return np.interp(um / 1000, mm, sd)


YOON_2016 = Paper(
    "Yoon 2016",
    "Yoon SH, et al. Observer variability in RECIST-based tumour burden measurements: a "
    "meta-analysis. Eur J Cancer 2016;53:5-15.",
    "10.1016/j.ejca.2015.10.014",
)
OXNARD_2011 = Paper(
    "Oxnard 2011",
    "Oxnard GR, et al. Variability of lung tumor measurements on repeat computed tomography scans "
    "taken within 15 minutes. J Clin Oncol 2011.",
)
MCERLEAN_2013 = Paper(
    "McErlean 2013",
    "McErlean A, et al. Intra- and interobserver variability in CT measurements in oncology. "
    "Radiology 2013.",
)
BEAUMONT_2018 = Paper(
    "Beaumont 2018",
    "Beaumont H, et al. Reproducibility of the mRECIST criteria for the assessment of HCC treated "
    "by anti-VEGFR therapy: impact of readers' expertise. ESMO 2018, abstract.",
)
CHOI_2018 = Paper(
    "Choi 2018",
    "Choi MH, et al. Reproducibility of mRECIST in measurement and response assessment for "
    "hepatocellular carcinoma treated by transarterial chemoembolization. Acad Radiol 2018.",
)
HCC_TACE_SEG = Paper(
    "HCC-TACE-Seg",
    "Moawad AW, et al. Multimodality annotated HCC cases with and without advanced imaging "
    "segmentation. The Cancer Imaging Archive, 2021.",
    "10.7937/TCIA.5FNA-0924",
)

_NONEXPERTS = (
    "SD of differences {} % among three non-experts, so {} % a reading; the abstract does not say "
    "whether the per cent are of diameters or of change, so take it as an upper range"
)
_NONEXPERT_SOURCE = BEAUMONT_2018.at("results, VAR-BE", Evidence.VERIFIED)

_PRESETS = (
    ReaderVariability(
        name="same_reader_recist",
        log_sd=0.06,
        figure="one reader, single lesions on CT by RECIST, 95 % limits of agreement -17.8 to "
        "+16.1 %, so 6 % a reading",
        source=YOON_2016.at("single lesion, one observer, VAR-Y2", Evidence.VERIFIED),
    ),
    ReaderVariability(
        name="independent_recist",
        log_sd=0.086,
        figure="two readers, single lesions on CT by RECIST, 95 % limits of agreement -22.1 to "
        "+25.4 %, so 8.6 % a reading",
        source=YOON_2016.at("single lesion, between observers, VAR-Y1", Evidence.VERIFIED),
    ),
    ReaderVariability(
        name="repeat_scan_heavy",
        # Reading RD-REPEAT-SCALE: 5.4 % is the scale of the difference; each reading has its share.
        t_scale=0.054 / math.sqrt(2),
        degrees=3,
        figure="lung tumours scanned twice within 15 minutes: 84 % of differences within 10 %, 3 % "
        "of 20 % growth or more; difference fitted by t with 3 degrees of freedom, scale 5.4 %",
        source=OXNARD_2011.at("results, VAR-OX", Evidence.VERIFIED),
    ),
    ReaderVariability(
        name="node_short_axis",
        log_sd={10: 0.033, 20: 0.020},
        only_nodes=True,
        figure="17 radiologists, short axes on CT, 95 % limits of agreement -11.6 to +6.7 % below "
        "10 mm and -6.2 to +4.7 % from 20 mm, so 3.3 % and 2 % a reading",
        source=MCERLEAN_2013.at("limits of agreement, VAR-MC", Evidence.VERIFIED),
    ),
    ReaderVariability(
        name="mrecist_nonexpert",
        log_sd=0.18,
        figure=_NONEXPERTS.format("24.9", "18"),
        source=_NONEXPERT_SOURCE,
    ),
    ReaderVariability(
        name="mrecist_nonexpert_high",
        log_sd=0.26,
        figure=_NONEXPERTS.format("36.3", "26"),
        source=_NONEXPERT_SOURCE,
    ),
    ReaderVariability(
        name="mrecist_tace_additive",
        total_sd_mm=10,
        figure="97 patients after chemoembolization, four readers: standard error of the viable "
        "total 9 to 12 mm before and 10 to 12 mm after treatment, from agreement (ICC) and SD",
        source=CHOI_2018.at("viable totals, VAR-CH-I", Evidence.DERIVED),
    ),
    ReaderVariability(
        name="mrecist_tace_readers",
        t_scale=0.117,
        later_t_scale=0.226,
        flip=0.27,
        flip_quartiles=(0.39, 0.74),
        figure="viable diameters of one lesion by three readers before and after "
        "chemoembolization, 99 patients: differences of logarithms, 279 pairs before and 192 "
        "after, fitted by t with 3 degrees of freedom; of 120 sizes of 0 another reader saw "
        "something in 32",
        source=HCC_TACE_SEG.at("sizes by reader, VAR-HTS", Evidence.DERIVED),
    ),
)
PRESETS: Mapping[str, ReaderVariability] = ReadOnly({each.name: each for each in _PRESETS})
"""The error models by name."""
