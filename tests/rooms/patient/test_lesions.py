"""What the criteria make of a lesion: the table of sorts, against a written procedure."""

from __future__ import annotations

from itertools import product

import attrs
import pytest

from mrecist import CRITERIA, MRECIST, Criteria, Lesion
from mrecist._base.words import Enhancement, Group, Kind, Measure, NewRule
from mrecist.patient.chart import Trait
from mrecist.rulebook.lesions import PROPERTIES, Sort

PROTOCOLS = (
    *CRITERIA.values(),
    attrs.evolve(MRECIST, name="lax", effusions_need_cytology=False, new_nodule_mm=3),
    attrs.evolve(MRECIST, name="small", gone_node_mm=5, diseased_hilar_node_mm=8),
)


def expected(
    kind: Kind, organ: str, hilar: bool, arterial: bool, own: Criteria
) -> dict[str, object]:
    """Step by step: size, limits, proof, rule for new lesions."""
    node, liver_nodule = kind is Kind.NODE, kind is Kind.NODULE and organ == "liver"
    to_prove = kind is Kind.EFFUSION and own.effusions_need_cytology
    measure, diseased, target = Measure.LONGEST, 0, own.target_nodule_um
    if liver_nodule and arterial:
        measure = own.liver_nodule_size
    if node:
        measure, diseased, target = Measure.SHORT, own.diseased_node_um, own.target_node_um
    if node and hilar:
        diseased, target = own.diseased_hilar_node_um, own.target_hilar_node_um
    tumour = kind is Kind.THROMBUS or (kind in (Kind.INFILTRATIVE, Kind.OTHER) and organ == "liver")
    new_rule = NewRule.CYTOLOGY if to_prove else NewRule.UNEQUIVOCAL
    group = {Kind.NODE: Group.NODE, Kind.EFFUSION: Group.EFFUSION}.get(kind, Group.OTHER)
    return {
        "group": group,
        "measure": measure,
        "measure_where_viable": own.liver_nodule_size if tumour and arterial else measure,
        "smallest_diseased_um": diseased,
        "smallest_target_um": target,
        "strict_hilum": node and hilar and own.hilar_nodes_differ,
        "smallest_left_um": own.gone_node_um if node else 1,
        "needs_cytology": to_prove,
        "new_rule": own.new_liver_nodule if liver_nodule else new_rule,
        "organ": "NODES" if node else organ,
    }


class TestSorts:
    """The table and the procedure agree, whatever the lesion and the criteria."""

    @pytest.mark.parametrize("own", PROTOCOLS, ids=lambda own: own.name)
    def test_every_lesion(self, own: Criteria) -> None:
        """Every kind, in the liver and outside, at the hilum and not, enhancing and not."""
        for kind, organ, hilar, enhancement in product(
            Kind, ("liver", "lung"), (False, True), Enhancement
        ):
            lesion = Lesion("L", organ, kind, hilar=hilar, enhancement=enhancement)
            trait = Trait.of(lesion, lesion, own)
            asked = expected(kind, organ, hilar, enhancement is Enhancement.ARTERIAL, own)
            assert {name: getattr(trait, name) for name in asked} == asked

    def test_properties(self) -> None:
        """Each sort has its properties."""
        assert set(PROPERTIES) == set(Sort)
