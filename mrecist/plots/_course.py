"""The course of one patient: drugs, responses, sizes, markers and events over one axis of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .._base.arrays import Array
from .._base.words import Exposure, Response, in_field_words
from ..laboratory.marker_levels import AFP, Analyte
from ..model import Patient
from ..patient.assessment import Assessment
from ..patient.engine import assessment_of
from ..rulebook.criteria import Criteria
from ._axes import legend, ticks_above, ticks_at_left, ticks_below
from ._canvas import (
    GREYS,
    LOOKS,
    SMALL,
    bare,
    clipped,
    drawing,
    figure_of,
    length_in,
    plain,
    rows_of,
    said,
)
from ._colours import drug_looks
from ._course_data import course_data
from ._course_lanes import BACK, NAME_IN, Lanes
from ._course_marks import fill_of, has_dates, in_room, marks, symbol
from ._course_panels import marker_panel, marker_panels, size_panel
from ._page import ROW_IN, Page, key, key_rows, month_ticks, time_ticks
from ._pen import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Drawn", "course", "course_drawn"]

Tables = dict[str, dict[str, Array]]

LANE_IN, SYMBOL_IN, GAP_IN = 0.24, 0.2, 0.07
SIZES_IN, MARKER_IN = 1.75, 1.3
MOST_ROWS = 6
MOST_TITLE_ROWS, TITLE_IN = 4, 0.15
BOLD = 1.16
"""How much longer bold text is than the same in regular letters, at most."""
FEW_RESPONSES = 16
RIGHT_IN = 1.02
_NOTHING = "no line, scan or marker to show"
_NUMBERED = ["event", "procedure"]


@drawing
def course(
    patient_or_assessment: Patient | Assessment,
    *,
    ax: Axes | None = None,
    criteria: Criteria | str | None = None,
    markers: Analyte | str | Iterable[Analyte | str] = AFP,
    **lines: Any,
) -> Axes:
    """One patient on one page: drugs with doses, responses, sizes, markers and events over time.

    Drugs bear one colour each; what an earlier line had is hatched and named. A filled symbol is
    the computed response, a hollow one a reader's. The total stands over the sizes of the lesions
    between the largest PR and, stepping with the nadir, the smallest PD. A hollow triangle is a
    limit of quantitation. What has no numbers has no panel. Words that have no room stand in a key
    under the panels.

    Args:
        patient_or_assessment: A chart, or what `assess` returns.
        ax: The axes whose place is taken; left out, a new figure.
        criteria: By what a chart is judged, as for `course_data`.
        markers: The markers to draw: one, several, or none (`()`).
        lines: Further keywords of the line of the totals.

    Returns:
        The panel of the drugs; the others are in its `figure.axes`, by label.

    Raises:
        TypeError: Criteria beside an assessment, which has its own.
    """
    assessment = assessment_of(patient_or_assessment, criteria)
    tables = course_data(assessment, markers=markers)
    days = _span(tables)
    if days is None:
        axes = figure_of(ax, 1.2)
        return said(axes, clipped(f"{assessment.patient.id}: {_NOTHING}", 6))
    return _Course(assessment, tables, days, ax).draw(lines)


class Drawn(NamedTuple):
    """A course for a page: one `<svg>`, and what its letters and numbers stand for."""

    svg: str
    key: tuple[tuple[str, str], ...]


def course_drawn(assessment: Assessment, *, title: str, description: str) -> Drawn:
    """The same for a page: quick, in the colours of the page around it, its key apart."""
    tables = course_data(assessment)
    days = _span(tables)
    sheet, told = Sheet(), []
    if days is None:
        panel = sheet.add_axes((0, 0, 1, 1), "nothing")
        panel.set_axis_off()
        panel.text(0.5, 0.5, _NOTHING, transform=panel.transAxes, ha="center", va="center")
    else:
        made = _Course(assessment, tables, days, sheet)
        told, made.key = made.told, ([], [])
        made.draw({})
    return Drawn(sheet.svg(title=title, description=description), tuple(told))


def _span(tables: Tables) -> tuple[int, int] | None:
    """The first and the last day that anything but an early event has."""
    days = [
        tables[name]["day"]
        for name in ("lines", "lanes", "responses", "totals", "lesions", "markers")
    ]
    days += [tables["lines"]["end_day"], tables["lanes"]["latest_end_day"]]
    shown = np.concatenate(days)
    if not len(shown):
        return None
    events = tables["events"]["day"]
    return int(shown.min()), int(max(shown.max(), events.max(initial=shown.max())))


class _Course:
    """One figure in the making: what is told in the key is known before panels are placed."""

    def __init__(
        self, assessment: Assessment, tables: Tables, days: tuple[int, int], ax: Any
    ) -> None:
        self.assessment, self.tables = assessment, tables
        self.agents = list(dict.fromkeys(tables["lanes"]["agent"].tolist()))
        self.colours = drug_looks(self.agents)
        self.days, self.ax = days, ax
        self.calendar = has_dates(assessment.patient)
        names = [length_in(bare(agent)) for agent in self.agents]
        self.left = min(max([0.62, *(each + 0.12 for each in names)]), NAME_IN)
        self.right = RIGHT_IN if len(tables["lesions"]["day"]) else 0.2
        probe = Page(ax, days, [1], left=self.left, right=self.right, top=0)
        self.probe = probe
        self.letters = [self._letters(each) for each in tables["responses"]["response"]]
        self.remarks = self._remarks()
        self.doses = self._dose_labels()
        self.events = self._event_marks()
        doses = dict.fromkeys((mark, text) for mark, text, _ in self.doses if mark)
        events = [(mark, text) for mark, text, _ in self.events if mark]
        self.told = [*doses, *events]
        self.key = key_rows(probe, in_room(list(doses), events))
        whole = probe.panel_in + self.left + self.right - 0.16
        self.by = clipped(assessment.criteria.label, whole * 0.5, SMALL)
        room = (whole - length_in(self.by, SMALL) - 0.15) / BOLD
        self.title = rows_of(assessment.patient.id, room, MOST_TITLE_ROWS)
        self.markers = marker_panels(tables["markers"])

    # ---- what is told where

    def _letters(self, response: str) -> str:
        """A response in a figure's few letters, stable disease as the criteria call it."""
        if response == Response.SD:
            return self.assessment.criteria.stable_word
        return "non-CR/PD" if response == Response.NON_CR_NON_PD else str(response)

    def _remarks(self) -> list[str]:
        """Of each response what more is told: causes of the first progression, the reader."""
        told = []
        found = self.tables["responses"]
        for causes, first, reported, agrees in zip(
            *(
                found[name].tolist()
                for name in ("causes", "first_progression", "reported", "agrees")
            ),
            strict=True,
        ):
            text = in_field_words(causes) if first else ""
            if agrees is False and len(found["day"]) <= FEW_RESPONSES:
                text += (
                    f" (reader {self._letters(reported)})"
                    if text
                    else f"reader {self._letters(reported)}"
                )
            told.append(text)
        return told

    def _dose_labels(self) -> list[tuple[str, str, str]]:
        """Of each dose the letter and text of the key, or what fits into its bar."""
        doses, lanes, told = self.tables["doses"], self.tables["lanes"], []
        letters = iter(marks())
        given: dict[str, str] = {}
        texts = [bare(text) for text in doses["text"].tolist()]
        for i, text in enumerate(texts):
            line = doses["line"][i]
            until = [
                *doses["day"][i + 1 :][doses["line"][i + 1 :] == line],
                *lanes["end_day"][lanes["line"] == line],
            ][0]
            room = self.probe.x_in(until) - self.probe.x_in(doses["day"][i]) - 0.06
            short = text.partition(" (")[0]
            if length_in(short, SMALL) <= room:
                told.append(("", "", plain(short)))
                continue
            if text not in given:
                given[text] = next(letters)
            once = texts.count(text) == 1
            dated = f"{self._when(doses['date'][i])}: {text}" if once else text
            told.append((given[text], dated, given[text]))
        return told

    def _event_marks(self) -> list[tuple[str, str, str]]:
        """Of each event its number, the text of the key, and what stands in the panel.

        Those before all else stand together at the left edge.
        """
        told, number = [], 0
        events = self.tables["events"]
        numbered = np.isin(events["kind"], _NUMBERED)
        early = int(((events["day"] < self.days[0]) & numbered).sum())
        for date, kind, text in zip(events["date"], events["kind"], events["text"], strict=True):
            if kind in _NUMBERED:
                number += 1
                span = f"‹1–{early}" if early > 1 else "‹1"
                mark = ("" if number > 1 else span) if number <= early else str(number)
                told.append((str(number), f"{self._when(date)}: {text}", mark))
            else:
                told.append(("", "", f"{text} {self._when(date)}"))
        return told

    def _when(self, date: str) -> str:
        return date if self.calendar else f"day {date}"

    # ---- the page

    def draw(self, totals: dict[str, Any]) -> Any:
        tables, probe = self.tables, self.probe
        days = tables["responses"]["day"].tolist()
        rows = probe.rows(days, self.letters, MOST_ROWS)
        under = 1 + max(rows, default=0)
        told = [i for i, text in enumerate(self.remarks) if text]
        spots = probe.rows([days[i] for i in told], [self.remarks[i] for i in told], MOST_ROWS)
        more = {i: under + row for i, row in zip(told, spots, strict=True) if row >= 0}
        places = [self._event_day(i) for i in range(len(self.events))]
        told = [i for i, (_, _, text) in enumerate(self.events) if text]
        spots = probe.rows([places[i] for i in told], [self.events[i][2] for i in told], MOST_ROWS)
        event_rows = dict(zip(told, spots, strict=True))
        rows_of_key = max(map(len, self.key))
        reader = any(each is False for each in tables["responses"]["agrees"].tolist())
        heights = {
            "lanes": LANE_IN * max(len(self.agents), 1),
            "responses": (
                SYMBOL_IN * (1 + reader) + ROW_IN * (1 + max([*rows, *more.values()])) + 0.03
                if days
                else 0
            ),
            "sizes": SIZES_IN if len(tables["lesions"]["day"]) else 0,
            **{f"marker {i}": MARKER_IN for i in range(len(self.markers))},
            "events": (0.06 + (ROW_IN + 0.03) * (1 + max(event_rows.values(), default=-1))),
            "axis": 0.25 if self.calendar else 0.4,
            "legend": 0.2,
            "key": rows_of_key * ROW_IN + 0.08,
        }
        gaps = GAP_IN * (1 + bool(heights["sizes"]) + len(self.markers))
        self.page = page = Page(
            self.ax,
            self.days,
            [*heights.values(), gaps],
            left=self.left,
            right=self.right,
            top=0.52 + TITLE_IN * (len(self.title) - 1),
        )
        lanes = Lanes(
            page=page, tables=tables, agents=self.agents, colours=self.colours, doses=self.doses
        )
        panels = [lanes.draw(page.panel("lanes", heights["lanes"]))]
        self._title(panels[0])
        if days:
            panels.append(self._response_panel(heights["responses"], rows, more, reader))
        if heights["sizes"]:
            page.skip(GAP_IN)
            panels.append(size_panel(page, SIZES_IN, tables, self.assessment.criteria, totals))
        for each in self.markers:
            page.skip(GAP_IN)
            panels.append(marker_panel(page, MARKER_IN, *each))
        page.skip(GAP_IN)
        panels.append(self._event_panel(heights["events"], event_rows, places))
        self._bands(panels)
        self._axis(panels)
        page.skip(heights["axis"])
        self._legend(heights["legend"])
        if rows_of_key:
            key(page, self.key, rows_of_key)
        return panels[0]

    def _title(self, ax: Any) -> None:
        page = self.page
        room = page.panel_in + self.right - 0.1
        height = LANE_IN * max(len(self.agents), 1) * page.scale
        for i, row in enumerate(reversed(self.title or [""])):
            y = 1 + (0.33 + i * TITLE_IN) * page.scale / height
            ax.text(
                -(self.left - 0.06) / page.panel_in,
                y,
                row,
                transform=ax.transAxes,
                fontweight="bold",
                va="bottom",
            )
        ax.text(
            room / page.panel_in,
            y,
            self.by,
            transform=ax.transAxes,
            ha="right",
            va="bottom",
            fontsize=SMALL,
            color="#555555",
        )

    def _bands(self, panels: Iterable[Any]) -> None:
        lines = self.tables["lines"]
        for ax in panels:
            for i, (day, end) in enumerate(zip(lines["day"], lines["end_day"], strict=True)):
                if i % 2 == 0:
                    ax.axvspan(day, end, color=GREYS["band"], zorder=-5, lw=0)
                ax.axvline(day, color=GREYS["line"], lw=0.6, zorder=-4)

    def _axis(self, panels: Sequence[Any]) -> None:
        ticks, labels, name = time_ticks(self.page, self.calendar)
        ticks_below(panels[-1], ticks, labels, name)
        head, starts = panels[0], self.tables["lines"]["day"]
        start = int(starts[0]) if len(starts) else self.days[0]
        ticks, labels = month_ticks(self.page, start)
        ticks_above(head, ticks, labels)
        head.text(
            -0.06 / self.page.panel_in,
            1,
            "months  ",
            transform=head.transAxes,
            ha="right",
            va="bottom",
            fontsize=SMALL,
            color="#555555",
        )

    # ---- responses

    def _response_panel(
        self, height: float, rows: Sequence[int], more: dict[int, int], reader: bool
    ) -> Any:
        found, page = self.tables["responses"], self.page
        ax = page.panel("responses", height)
        ax.set_ylim(height, 0)
        middle = SYMBOL_IN * (reader + 0.55)
        ticks = [SYMBOL_IN * 0.55, middle] if reader else [middle]
        ticks_at_left(ax, ticks, ["reader", "response"] if reader else ["response"])
        for i, day in enumerate(found["day"].tolist()):
            symbol(ax, day, middle, found["response"][i], found["source"][i] == "reported")
            if found["agrees"][i] is False:
                symbol(ax, day, SYMBOL_IN * 0.55, found["reported"][i], True)
            for row, text in ((rows[i], self.letters[i]), (more.get(i, -1), self.remarks[i])):
                if row >= 0:
                    y = SYMBOL_IN * (1 + reader) + ROW_IN * (row + 0.45)
                    ax.text(
                        page.centre(day, text),
                        y,
                        plain(text),
                        ha="center",
                        va="center",
                        fontsize=SMALL,
                    )
        return ax

    # ---- events

    def _event_day(self, i: int) -> float:
        """Where an event is told: early ones at the left edge, the last day beside its line."""
        day, (mark, _, text) = int(self.tables["events"]["day"][i]), self.events[i]
        if not mark:
            x, away = self.probe.x_in(day), length_in(text, SMALL) / 2 + 0.06
            return self.probe.day(x - away if x > 2 * away else x + away)
        if day < self.days[0]:
            return self.probe.day(1.15 * length_in(text, SMALL) / 2 + 0.02)
        return float(day)

    def _event_panel(self, height: float, rows: dict[int, int], places: Sequence[float]) -> Any:
        ax = self.page.panel("events", height)
        ax.set_ylim(height, 0)
        ticks_at_left(ax, [height / 2] if rows else [], ["events"] if rows else [])
        for i, row in rows.items():
            mark, _, text = self.events[i]
            if row < 0:
                continue
            y = (ROW_IN + 0.03) * (row + 0.5)
            x = self.page.centre(places[i], text)
            ax.text(
                x,
                y,
                text,
                ha="center",
                va="center",
                fontsize=SMALL,
                zorder=4,
                fontweight="bold" if mark else None,
                bbox=BACK,
            )
        for kind, look in (("death", "-"), ("last contact", ":")):
            for day in self.tables["events"]["day"][self.tables["events"]["kind"] == kind]:
                ax.axvline(day, color=GREYS["ink"], ls=look, lw=1)
        return ax

    # ---- legend

    def _legend(self, height: float) -> None:
        ax = self.page.panel("legend", height)
        ax.set_axis_off()
        seen = self.tables["responses"]
        used = [word for word in LOOKS if word in {*seen["response"], *seen["reported"]}]
        entries = [(LOOKS[word].marker, fill_of(word), self._letters(word)) for word in used]
        if "reported" in seen["source"] or any(each is False for each in seen["agrees"]):
            entries.append(("o", "none", "hollow: as reported"))
        if (self.tables["lanes"]["exposure"] != Exposure.FIRST).any():
            entries.append(("hatch", "white", "drug again"))
        if self.tables["doses"]["hold"].any():
            entries.append(("bar", "white", "thin: held"))
        if (self.tables["markers"]["sign"] == "<").any():
            entries.append(("v", "white", "below quantitation"))
        legend(ax, entries, 0.5 - (self.left - self.right) / 2 / self.page.panel_in)
