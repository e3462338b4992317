"""Formats of others: in, as tables that are judged, with all that was not read; and out.

study = mrecist.io.read_sdtm("study/", reader="INVESTIGATOR")
study = mrecist.io.read_worksheet("lesions.xlsx", measures="viable")
study = mrecist.io.read_fhir("bundle.json", measures="viable")
study.problems
study.assess("mrecist").lines
bundle = mrecist.io.to_fhir(mrecist.assess(patient))
study.to_sdtm().write("sdtm", "xpt")
"""

from .dicom_content import MeasurementGroup
from .dicom_sr import read_dicom_sr
from .errors import AskError, IntakeError
from .fhir import read_fhir
from .fhir_out import fhir_bundles, to_fhir
from .ohif_csv import read_ohif_csv
from .redcap import read_redcap
from .sdtm import read_sdtm
from .sdtm_out import Sdtm
from .study import Study
from .template import write_template
from .worksheet import read_worksheet

__all__ = [
    "AskError",
    "IntakeError",
    "MeasurementGroup",
    "Sdtm",
    "Study",
    "fhir_bundles",
    "read_dicom_sr",
    "read_fhir",
    "read_ohif_csv",
    "read_redcap",
    "read_sdtm",
    "read_worksheet",
    "to_fhir",
    "write_template",
]
