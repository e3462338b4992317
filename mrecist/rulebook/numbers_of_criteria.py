"""The numbers of the criteria that no rule of a table states, and where each comes from."""

from __future__ import annotations

import attrs

from .papers import (
    ADMIRALONCO,
    EASL_2001,
    EISENHAUER_2009,
    LEAP_012,
    LENCIONI_LLOVET_2010,
    LLOVET_LENCIONI_2020,
    REFLECT,
    WHO_1979,
    Citation,
    Evidence,
)
from .readings import AREA_NADIR, AREA_ROLES, EASL_TARGETS, NODE_CR, STABLE_Q6W, Reading

__all__ = ["NUMBERS", "Number"]


@attrs.frozen
class Number:
    """A number of the criteria that no rule of a table states, and where it comes from."""

    id: str
    fields: tuple[str, ...]
    sentence: str
    source: Citation | Reading


NUMBERS = (
    Number("TS-10", ("targets_per_organ", "targets_in_all"), "at most 2 targets an organ, 5 in all",
           LENCIONI_LLOVET_2010.at("target lesions", Evidence.RESTATED)),
    Number("TS-12", ("treated_targets",), "a treated lesion may be a target by its viable part",
           LENCIONI_LLOVET_2010.at("target lesions", Evidence.RECALLED)),
    Number("EH-SUM", ("liver_nodule_size",),
           "viable diameters in the liver and whole ones outside it make one total",
           LENCIONI_LLOVET_2010.at("target lesions", Evidence.RECALLED)),
    Number("EFF-WORSENS", ("effusions_need_cytology",),
           "an effusion that appears or worsens is progression only with cytology",
           LENCIONI_LLOVET_2010.at("pleural effusion and ascites", Evidence.RECALLED)),
    Number("V20-02", ("progression_floor_um",),
           "no absolute floor of progression; whether the paper of 2020 adds one is open",
           LLOVET_LENCIONI_2020.at("target lesion response", Evidence.RECALLED)),
    Number("LN-OTHER-15", ("target_node_um",), "a node may be a target from 15 mm short axis on",
           LENCIONI_LLOVET_2010.at("lymph nodes", Evidence.RESTATED)),
    Number("TL-LN-CR", ("gone_node_um",), "a target node is gone below 10 mm short axis", NODE_CR),
    Number("MEAS-15", ("baseline_days",), "a baseline is at most 28 days old at the start",
           EISENHAUER_2009.at("baseline documentation", Evidence.VERIFIED)),
    Number("BOR-03", ("confirmation_days",), "a confirmation comes at least 28 days later",
           ADMIRALONCO.at("reference interval of confirmation", Evidence.VERIFIED)),
    Number("BOR-04", ("stable_days",), "stable disease counts from day 42 on",
           ADMIRALONCO.at("reference interval of stable disease", Evidence.VERIFIED)),
    Number("BOR-08", ("confirmation_gaps",), "one NE may lie before a confirmation",
           ADMIRALONCO.at("most NE before a confirmation", Evidence.VERIFIED)),
    Number("R11-TS-00", ("targets_per_organ", "targets_in_all", "baseline_days"),
           "at most 2 targets an organ, 5 in all; a baseline at most 28 days old",
           EISENHAUER_2009.at("baseline documentation", Evidence.VERIFIED)),
    Number("LEAP-TARGETS", ("targets_in_liver",), "at most 5 targets in the liver",
           LEAP_012.at("RECIST 1.1 as modified for the trial", Evidence.VERIFIED)),
    Number("REFLECT-SD", ("stable_days",), "stable disease counts from seven weeks on",
           REFLECT.at("secondary outcomes", Evidence.RECALLED)),
    Number("REFLECT-UNCONFIRMED", ("confirmation_days",), "a response needs no confirmation",
           REFLECT.at("secondary outcomes", Evidence.RECALLED)),
    Number("STABLE-Q6W", ("stable_days",), "stable disease counts from day 35 on", STABLE_Q6W),
    Number("R11-MEAS-04", ("treated_targets",), "a treated lesion is normally not measurable",
           EISENHAUER_2009.at("measurable disease", Evidence.VERIFIED)),
    Number("EFF-RECIST", ("effusions_need_cytology",), "cytology of effusions is not required",
           EISENHAUER_2009.at("cytology of effusions", Evidence.VERIFIED)),
    Number("EASL-AREA", ("area",), "viable areas: the product of two viable diameters",
           EASL_2001.at("evaluation of response", Evidence.RESTATED)),
    Number("EASL-TARGETS", ("targets_per_organ",), "at most two targets, in the liver",
           EASL_TARGETS),
    Number("EASL-NO-FLOOR", ("progression_floor_um",), "no absolute floor of progression",
           EASL_2001.at("evaluation of response", Evidence.RESTATED)),
    Number("AREA-OPERATOR", ("pd_operator",), "a rise of exactly a quarter is progression",
           AREA_NADIR),
    Number("AREA-DIAMETERS", ("target_nodule_um", "gone_node_um"),
           "targets, disease and what is gone are told by diameters", AREA_ROLES),
    Number("WHO-AREA", ("area",), "areas of whole lesions: longest by perpendicular diameter",
           WHO_1979.at("measurable disease", Evidence.RESTATED)),
    Number("WHO-ALL", ("targets_per_organ", "targets_in_all"),
           "every measurable lesion is a target",
           WHO_1979.at("objective response", Evidence.RESTATED)),
)  # fmt: skip
"""The numbers of criteria whose ids stand in no table."""
