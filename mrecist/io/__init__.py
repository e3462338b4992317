"""Formats of others: SDTM and worksheets in, as tables that are judged, with all that was not read.

And SDTM out, of what was collected.

study = mrecist.io.read_sdtm("study/", reader="INVESTIGATOR")
study = mrecist.io.read_worksheet("lesions.xlsx", measures="viable")
study.problems
study.assess("mrecist").lines
study.to_sdtm().write("sdtm", "xpt")
"""

from .errors import AskError, IntakeError
from .sdtm import read_sdtm
from .sdtm_out import Sdtm
from .study import Study
from .template import write_template
from .worksheet import read_worksheet

__all__ = [
    "AskError",
    "IntakeError",
    "Sdtm",
    "Study",
    "read_sdtm",
    "read_worksheet",
    "write_template",
]
