"""Formats of others in: SDTM, worksheets, DICOM SR, OHIF, with all that was not read.

study = mrecist.io.read_sdtm("study/", reader="INVESTIGATOR")
study = mrecist.io.read_worksheet("lesions.xlsx", measures="viable")
study.problems
study.assess("mrecist").lines
"""

from .dicom_content import MeasurementGroup
from .dicom_sr import read_dicom_sr
from .errors import AskError, IntakeError
from .ohif_csv import read_ohif_csv
from .sdtm import read_sdtm
from .study import Study
from .template import write_template
from .worksheet import read_worksheet

__all__ = [
    "AskError",
    "IntakeError",
    "MeasurementGroup",
    "Study",
    "read_dicom_sr",
    "read_ohif_csv",
    "read_sdtm",
    "read_worksheet",
    "write_template",
]
