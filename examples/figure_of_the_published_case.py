"""The figure of the published case: five lines, two rechallenges, AFP on a logarithmic axis.

Drawn from the chart alone, as SVG: `examples/figures/published_case.svg`, or the file named on the
command line.
"""

import sys
from pathlib import Path

import mrecist
from mrecist import plots

target = Path(__file__).parent / "figures" / "published_case.svg"
if len(sys.argv) > 1:
    target = Path(sys.argv[1])

assessment = mrecist.assess(mrecist.example_case("ikeda-2021"))
ax = plots.course(assessment)
picture = plots.svg(
    ax.figure,
    title="Course of the published case (Ikeda 2021)",
    description="Five lines of therapy with their doses, sorafenib and regorafenib each given "
    "twice; the responses at their dates; AFP on a logarithmic axis; events with a key.",
)
target.write_text(picture, encoding="utf-8")

# What is drawn comes as tables, too: for those who draw with something else.
lanes = plots.course_data(assessment)["lanes"]
for agent, line, exposure in zip(lanes["agent"], lanes["line"], lanes["exposure"], strict=True):
    print(f"{agent}, line {line}: {exposure}")
