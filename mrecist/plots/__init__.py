"""Figures: one call each, in print size, of what the assessment says and nothing else.

    import mrecist
    from mrecist import plots
    ax = plots.course(patient)
    ax.figure.savefig("course.pdf")

Each function takes `ax`, returns the axes and forwards keywords; its numbers come as plain tables
from the function of the same name in `mrecist.plots.data`, for those who draw with something else.
Drawing needs matplotlib, `pip install "mrecist[plots]"`; the tables need nothing. pyplot is not
used: a script leaves no figure open, and a notebook shows the axes that a cell ends with. Settings
of one's own in `matplotlib.rcParams` hold; nothing global is changed.
"""

from ._bars import waterfall
from ._course import course
from ._flows import agreement, sequence
from ._forest import forest
from ._readers import bland_altman
from ._robustness import robustness
from ._spider import spider
from ._survival import kaplan_meier
from ._svg import svg
from ._swimmer import swimmer
from .data import (
    agreement_data,
    course_data,
    forest_data,
    kaplan_meier_data,
    robustness_data,
    sequence_data,
    spider_data,
    swimmer_data,
    waterfall_data,
)
from .readers_data import (
    bland_altman_data,
    readers_progression_data,
    readers_spider_data,
    readers_waterfall_data,
)

__all__ = [
    "agreement",
    "agreement_data",
    "bland_altman",
    "bland_altman_data",
    "course",
    "course_data",
    "forest",
    "forest_data",
    "kaplan_meier",
    "kaplan_meier_data",
    "readers_progression_data",
    "readers_spider_data",
    "readers_waterfall_data",
    "robustness",
    "robustness_data",
    "sequence",
    "sequence_data",
    "spider",
    "spider_data",
    "svg",
    "swimmer",
    "swimmer_data",
    "waterfall",
    "waterfall_data",
]
