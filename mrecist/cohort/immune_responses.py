"""Results of a cohort by iRECIST or imRECIST: `ImmuneResponses`."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np

from .._base.arrays import NO_DAY, Array
from .._base.converters import Date, word
from .._base.words import ImmuneResponse, NewLesion, PendingIs, Response
from ..endpoints.immune import ImmuneCourse, as_plain
from ..patient.engine import assess
from ..rulebook.best_response import BEST
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.decision_table import verdicts
from ..rulebook.immune import IMMUNE, IMMUNE_BEST
from ..rulebook.immune_criteria import ImmuneCriteria
from ..rulebook.immune_joined import JOINED
from ..rulebook.policies import FDA_A, Policy, policy_named
from ..rulebook.therapy import EXPOSURE
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from . import agreement, tables_out
from .beside import Beside
from .endpoints import Endpoints
from .fired import Fired, rows_fired
from .immune import ImmuneLines, ImmuneTimepoints
from .over_time import CAUSES
from .panel import Panel
from .rates_of import ResponseRates
from .responses import Responses

__all__ = ["ImmuneResponses"]


_pending = word(PendingIs)


class ImmuneResponses(Beside[Any], ResponseRates[Any]):
    """Every verdict on a cohort by iRECIST or imRECIST, as tables of the kind that came in.

    It stands beside the responses by the criteria beneath, never in their place: judge the same
    tables by those too.
    """

    criteria: ImmuneCriteria
    _INSTEAD = "give what assess_cohort() gives by the criteria beneath, which these stand beside"

    def __init__(
        self, data: Read, criteria: ImmuneCriteria, panel: Panel, plain: Responses
    ) -> None:
        assert panel.immune is not None
        super().__init__(data, panel, plain)
        self.criteria = criteria
        self._found: tuple[ImmuneTimepoints, ImmuneLines] = panel.immune

    @cached_property
    def timepoints(self) -> Any:
        """One row per follow-up of a line: the sums, the words with an i, what is odd.

        `total_mm` is that of the targets; `new_total_mm` that of the new lesions that are measured,
        empty where none is.
        """
        beneath = tables_out.timepoint_columns(self._data, self._plain.criteria, self.panel)
        found = self._found[0]
        told = self._words
        kept = ("patient", "line", "date", "day", "total_mm", "nadir_mm", "baseline_total_mm",
                "target", "nontarget")  # fmt: skip
        return self._restore(
            {
                **{name: beneath[name] for name in kept},
                "new_total_mm": tables_out.millimetres(np.where(found.new_um, found.new_um, -1)),
                "new_lesion": tables_out.words(tuple(NewLesion), found.new_lesion),
                "computed": tables_out.words(told, found.computed),
                "reported": tables_out.words(told, found.reported),
                "agrees": Coded(found.agrees, [False, True]),
                "response": tables_out.words(told, found.response),
                "source": Coded(found.stands_in.astype(np.int8), ["computed", "reported"]),
                "problems": tables_out.problems_of(found.problems),
                **tables_out.kept_of(self.panel, self.panel.timepoints.line),
            }
        )

    @cached_property
    def lines(self) -> Any:
        """One row per line: targets, best responses (iBOR), progression, what is pending.

        A progression is dated to the first scan of the unconfirmed one that `confirmed_date`
        confirms; `pending_date` is that of one which is unconfirmed at the end of the line.
        """
        beneath = tables_out.line_columns(self._data, self._plain.criteria, self.panel)
        found, told = self._found[1], self._words
        causes = [
            ";".join(cause for bit, cause in enumerate(CAUSES) if bits >> bit & 1)
            for bits in range(1 << len(CAUSES))
        ]
        kept = ("patient", "line", "agents", "start", "baseline", "targets", "nontargets")
        best, sure = (
            verdicts(IMMUNE_BEST, rule) for rule in (found.best_rule, found.confirmed_rule)
        )
        exposures = verdicts(EXPOSURE, found.exposure_rule)
        return self._restore(
            {
                **{name: beneath[name] for name in kept},
                "best_response": tables_out.words(told, best),
                "confirmed_best_response": tables_out.words(told, sure),
                "progression_date": self._dates(found.progression),
                "progression_causes": tables_out.used(Coded(found.causes, causes)),
                "confirmed_date": self._dates(found.confirmed_at),
                "pending_date": self._dates(found.pending),
                "exposure": tables_out.words(tables_out.table_verdicts(EXPOSURE), exposures),
                "rechallenge_of": Plain(found.rechallenge_of, found.rechallenge_of < 0),
                "problems": beneath["problems"],
                **self.panel.kept,
            }
        )

    @property
    def lesions(self) -> Any:
        """One row per follow-up and treated lesion, as `Responses.lesions`: beside the words."""
        return self._plain.lesions

    @property
    def _words(self) -> tuple[Any, ...]:
        """The words by their codes, which are the same with an i and without."""
        return tuple(Response if self.criteria.joined else ImmuneResponse)

    def _dates(self, at: Array) -> Any:
        """The dates of some follow-ups, one per line; empty where there is none."""
        days, some = np.full(len(at), NO_DAY), at >= 0
        days[some] = self.panel.timepoints.day[at[some]]
        return tables_out.dates(self._data, days, self.panel.lines.patient)

    def endpoints(
        self, policy: Policy | str = FDA_A, *, pending: PendingIs | str = PendingIs.BY_COURSE
    ) -> Endpoints:
        """The times of every line by a policy, progression being what was confirmed.

        It is dated to the first scan of the unconfirmed progression (Reading RD-IR-DAY).
        By imRECIST nothing is pending, and a PD that a later scan refutes counts as stable disease.

        Args:
            policy: `FDA_A`, `EMA_ITT`, the name of one of them or a custom `Policy`.
            pending: What a progression is that was never confirmed: `"by course"` (an event where
                the line stopped, the patient died or no later scan exists, else censored on its
                day), `"event"` or `"censored"`.

        Returns:
            The times, as a table, as arrays and as estimates.

        Raises:
            CriteriaError: A policy that is not known.
            ValueError: Another word for `pending`.
        """
        panel, criteria = self._as_plain(_pending(pending)), self._plain.criteria
        return Endpoints(self._data, criteria, panel, policy_named(policy), self._restore)

    @cached_property
    def _in_plain_words(self) -> Responses:
        """The same verdicts for figures, which know the words of RECIST: PD is what was confirmed.

        A progression that was never confirmed counts by the course of the line, as by `endpoints`.
        Rules and reasons are those of the criteria beneath, so nothing else is asked of it.
        """
        named = attrs.evolve(self._plain.criteria, name=self.criteria.name)
        return Responses(self._data, named, self._as_plain(), self._restore)

    def _as_plain(self, pending: PendingIs = PendingIs.BY_COURSE) -> Panel:
        """The verdicts in the words of RECIST, progression being what counts as one."""
        found = as_plain(self._course, pending)
        return attrs.evolve(
            self.panel,
            timepoints=attrs.evolve(
                self.panel.timepoints,
                response=found.response,
                partial=found.partial,
                reported=found.reported,
            ),
            lines=attrs.evolve(
                self.panel.lines,
                best_rule=found.best_rule,
                confirmed_rule=found.confirmed_rule,
                progression=found.progression,
            ),
            immune=None,
        )

    @property
    def _rated(self) -> Panel:
        return self._as_plain()

    def fired(self) -> Any:
        """How often each rule decided, one row per rule, as `Responses.fired`.

        The tables are `target`, `nontarget` and the new lesions of the criteria beneath; `immune`,
        the words of follow-ups, and `immune-best`, which decides twice a line, unconfirmed and
        confirmed; by imRECIST `immune-joined`, `best` and `confirmed`; and `exposure`. How
        progression is confirmed or refuted is not counted: `why` tells it of each follow-up.
        """
        timepoints, lines = self._found
        beneath, rules = self.panel.timepoints, self._plain.criteria.rules
        fired: Fired = {
            "target": (rules.target, beneath.target_rule),
            "nontarget": (rules.nontarget, beneath.nontarget_rule),
            rules.new_lesion.name: (rules.new_lesion, self.panel.news.rule),
            "exposure": (EXPOSURE, lines.exposure_rule),
        }
        if self.criteria.joined:
            best = self._rated.lines
            fired |= {
                "immune-joined": (JOINED, timepoints.rule),
                "best": (BEST, best.best_rule),
                "confirmed": (CONFIRMED, best.confirmed_rule),
            }
        else:
            best_twice = np.append(lines.best_rule, lines.confirmed_rule)
            fired |= {
                "immune": (IMMUNE, timepoints.rule),
                "immune-best": (IMMUNE_BEST, best_twice),
            }
        return self._restore(rows_fired(fired))

    def crosstab(self, other: agreement.Comparable, of: str = "response") -> agreement.Crosstab:
        """How these words (rows) agree with other responses (columns) on the same cohort.

        A word with an i agrees with the same word without it, iUPD and iCPD with PD; of two
        cohorts with such words every word is one of its own.

        Args:
            other: The other responses, such as those by the criteria beneath.
            of: As for `Responses.crosstab`.

        Returns:
            The counts, the agreement and Cohen's kappa; printed, a table.

        Raises:
            ValueError: The two share no patient, or another word for `of`.
            TypeError: `other` is neither.
        """
        return agreement.crosstab(self._judged, agreement.judged_of(other), of)

    @property
    def _judged(self) -> agreement.Judged:
        timepoints, lines = self._found
        said = {
            "response": timepoints.response,
            "best_response": verdicts(IMMUNE_BEST, lines.best_rule),
            "confirmed_best_response": verdicts(IMMUNE_BEST, lines.confirmed_rule),
        }
        return agreement.Judged(self._data, self.criteria, self.panel, self._words, said)

    @property
    def _course(self) -> ImmuneCourse:
        timepoints, lines = self._found
        told = self._data.judged_lines(self.panel.lines.patient, self.panel.lines.start)
        return ImmuneCourse(
            line=self.panel.timepoints.line,
            response=timepoints.response,
            reported=timepoints.reported,
            partial=timepoints.partial,
            best_rule=lines.best_rule,
            confirmed_rule=lines.confirmed_rule,
            progression=lines.progression,
            pending=lines.pending,
            stop=told.stop,
            death=told.death,
        )

    def why(self, patient: Any, line: int | None = None, date: Date | str | None = None) -> str:
        """Every reason behind the words for one patient, one line or one date, as `explain`.

        Args:
            patient: The id, as it stands in the tables or as text.
            line: The number of the line, from 1; left out, all lines.
            date: The date of a time point; left out, all.

        Returns:
            Text of several lines.

        Raises:
            NotThereError: There is no such patient, line or date.
            CaseError: The rows of the patient hold a mistake.
        """
        return assess(self.patient(patient), criteria=self.criteria).told(line=line, date=date)

    def __repr__(self) -> str:
        judged = len(np.unique(self.panel.lines.patient))
        return f"<ImmuneResponses by {self.criteria.name}: {judged} patients>"
