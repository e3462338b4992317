"""Criteria as they were asked for: by which a cohort is judged, and which answer that gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from .._base.errors import CriteriaError
from .._base.words import PendingIs
from ..rulebook.criteria import MRECIST, Criteria, criteria_named
from ..rulebook.immune_criteria import ImmuneCriteria, immune_criteria
from ..rulebook.lesion_criteria import LesionCriteria, lesion_criteria
from ..rulebook.policies import Policy
from ..tables.intake import Read
from .adam_rows import Origin
from .endpoints import Endpoints
from .kept import Kept, carried
from .panel import Panel
from .responses import Responses

if TYPE_CHECKING:
    from .immune_responses import ImmuneResponses
    from .lesion_responses import LesionResponses

__all__ = ["AnyCriteria", "Asked", "asked_for", "times_of"]

AnyCriteria = Criteria | LesionCriteria | ImmuneCriteria | str


@attrs.frozen(kw_only=True)
class Asked:
    """Criteria of any kind: those `beneath` give windows, sizes and responses.

    `immune` and `by_lesion` are what stands on them, where that was asked for.
    """

    beneath: Criteria
    immune: ImmuneCriteria | None = None
    by_lesion: LesionCriteria | None = None

    @property
    def name(self) -> str:
        """The name of the criteria that were asked for."""
        return (self.immune or self.by_lesion or self.beneath).name

    def require_times(self, pending: PendingIs | str | None = None) -> None:
        """Refuse criteria without times to events, and `pending` where nothing can be."""
        if self.by_lesion is not None:
            raise CriteriaError(
                f"{self.name} grades lesions one by one and gives a patient no response, so there "
                "are no times to events: take other criteria, or the table of lesions that "
                "`mrecist cohort` writes"
            )
        if pending is not None and (self.immune is None or self.immune.joined):
            raise CriteriaError(
                f"by {self.name} no progression is pending: that is of criteria with "
                "unconfirmed progression, irecist and imrecist-hcc"
            )

    def carried(self, kept: Kept, data: Read, panel: Panel) -> Panel:
        """The panel with the columns that are kept, and with the patients who are judged apart."""
        panel = carried(kept, data, panel)
        if self.immune is None:
            return panel
        from .immune_apart import with_apart  # few ask for it

        return with_apart(data, self.immune, panel)

    def answer(
        self,
        data: Read,
        panel: Panel,
        restore: Callable[[Mapping[str, Any]], Any] | None = None,
        *,
        origin: Origin | None = None,
    ) -> Responses[Any] | LesionResponses[Any] | ImmuneResponses:
        """The answer of the kind that the criteria give."""
        found = Responses(data, self.beneath, panel, restore, origin=origin)
        if self.immune is not None:
            from .immune_responses import ImmuneResponses  # few ask for it

            return ImmuneResponses(data, self.immune, panel, found)
        if self.by_lesion is None:
            return found
        from .lesion_responses import LesionResponses  # few ask for it

        return LesionResponses(data, self.by_lesion, panel, found)


def times_of(found: Any, policy: Policy, pending: PendingIs | str | None) -> Endpoints:
    """The times to events of a cohort; `pending` is of criteria of immunotherapy."""
    more = {} if pending is None else {"pending": pending}
    times: Endpoints = found.endpoints(policy, **more)
    return times


def asked_for(criteria: AnyCriteria) -> Asked:
    """Criteria of any kind, as they are or by name.

    Raises `CriteriaError` for a name that is not known.
    """
    by_lesion, immune = lesion_criteria(criteria), immune_criteria(criteria)
    if by_lesion is not None:
        return Asked(beneath=MRECIST, by_lesion=by_lesion)
    if immune is not None:
        return Asked(beneath=criteria_named(immune.base), immune=immune)
    return Asked(beneath=criteria_named(criteria))
