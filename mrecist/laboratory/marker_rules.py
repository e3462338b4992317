"""Published rules of marker response, as values: how far, when, from what floor, from which study.

No single definition exists. Each rule of the list is one study's; a rule of one's own is
`attrs.evolve(AFP_R20_W8, id="OUR-RULE", window_days=14)`. Judged by `markers.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from .._base import converters
from .._base.errors import CriteriaError, NotThereError
from .._base.pickling import ReadOnly
from .._base.words import Met
from ..rulebook import readings as readings_
from ..rulebook.papers import Citation, Evidence, Paper
from ..rulebook.readings import Reading
from .marker_levels import AFP, PIVKA_II, Range, met, number

__all__ = [
    "AFP_CHAN",
    "AFP_CTRL_W8",
    "AFP_R10_DT",
    "AFP_R20_SOR",
    "AFP_R20_SPIRA",
    "AFP_R20_W3",
    "AFP_R20_W8",
    "AFP_R50R20_AB",
    "AFP_R50_LRT",
    "AFP_R50_TACE",
    "AFP_R75_W6",
    "AFP_REACH",
    "AFP_REACH_PD",
    "MARKER_RULES",
    "ROSE",
    "Cut",
    "MarkerRule",
    "marker_rule_named",
]


def _exact(value: converters.Exact) -> Fraction:
    return converters.exact(value, like="1/5")


def _day(value: converters.Whole) -> int:
    return converters.whole(value, 0, must_be="whole days, at least 0")


def _no_cut(cut: Any, alias: str, error: ValueError) -> CriteriaError:
    return CriteriaError(f"cut {cut.name}: {alias} {error}")


def _no_rule(rule: Any, alias: str, error: ValueError) -> CriteriaError:
    return CriteriaError(f"marker rule {rule.id}: {alias} {error}")


@attrs.frozen(field_transformer=converters.named(_no_cut))
class Cut:
    """A change that a rule asks for: a fall of `fall` or more, a rise of `rise` or more.

    Give one of them, as an exact share of the reference. Not `inclusive`: more than that.
    `rise_at_most` asks for a rise of at most so much, none, or a fall.
    """

    name: str
    fall: Fraction | None = attrs.field(
        default=None, converter=attrs.converters.optional(_exact), kw_only=True
    )
    rise: Fraction | None = attrs.field(
        default=None, converter=attrs.converters.optional(_exact), kw_only=True
    )
    rise_at_most: Fraction | None = attrs.field(
        default=None, converter=attrs.converters.optional(_exact), kw_only=True
    )
    inclusive: bool = attrs.field(default=True, kw_only=True)

    def __attrs_post_init__(self) -> None:
        given = [share for share in (self.fall, self.rise, self.rise_at_most) if share is not None]
        if len(given) != 1 or given[0] < 0 or (self.fall or 0) > 1:
            raise CriteriaError(
                f"cut {self.name}: give one of fall (0 to 1), rise and rise_at_most (from 0), "
                f"got {', '.join(map(str, given)) or 'none'}"
            )

    def judge(self, change: Range) -> Met:
        """Whether a change, as a share of the reference, is as far as this asks for."""
        if self.fall is not None:
            return met(change.at_most(-self.fall, inclusive=self.inclusive))
        if self.rise is not None:
            return met(change.at_least(self.rise, inclusive=self.inclusive))
        return met(change.at_most(self.rise_at_most or Fraction(0), inclusive=self.inclusive))

    def __str__(self) -> str:
        """What is asked for: `a fall of 20 % or more`."""
        if self.rise_at_most is not None:
            if not self.rise_at_most:
                return "no rise" if self.inclusive else "a fall"
            than = "at most" if self.inclusive else "less than"
            return f"a fall, or a rise of {than} {number(100 * self.rise_at_most)} %"
        way, share = ("rise", self.rise) if self.fall is None else ("fall", self.fall)
        told = f"{number(100 * (share or Fraction(0)))} %"
        return f"a {way} of {told} or more" if self.inclusive else f"a {way} of more than {told}"


def _cuts(value: Iterable[Cut]) -> tuple[Cut, ...]:
    return tuple(value)


def _floors(value: Any) -> tuple[tuple[str, Fraction | None], ...]:
    return tuple((name, _floor(name, floor)) for name, floor in dict(value).items())


def _floor(name: str, value: Any) -> Fraction | None:
    try:
        return None if value is None else _exact(value)
    except ValueError as error:
        raise ValueError(f"of {name} {error}") from None


@attrs.frozen(kw_only=True, field_transformer=converters.named(_no_rule), repr=False)
class MarkerRule:
    """One rule of marker response: its cuts, its day, its floor, its study.

    `floors` names the markers it is for (a mapping), each with the reference that it asks for in
    the marker's own unit (`None`: none; not `floor_inclusive`: more than that). Days count from the
    start of the line; without a `last_day` the lowest value from `first_day` on counts. `cuts` are
    tried in order, and the first is the response; `between` names what meets none of them.
    """

    id: str
    cuts: tuple[Cut, ...] = attrs.field(converter=_cuts)
    first_day: int = attrs.field(converter=_day)
    last_day: int | None = attrs.field(converter=attrs.converters.optional(_day))
    window_days: int = attrs.field(default=7, converter=_day)
    floors: tuple[tuple[str, Fraction | None], ...] = attrs.field(
        default=((AFP.name, None),), converter=_floors
    )
    floor_inclusive: bool = True
    reference: str = "the value at the start of the line"
    between: str = "none of these"
    when: str
    setting: str
    note: str = ""
    source: Citation
    readings: tuple[Reading, ...] = (
        readings_.MARKER_REFERENCE,
        readings_.MARKER_LINE,
        readings_.MARKER_WINDOW,
        readings_.MARKER_LIMIT,
    )

    def __attrs_post_init__(self) -> None:
        if not self.cuts or not self.floors:
            raise CriteriaError(f"marker rule {self.id}: give at least one cut and one marker")
        if self.last_day is not None and self.last_day < self.first_day:
            told = f"must be at least first_day {self.first_day}, got {self.last_day}"
            raise CriteriaError(f"marker rule {self.id}: last_day {told}")

    def __repr__(self) -> str:
        return f"<MarkerRule {self.id}>"

    def __str__(self) -> str:
        """The rule in one sentence, with its setting and source."""
        cuts = "; ".join(f"{cut.name}: {cut}" for cut in self.cuts)
        floors = ", ".join(
            f"{name} {'>=' if self.floor_inclusive else '>'} {number(floor)}"
            for name, floor in self.floors
            if floor is not None
        )
        floor = f", from {floors}" if floors else ""
        return f"{self.id}: {cuts}, {self.when}{floor} ({self.setting}) [{self.source}]"


# ---- the studies, and their rules

VERIFIED, RECALLED = Evidence.VERIFIED, Evidence.RECALLED

CELESTIAL = Paper(
    "CELESTIAL, AFP 2020",
    "AFP response to cabozantinib in the CELESTIAL trial. Clin Cancer Res 2020;26:4795.",
)
LEE_2015 = Paper(
    "Lee 2015",
    "Lee S, et al. Early alpha-fetoprotein response predicts survival in "
    "patients with advanced hepatocellular carcinoma treated with sorafenib. "
    "J Hepatocell Carcinoma 2015;2:39-47.",
    "10.2147/JHC.S79353",
)
SPIRA_2011 = Paper(
    "Spira 2011",
    "Spira D, et al. Comparison of different tumor response criteria "
    "in patients with hepatocellular carcinoma after systemic therapy. "
    "Acad Radiol 2011.",
)
MEMON_2012 = Paper(
    "Memon 2012",
    "Memon K, et al. Alpha-fetoprotein response correlates with EASL "
    "response and survival in solitary hepatocellular carcinoma treated with "
    "transarterial therapies: a subgroup analysis. J Hepatol 2012;56:1112-1120.",
    "10.1016/j.jhep.2011.11.020",
)
TACE_2013 = Paper(
    "TACE, AFP and DCP 2013",
    "AFP and DCP response to TACE. BMC Cancer 2013;13:5.",
    "10.1186/1471-2407-13-5",
)
ZHU_2022 = Paper(
    "Zhu 2022",
    "Zhu AX, et al. Alpha-fetoprotein as a potential surrogate biomarker "
    "for atezolizumab + bevacizumab treatment of hepatocellular carcinoma. "
    "Clin Cancer Res 2022;28:3537-3545.",
    "10.1158/1078-0432.CCR-21-3275",
)
ATEZO_BEV_EARLY = Paper(
    "Atezolizumab-bevacizumab, early AFP",
    "AFP response to atezolizumab and bevacizumab in practice. Invest New Drugs.",
    "10.1007/s10637-022-01303-w",
)
CR_PREDICTOR = Paper(
    "AFP at 3 weeks, preprint",
    "Early AFP response and complete response. Research Square rs-3931374/v1.",
    "10.21203/rs.3.rs-3931374/v1",
)
DURVA_TREME = Paper(
    "Durvalumab-tremelimumab, AFP and DCP",
    "AFP and DCP response to durvalumab and tremelimumab. PMC11423983.",
)
CHAU_2018 = Paper(
    "Chau 2018",
    "Chau I, et al. Alpha-fetoprotein kinetics in patients with "
    "hepatocellular carcinoma receiving ramucirumab or placebo: an analysis of the "
    "phase 3 REACH study. Br J Cancer 2018;119:19-26.",
    "10.1038/s41416-018-0103-0",
)
CHAN_2009 = Paper(
    "Chan 2009",
    "Chan SL, et al. Serial alpha-fetoprotein in patients with "
    "hepatocellular carcinoma undergoing systemic chemotherapy. J Clin Oncol "
    "2009;27:446-452. PubMed 19064965.",
)

ROSE = Cut("rose", rise="3/10", inclusive=False)
"""A rise beside imaging, unless another is given (Reading RD-MARKER-ROSE)."""

AFP_R20_W8 = MarkerRule(
    id="AFP-R20-W8",
    cuts=[Cut("AFP response", fall="1/5")],
    first_day=56,
    last_day=56,
    when="week 8",
    setting="cabozantinib, CELESTIAL",
    note="reached by 50 % on cabozantinib and 13 % on placebo",
    source=CELESTIAL.at("AFP response at week 8", VERIFIED),
)
AFP_CTRL_W8 = MarkerRule(
    id="AFP-CTRL-W8",
    cuts=[Cut("AFP control", rise_at_most=0)],
    first_day=56,
    last_day=56,
    when="week 8",
    setting="cabozantinib, CELESTIAL",
    note="the best cut-off of that analysis",
    source=CELESTIAL.at("AFP control at week 8", VERIFIED),
)
AFP_R20_SOR = MarkerRule(
    id="AFP-R20-SOR",
    cuts=[Cut("AFP response", fall="1/5", inclusive=False)],
    first_day=42,
    last_day=56,
    when="weeks 6 to 8",
    setting="sorafenib",
    source=LEE_2015.at("AFP response", VERIFIED),
)
AFP_R20_SPIRA = MarkerRule(
    id="AFP-R20-SPIRA",
    cuts=[
        Cut("marker PR", fall="1/5", inclusive=False),
        Cut("marker PD", rise="3/10", inclusive=False),
    ],
    between="marker SD",
    first_day=1, last_day=None, when="best value of the line",
    floors={AFP.name: 20},
    setting="sorafenib, with MRI",
    source=SPIRA_2011.at("AFP criteria", VERIFIED),
    readings=(
        readings_.MARKER_REFERENCE, readings_.MARKER_LINE, readings_.MARKER_WINDOW,
        readings_.MARKER_LIMIT,
        readings_.SPIRA_UNIT,
    ),
)  # fmt: skip
AFP_R50_LRT = MarkerRule(
    id="AFP-R50-LRT",
    cuts=[Cut("AFP response", fall="1/2", inclusive=False)],
    first_day=91,
    last_day=91,
    window_days=14,
    when="month 3",
    floors={AFP.name: 200},
    setting="transarterial therapy",
    source=MEMON_2012.at("AFP response", VERIFIED),
)
AFP_R50_TACE = MarkerRule(
    id="AFP-R50-TACE",
    cuts=[Cut("marker response", fall="1/2", inclusive=False)],
    first_day=30,
    last_day=30,
    window_days=14,
    when="month 1",
    floors={AFP.name: 20, PIVKA_II.name: 20},
    setting="TACE",
    note="a DCP response did not predict survival",
    source=TACE_2013.at("AFP and DCP response", VERIFIED),
)
AFP_R75_W6 = MarkerRule(
    id="AFP-R75-W6",
    cuts=[Cut("responder", fall="3/4"), Cut("disease control", rise_at_most="1/10")],
    first_day=42, last_day=42, when="week 6",
    setting="atezolizumab and bevacizumab",
    source=ZHU_2022.at("AFP cut-offs at 6 weeks", VERIFIED),
)  # fmt: skip
AFP_R50R20_AB = MarkerRule(
    id="AFP-R50R20-AB",
    cuts=[
        Cut("as with objective response", fall="1/2"),
        Cut("as with disease control", fall="1/5"),
    ],
    first_day=1, last_day=None, when="lowest value of the line",
    floors={AFP.name: 10},
    setting="atezolizumab and bevacizumab",
    source=ATEZO_BEV_EARLY.at("AFP response", VERIFIED),
)  # fmt: skip
AFP_R20_W3 = MarkerRule(
    id="AFP-R20-W3",
    cuts=[Cut("AFP response", fall="1/5", inclusive=False)],
    first_day=21,
    last_day=21,
    when="week 3",
    setting="predictor of complete response",
    source=CR_PREDICTOR.at("AFP at 3 weeks", VERIFIED),
)
AFP_R10_DT = MarkerRule(
    id="AFP-R10-DT",
    cuts=[Cut("marker response", fall="1/10")],
    first_day=28,
    last_day=28,
    when="week 4",
    floors={AFP.name: None, PIVKA_II.name: None},
    setting="durvalumab and tremelimumab",
    source=DURVA_TREME.at("AFP and DCP at 4 weeks", VERIFIED),
)
AFP_REACH = MarkerRule(
    id="AFP-REACH",
    cuts=[Cut("AFP response", fall="1/5")],
    first_day=42,
    last_day=None,
    when="lowest value from 3 cycles of 2 weeks on",
    setting="ramucirumab, REACH trials",
    note="response went with a survival of 13.6 against 6.2 months; only the cut is recalled",
    source=CHAU_2018.at("AFP response", RECALLED),
    readings=(
        readings_.MARKER_REFERENCE,
        readings_.MARKER_LINE,
        readings_.MARKER_WINDOW,
        readings_.MARKER_LIMIT,
        readings_.CYCLES,
    ),
)
AFP_REACH_PD = MarkerRule(
    id="AFP-REACH-PD",
    cuts=[Cut("AFP progression", rise="1/5")],
    first_day=42,
    last_day=42,
    when="week 6, after 3 cycles of 2 weeks",
    setting="ramucirumab, REACH trials",
    note="the trials measured AFP every 3 cycles; this is the first of these days",
    source=CHAU_2018.at("AFP progression", VERIFIED),
    readings=(
        readings_.MARKER_REFERENCE,
        readings_.MARKER_LINE,
        readings_.MARKER_WINDOW,
        readings_.MARKER_LIMIT,
        readings_.CYCLES,
    ),
)
AFP_CHAN = MarkerRule(
    id="AFP-CHAN",
    cuts=[Cut("AFP response", fall="1/5", inclusive=False)],
    first_day=42,
    last_day=None,
    when="lowest value after 2 cycles or more",
    floors={AFP.name: 20},
    floor_inclusive=False,
    setting="chemotherapy",
    source=CHAN_2009.at("AFP response", VERIFIED),
    readings=(
        readings_.MARKER_REFERENCE,
        readings_.MARKER_LINE,
        readings_.MARKER_WINDOW,
        readings_.MARKER_LIMIT,
        readings_.CYCLES,
    ),
)

MARKER_RULES: Mapping[str, MarkerRule] = ReadOnly(
    {
        rule.id: rule
        for rule in (
            AFP_R20_W8, AFP_CTRL_W8, AFP_R20_SOR, AFP_R20_SPIRA, AFP_R50_LRT, AFP_R50_TACE,
            AFP_R75_W6, AFP_R50R20_AB, AFP_R20_W3, AFP_R10_DT, AFP_REACH,
            AFP_REACH_PD, AFP_CHAN,
        )
    }
)  # fmt: skip
"""The published rules of marker response by id."""


def marker_rule_named(rule: MarkerRule | str) -> MarkerRule:
    """The published rule of that id; a rule is given back as it is."""
    if isinstance(rule, MarkerRule):
        return rule
    return converters.look_up("marker rule", rule, MARKER_RULES, "a MarkerRule", NotThereError)
