"""Other people's formats: SDTM in, as tables that are judged, and what was not read as it stands.

    study = mrecist.io.read_sdtm("study/", reader="INVESTIGATOR", measures="viable")
    study.problems
    study.assess("mrecist").lines
"""

from .errors import AskError, IntakeError
from .sdtm import read_sdtm
from .study import Study

__all__ = ["AskError", "IntakeError", "Study", "read_sdtm"]
