"""Sound protocols: the named criteria, and what a trial may have made of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
from hypothesis import strategies as st

from .._base.words import Measure, NewRule
from ..rulebook.criteria import CRITERIA, Criteria
from ._choices import Draw, pick

__all__ = ["criteria"]

Amendment = dict[str, Any]

_NAMED = st.sampled_from(list(CRITERIA.values()))
_NAMES = st.sampled_from([None, "my trial"])
_SHARES = st.sampled_from(
    [Fraction(3, 10), Fraction(1, 5), Fraction(1, 10), Fraction(1, 2), Fraction(1, 3), Fraction(1)]
)
_LENGTHS = st.sampled_from([10_000, 15_000, 20_000, 9_999, 10_001, 5_000, 0]).map(
    lambda micrometres: Fraction(micrometres, 1000)
)
_STEPS = st.sampled_from([0, 5, 10]).map(Fraction)
_DAYS = st.sampled_from([28, 42, 27, 29, 41, 43, 56, 1])


def _nodes(
    gone: Fraction, more: Fraction, hilar: Fraction, target: Fraction, hilar_target: Fraction
) -> Amendment:
    """Limits of nodes in the only order that is sound: gone, diseased, target."""
    diseased, diseased_hilar = gone + more, gone + more + hilar
    return {
        "gone_node_mm": gone,
        "diseased_node_mm": diseased,
        "diseased_hilar_node_mm": diseased_hilar,
        "target_node_mm": diseased + target,
        "target_hilar_node_mm": diseased_hilar + hilar_target,
    }


def _counts(each: int, more: int, in_liver: int | None) -> Amendment:
    """So many targets an organ, so many more in all, and perhaps others in the liver."""
    liver = None if in_liver is None else min(in_liver, each + more)
    return {
        "targets_per_organ": each,
        "targets_in_all": each + more,
        "targets_in_liver": liver,
    }


def _each(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Amendment]:
    return st.fixed_dictionaries(fields)


_AMENDMENTS: tuple[st.SearchStrategy[Amendment], ...] = (
    _each(response_share=_SHARES),
    _each(progression_share=_SHARES, pd_operator=st.sampled_from((">=", ">"))),
    _each(progression_floor_mm=_LENGTHS),
    _each(target_nodule_mm=_LENGTHS),
    _each(new_nodule_mm=_LENGTHS, new_nodule_growth_mm=_LENGTHS),
    _each(new_node_growth_mm=_LENGTHS),
    _each(growth_share=_SHARES, growth_mm=_LENGTHS),
    _each(too_small_mm=_LENGTHS),
    st.builds(_nodes, _LENGTHS, _STEPS, _STEPS, _STEPS, _STEPS),
    st.builds(
        _counts,
        pick((2, 2), (1, 1), (1, 3)),
        pick((2, 3), (1, 0), (1, 6)),
        pick((2, None), (1, 1), (1, 5)),
    ),
    _each(stable_days=_DAYS, baseline_days=_DAYS),
    _each(confirmation_days=_DAYS, confirmation_gaps=st.integers(0, 3)),
    _each(treated_targets=st.booleans()),
    _each(effusions_need_cytology=st.booleans()),
    _each(liver_nodule_size=st.sampled_from([Measure.VIABLE, Measure.LONGEST])),
    _each(new_liver_nodule=st.sampled_from([NewRule.HCC, NewRule.UNEQUIVOCAL])),
)
_CHOSEN = st.lists(st.sampled_from(_AMENDMENTS), max_size=4)


@st.composite
def criteria(draw: Draw, *, named: st.SearchStrategy[Criteria] = _NAMED) -> Criteria:
    """Sound protocols: published criteria, or with a few of their numbers and rules changed.

    Each is one that the constructor accepts: shares above 0 and at most 1, limits of nodes in
    order, counts that fit. One that differs from the criteria it was made of is called by a name
    of its own or `...-amended`. `named`: what to start from.

        >>> from hypothesis import find
        >>> find(criteria(), lambda protocol: protocol.progression_floor_um > 0).name != "mrecist"
        True
    """
    start = draw(named)
    changes: Amendment = {}
    for amendment in draw(_CHOSEN):
        changes |= draw(amendment)
    name = draw(_NAMES) if changes else None
    return attrs.evolve(start, **changes | ({"name": name} if name else {}))
