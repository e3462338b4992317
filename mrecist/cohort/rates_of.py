"""The rates of a cohort by groups of lines, as `Responses` gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, Generic

from .._base.arrays import Array
from .._base.words import Exposure
from ..rulebook.criteria import Criteria
from ..rulebook.immune_criteria import ImmuneCriteria
from ..tables.intake import Read
from ..tables.kinds import Table
from .panel import Panel
from .pattern_rates import pattern_rate_columns
from .patterns import pattern_columns
from .rates import rate_columns
from .rechallenge import rechallenge_rates
from .subgroups import subgroup_columns

__all__ = ["RatesOf", "ResponseRates"]


class ResponseRates(Generic[Table]):
    """A cohort that was judged, counted: its response rates as tables of the kind that came in."""

    criteria: Criteria | ImmuneCriteria
    panel: Panel
    _data: Read
    _restore: Callable[[Mapping[str, Any]], Table]

    @property
    def _rated(self) -> Panel:
        """The verdicts that the rates count, in the words of RECIST."""
        return self.panel

    def rates(
        self,
        by: str | Iterable[str] | None = None,
        *,
        line: int | None = None,
        confirmed: bool = False,
        level: str | Fraction | float | None = "0.95",
    ) -> Table:
        """Objective response and disease control, one row per group of lines.

        In each group a patient counts once, since the intervals take lines to be independent
        (Reading RD-ONE-LINE). The denominator is every line that was judged, as by intention to
        treat: also NE and ND. Lines `without_disease` at baseline are left out, and have a count of
        their own; the patients in `untreated` and in `errors` have no line that was judged. CR and
        PR are an objective response (TTE-ORR); these, SD and NON-CR/NON-PD are disease control
        (TTE-DCR). Words with an i count as those without.

        Args:
            by: `"line"` (the number), `"agents"` (the same drugs by any name and in any order, as
                they were first written), a column of `keep`, or a tuple of these; left out, all
                lines are one group. A line without a value comes last.
            line: The number of the lines that count, such as 1; left out, all.
            confirmed: Whether to count confirmed best responses.
            level: The level of the intervals, which need SciPy (`mrecist[stats]`); `None`: no
                intervals.

        Returns:
            Counts and rates; `..._low` and `..._high` are the exact interval of Clopper and
            Pearson.

        Raises:
            ValueError: Several lines of one patient in a group, or an argument that is not
                possible.

        Example:
            >>> from mrecist import assess_cohort
            >>> responses = assess_cohort({
            ...     "patient": ["P-001"] * 2, "date": [0, 56], "lesion": ["S8"] * 2,
            ...     "viable_mm": [30, 15],
            ... })
            >>> responses.rates(line=1, level=None)["response_rate"].tolist()
            [1.0]
        """
        table = rate_columns(
            self._data, self.criteria, self._rated, by, line=line, confirmed=confirmed, level=level
        )
        return self._restore(table)

    def subgroups(
        self,
        columns: Iterable[str] | str,
        *,
        line: int | None = None,
        confirmed: bool = False,
        level: str | Fraction | float | None = "0.95",
    ) -> Table:
        """Rates of all lines, then of each group of each column, with exact intervals.

        `plots.forest` draws them.

        Args:
            columns: What `rates` groups by, one after the other.
            line: The number of the lines that count; left out, all.
            confirmed: Whether to count confirmed best responses.
            level: The level of the intervals, which need SciPy; `None`: no intervals.

        Returns:
            The columns of `rates`, after `subgroup`, the name of the column (`all` in the first
            row), and `value`, the group (empty where a line has none).

        Raises:
            ValueError: As for `rates`.
        """
        return self._restore(self._subgroup_columns(columns, line, confirmed, level))

    def _subgroup_columns(
        self, columns: Iterable[str] | str, line: int | None, confirmed: bool, level: Any
    ) -> dict[str, Any]:
        """The columns of `subgroups`, whatever kind of table came in."""
        return subgroup_columns(
            self._data,
            self.criteria,
            self._rated,
            columns,
            line=line,
            confirmed=confirmed,
            level=level,
        )


class RatesOf(ResponseRates[Table]):
    """The same, with the rates of what responses go with: patterns, and agents given again."""

    criteria: Criteria

    def rechallenge_rates(
        self,
        exposures: Iterable[Exposure | str] = (Exposure.RECHALLENGE,),
        *,
        by: str | Iterable[str] | None = None,
        line: int | None = None,
        confirmed: bool = False,
        level: str | Fraction | float | None = "0.95",
    ) -> Table:
        """Response to the same agent again, one row per group of later lines and earlier response.

        A patient may have several rechallenges, which are not independent, as the intervals take
        them to be: `patients` counts the patients.

        Args:
            exposures: The words that count, of `Exposure`; by default, rechallenge alone.
            by: As for `rates`.
            line: The number of the later line; left out, all.
            confirmed: Whether to count confirmed best responses.
            level: The level of the intervals, which need SciPy; `None`: no intervals.

        Returns:
            Counts, rates and their exact intervals.

        Raises:
            ValueError: An argument that is not possible.
        """
        table = rechallenge_rates(
            self._data,
            self.criteria,
            self.panel,
            exposures=exposures,
            by=by,
            line=line,
            confirmed=confirmed,
            level=level,
        )
        return self._restore(table)

    def pattern_rates(
        self,
        by: str | Iterable[str] | None = None,
        *,
        line: int | None = None,
        level: str | Fraction | float | None = "0.95",
    ) -> Table:
        """How often a progression shows each pattern, one row per group of lines and pattern.

        A patient counts once in each group.

        Args:
            by: As for `rates`.
            line: The number of the lines that count; left out, all.
            level: The level of the intervals, which need SciPy; `None`: no intervals.

        Returns:
            `pattern` is each code of `patterns`, then `none` (a reported PD that no lesion shows);
            several may hold at once. `progressed` counts the lines with a progression, the
            denominator; `shown` those that show the pattern.

        Raises:
            ValueError: As for `rates`.
        """
        table = pattern_rate_columns(
            self._data, self.criteria, self.panel, self._pattern_codes(), by, line=line, level=level
        )
        return self._restore(table)

    def _pattern_codes(self) -> Array:
        """The patterns that the progression of each line shows, as bits."""
        return pattern_columns(self._data, self.criteria, self.panel).codes
