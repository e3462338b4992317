"""Reports that open in a browser: one self-contained page a patient, a folder with an index.

    from mrecist import report
    html = report.page(assessment)
    report.write_folder(mrecist.read_cases("cases.jsonl"), "reports", jobs=0)

Needs matplotlib and Jinja2, `mrecist[report]`, which are loaded when a page is made.
"""

from __future__ import annotations

from ._entry import Entry
from ._folders import write_folder
from ._pages import page

__all__ = ["Entry", "page", "write_folder"]
