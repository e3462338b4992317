"""Settings of the documentation site. `.ci/task docs` builds it into `docs/_build/html`."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

project = "mrecist"
author = "The mrecist maintainers"
version = release = installed("mrecist")
language = "en"

extensions = ["myst_parser", "mrecist_pages"]
exclude_patterns = ["_build", "_ext"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # docstrings begin at the level that fits them
nitpicky = True

html_theme = "furo"
html_title = f"mrecist {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
