"""How sure each verdict of a patient is: shares of re-readings as stacked bars."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from .._base.converters import shown
from ..robustness.answer import Robustness, whole_percent
from ._bars import legend_over
from ._canvas import LOOKS, SMALL, clipped, drawing, figure_of, length_in, mpl, plain, said, where
from .side_by_side import BEST_VERDICTS, WORDS, Table, robustness_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["robustness"]

ROW_IN, GROUP_IN = 0.19, 0.1


@drawing
def robustness(
    found: Robustness | Iterable[Robustness],
    *,
    only: str | None = None,
    ax: Axes | None = None,
    **bars: Any,
) -> Axes:
    """How often each response comes out of re-readings with the error of a reader.

    One bar per verdict, split by the share of each response; with several answers of `how_sure`,
    one bar under the other for each error, as given: so the spread is seen to grow with the error.
    The response as recorded stands at the left, how sure it is at the right.

    Args:
        found: What `how_sure` returns for one patient, or several such answers.
        only: `"timepoints"` or `"best"` responses; left out, both.
        ax: The axes to draw on; left out, those of a new figure.
        bars: Further keywords of the bars.

    Returns:
        The axes; the numbers are those of `robustness_data`.
    """
    table = _only(robustness_data(found), only)
    count = len(table["line"])
    keys = list(zip(table["line"].tolist(), table["verdict"].tolist(), strict=True))
    groups = list(dict.fromkeys(keys))
    errors = list(dict.fromkeys(table["error"].tolist()))
    heads = [f"line {line}, {verdict}" for line, verdict in groups]
    named = len(errors) > 1
    wide = max([0.5, *(length_in(head + ": NON-CR/NON-PD", SMALL) for head in heads)])
    errors_in = min(max([0.0, *(length_in(each, SMALL) for each in errors)]), 1.35) + 0.1
    left = wide + 0.15 + (errors_in if named else 0)
    inches = ROW_IN * count + GROUP_IN * len(groups)
    axes = figure_of(ax, max(inches, 0.4) + 0.85, left=left, right=0.5, top=0.33, bottom=0.52)
    if not count:
        return said(axes, "no line of therapy to read again")
    inner = where(axes)[0]
    y, place, middles = np.zeros(count), 0.0, []
    for group in groups:
        some = [i for i, each in enumerate(keys) if each == group]
        y[some] = place + np.arange(len(some)) * ROW_IN
        middles.append(place + (len(some) - 1) * ROW_IN / 2)
        place += len(some) * ROW_IN + GROUP_IN
    axes.set_ylim(place - GROUP_IN / 2 - ROW_IN / 2, -ROW_IN / 2 - GROUP_IN / 2)
    axes.set_xlim(0, 100)
    words = _bars(axes, table, y, inner, bars)
    for i in range(count):
        sure = table["sure"][i]
        text = "no size" if np.isnan(sure) else whole_percent(100 * sure)
        axes.text(101, y[i], text, va="center", fontsize=SMALL)
        if named:
            axes.text(
                -0.08 / inner * 100,
                y[i],
                clipped(table["error"][i], errors_in, SMALL),
                ha="right",
                va="center",
                fontsize=SMALL,
                color="#555555",
            )
    first = [keys.index(group) for group in groups]
    x = -(left - 0.08) / inner * 100
    for head, middle, i in zip(heads, middles, first, strict=True):
        mark = "*" if table["source"][i] == "reported" else ""
        axes.text(
            x, middle, plain(f"{head}: {table['response'][i]}{mark}"), va="center", fontsize=SMALL
        )
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    note = "\n* as reported" if "reported" in table["source"] else ""
    what = "" if named else f", {errors[0]}"
    axes.set_xlabel(f"share of re-readings, %{what}{note}")
    axes.annotate(
        "sure",
        (1, 1),
        (3, 2),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=SMALL,
        va="bottom",
        style="italic",
    )
    patch = mpl("matplotlib.patches").Patch
    legend_over(
        axes,
        [
            patch(
                fc=LOOKS[each].colour, ec="#333333", lw=0.5, hatch=LOOKS[each].hatch * 2, label=each
            )
            for each in words
        ],
    )
    return axes


def _only(table: Table, only: str | None) -> Table:
    """The rows asked for."""
    if only not in (None, "timepoints", "best"):
        raise ValueError(f'only must be "timepoints", "best" or None, got {shown(only)}')
    best = np.array([each in BEST_VERDICTS for each in table["verdict"].tolist()], np.bool_)
    some = np.ones(len(best), np.bool_) if only is None else best == (only == "best")
    return {name: each[some] for name, each in table.items()}


def _bars(
    axes: Any, table: dict[str, Any], y: Any, inner: float, given: dict[str, Any]
) -> list[str]:
    """The bars, response by response, with letters in those parts that have room."""
    left, used = np.zeros(len(y)), []
    for word in WORDS:
        share = 100 * table[word]
        if not share.any():
            continue
        used.append(word)
        look = LOOKS[word]
        settings = {"facecolor": look.colour, "edgecolor": "#333333", "linewidth": 0.4,
                    "hatch": look.hatch, "label": word} | given  # fmt: skip
        some = share > 0
        axes.barh(y[some], share[some], left=left[some], height=ROW_IN * 0.84, **settings)
        for i in np.flatnonzero(some).tolist():
            text = f"{word} {whole_percent(100 * table[word][i])}"
            if length_in(text, SMALL) + 0.06 <= share[i] / 100 * inner:
                back = None if not look.hatch else {"facecolor": "white", "edgecolor": "none",
                                                    "pad": 0.4, "alpha": 0.85}  # fmt: skip
                axes.text(
                    left[i] + share[i] / 2,
                    y[i],
                    text,
                    ha="center",
                    va="center",
                    fontsize=SMALL,
                    color="#000000" if back else look.text,
                    bbox=back,
                )
        left = left + share
    return used
