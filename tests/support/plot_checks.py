"""What the tests of figures look at: the texts of a figure, and whether any two overlap."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

import mrecist


def texts(figure: Any) -> list[Any]:
    """Every text of a figure that is seen."""
    import matplotlib.text as mtext

    figure.draw_without_rendering()
    found = figure.findobj(mtext.Text)
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def boxes(figure: Any) -> list[tuple[str, Any]]:
    """Texts with their boxes in pixels, without the labels of ticks that are not drawn."""
    import matplotlib.axis as maxis

    shown = texts(figure)
    labels = {
        id(label): tick
        for tick in figure.findobj(maxis.Tick)
        for label in (tick.label1, tick.label2)
    }
    drawn = {
        id(tick)
        for axes in figure.axes
        if axes.axison
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis._update_ticks()
    }
    renderer = figure.canvas.get_renderer()
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in shown
        if id(text) not in labels or id(labels[id(text)]) in drawn
    ]


def overlaps(figure: Any, slack: float = 1.5) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes overlap by more than a little."""
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes(figure), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > slack and min(a.y1, b.y1) - max(a.y0, b.y0) > slack
    ]


def outside(figure: Any, slack: float = 2) -> list[str]:
    """Texts that leave the page."""
    page = figure.bbox
    return [
        text
        for text, box in boxes(figure)
        if box.x0 < page.x0 - slack
        or box.x1 > page.x1 + slack
        or box.y0 < page.y0 - slack
        or box.y1 > page.y1 + slack
    ]


REGIMENS = ("lenvatinib", "atezolizumab+bevacizumab", "sorafenib", "regorafenib",
            "durvalumab+tremelimumab", "cabozantinib", "ramucirumab", "nivolumab+ipilimumab",
            "pembrolizumab", "bevacizumab")  # fmt: skip


def cohort(
    patients: int, *, seed: int = 1, name: str = "P-{:03}", criteria: str = "mrecist"
) -> mrecist.Responses:
    """A cohort drawn at random: several lines, rechallenge, CR to ND, unseen targets, deaths."""
    random = np.random.default_rng(seed)
    findings: list[tuple[object, ...]] = []
    lines: list[tuple[object, ...]] = []
    for number in range(1, patients + 1):
        patient, start, course = name.format(number), 0, []
        given = int(random.integers(1, 5))
        trend = random.normal(-0.08, 0.25)
        for line in range(given):
            size = float(random.uniform(20, 90))
            scans = int(random.integers(0, 6))
            findings.append((patient, start - 5, "S8", round(size, 1), "", "nodule"))
            for scan in range(1, scans + 1):
                gone = random.random() < 0.06
                size = 0.0 if gone else min(400, size * float(np.exp(random.normal(trend, 0.3))))
                seen = random.random() > 0.06
                findings.append(
                    (
                        patient,
                        start + 56 * scan,
                        "S8",
                        round(size, 1) if seen else None,
                        "" if seen else "not evaluable",
                        "nodule",
                    )
                )
            stop = start + 56 * max(scans, 1)
            last = line == given - 1
            drug = REGIMENS[int(random.integers(0, len(REGIMENS)))]
            again = course and random.random() < 0.4
            course.append(
                (
                    start,
                    None if last and random.random() < 0.5 else stop,
                    "" if last else "progression",
                    course[0][3] if again else drug,
                )
            )
            start = stop + int(random.integers(8, 60))
        dead = start + 40 if random.random() < 0.4 else None
        lines += [(patient, *each, dead, start + 30) for each in course]
    columns = ["patient", "date", "lesion", "viable_mm", "status", "kind"]
    found = dict(zip(columns, map(list, zip(*findings, strict=True)), strict=True))
    found["longest_mm"] = [None if mm is None else round(mm + 5, 1) for mm in found["viable_mm"]]
    columns = ["patient", "start", "stop", "end_reason", "agents", "death", "last_contact"]
    told = dict(zip(columns, map(list, zip(*lines, strict=True)), strict=True))
    return mrecist.assess_cohort(found, told, criteria=criteria)
