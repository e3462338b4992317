# The public names, for type checkers; a test holds them equal to those of `__init__.py`.

from . import conformance as conformance
from . import distributed as distributed
from . import io as io
from . import plots as plots
from . import report as report
from . import robustness as robustness
from . import simulate as simulate
from . import testing as testing
from ._base.errors import (
    CaseError as CaseError,
)
from ._base.errors import (
    CourseProblem as CourseProblem,
)
from ._base.errors import (
    CriteriaError as CriteriaError,
)
from ._base.errors import (
    DocumentError as DocumentError,
)
from ._base.errors import (
    MrecistError as MrecistError,
)
from ._base.errors import (
    NotThereError as NotThereError,
)
from ._base.errors import (
    Problem as Problem,
)
from ._base.problems import (
    PROBLEMS as PROBLEMS,
)
from ._base.problems import (
    ProblemEntry as ProblemEntry,
)
from ._base.words import (
    BclcProgression as BclcProgression,
)
from ._base.words import (
    Cause as Cause,
)
from ._base.words import (
    Effect as Effect,
)
from ._base.words import (
    EndReason as EndReason,
)
from ._base.words import (
    Enhancement as Enhancement,
)
from ._base.words import (
    Exposure as Exposure,
)
from ._base.words import (
    Growth as Growth,
)
from ._base.words import (
    ImmuneResponse as ImmuneResponse,
)
from ._base.words import (
    Invasion as Invasion,
)
from ._base.words import (
    Kind as Kind,
)
from ._base.words import (
    Met as Met,
)
from ._base.words import (
    NewLesion as NewLesion,
)
from ._base.words import (
    NonTarget as NonTarget,
)
from ._base.words import (
    Pattern as Pattern,
)
from ._base.words import (
    ProgressionCode as ProgressionCode,
)
from ._base.words import (
    Proof as Proof,
)
from ._base.words import (
    Response as Response,
)
from ._base.words import (
    Status as Status,
)
from ._base.words import (
    Target as Target,
)
from ._base.words import (
    Unmentioned as Unmentioned,
)
from .cohort.adam import (
    Adam as Adam,
)
from .cohort.agreement import (
    Crosstab as Crosstab,
)
from .cohort.endpoints import (
    Endpoints as Endpoints,
)
from .cohort.engine import (
    assess_cohort as assess_cohort,
)
from .cohort.responses import (
    Responses as Responses,
)
from .documents.answer import (
    to_assessment as to_assessment,
)
from .documents.answer import (
    to_error as to_error,
)
from .documents.case import (
    InvalidCase as InvalidCase,
)
from .documents.case import (
    from_case as from_case,
)
from .documents.case import (
    to_case as to_case,
)
from .documents.packaged import (
    example_case as example_case,
)
from .documents.packaged import (
    schema as schema,
)
from .documents.streams import (
    parse_case as parse_case,
)
from .documents.streams import (
    read_case as read_case,
)
from .documents.streams import (
    read_cases as read_cases,
)
from .documents.streams import (
    write_documents as write_documents,
)
from .endpoints.survival import (
    Survival as Survival,
)
from .endpoints.survival import (
    kaplan_meier as kaplan_meier,
)
from .endpoints.untreatable import (
    UNTREATABLE as UNTREATABLE,
)
from .endpoints.untreatable import (
    Untreatable as Untreatable,
)
from .laboratory.albi_score import (
    Albi as Albi,
)
from .laboratory.albi_score import (
    albi as albi,
)
from .laboratory.child_pugh_points import (
    ChildPugh as ChildPugh,
)
from .laboratory.child_pugh_points import (
    child_pugh as child_pugh,
)
from .laboratory.gates import (
    RAMUCIRUMAB as RAMUCIRUMAB,
)
from .laboratory.gates import (
    Check as Check,
)
from .laboratory.gates import (
    Gate as Gate,
)
from .laboratory.gates import (
    GateResult as GateResult,
)
from .laboratory.liver_columns import (
    albi_columns as albi_columns,
)
from .laboratory.liver_columns import (
    child_pugh_columns as child_pugh_columns,
)
from .laboratory.marker_columns import (
    MarkerColumns as MarkerColumns,
)
from .laboratory.marker_columns import (
    marker_changes as marker_changes,
)
from .laboratory.marker_levels import (
    AFP as AFP,
)
from .laboratory.marker_levels import (
    PIVKA_II as PIVKA_II,
)
from .laboratory.marker_levels import (
    Analyte as Analyte,
)
from .laboratory.marker_levels import (
    MarkerSeries as MarkerSeries,
)
from .laboratory.marker_levels import (
    doubling_days as doubling_days,
)
from .laboratory.marker_levels import (
    marker_series as marker_series,
)
from .laboratory.marker_results import (
    MarkerResponse as MarkerResponse,
)
from .laboratory.marker_rules import (
    MARKER_RULES as MARKER_RULES,
)
from .laboratory.marker_rules import (
    Cut as Cut,
)
from .laboratory.marker_rules import (
    MarkerRule as MarkerRule,
)
from .laboratory.markers import (
    MarkerCourse as MarkerCourse,
)
from .laboratory.markers import (
    marker_course as marker_course,
)
from .laboratory.volumes import (
    LineVolumes as LineVolumes,
)
from .laboratory.volumes import (
    ViableVolumes as ViableVolumes,
)
from .laboratory.volumes import (
    VolumePoint as VolumePoint,
)
from .laboratory.volumes import (
    viable_volumes as viable_volumes,
)
from .lines.administrations import (
    line_beginnings as line_beginnings,
)
from .lines.administrations import (
    lines_from_administrations as lines_from_administrations,
)
from .lines.boundaries import (
    LINE_BOUNDARIES as LINE_BOUNDARIES,
)
from .lines.boundaries import (
    Administration as Administration,
)
from .lines.boundaries import (
    LineBeginning as LineBeginning,
)
from .lines.boundaries import (
    LineBoundaries as LineBoundaries,
)
from .lines.immune_records import (
    ImmuneLineTimes as ImmuneLineTimes,
)
from .lines.immune_records import (
    ImmuneTimes as ImmuneTimes,
)
from .lines.patterns import (
    ProgressionPattern as ProgressionPattern,
)
from .lines.patterns import (
    progression_pattern as progression_pattern,
)
from .lines.rechallenge import (
    AgentExposure as AgentExposure,
)
from .lines.rechallenge import (
    AgentExposures as AgentExposures,
)
from .lines.rechallenge import (
    Bounds as Bounds,
)
from .lines.rechallenge import (
    exposures_by_agent as exposures_by_agent,
)
from .lines.rechallenge import (
    sequence_text as sequence_text,
)
from .lines.records import (
    Course as Course,
)
from .lines.records import (
    GrowthModulation as GrowthModulation,
)
from .lines.records import (
    LineCourse as LineCourse,
)
from .lines.records import (
    TimeToEvent as TimeToEvent,
)
from .lines.timing import (
    compare_policies as compare_policies,
)
from .lines.timing import (
    course as course,
)
from .lines.timing import (
    time_to_untreatable as time_to_untreatable,
)
from .model import (
    Event as Event,
)
from .model import (
    Finding as Finding,
)
from .model import (
    Lesion as Lesion,
)
from .model import (
    Marker as Marker,
)
from .model import (
    Patient as Patient,
)
from .model import (
    Procedure as Procedure,
)
from .model import (
    ReportedBy as ReportedBy,
)
from .model import (
    TherapyLine as TherapyLine,
)
from .model import (
    Timepoint as Timepoint,
)
from .patient.assessment import (
    Assessment as Assessment,
)
from .patient.assessment import (
    LineAssessment as LineAssessment,
)
from .patient.assessment import (
    Progression as Progression,
)
from .patient.assessment import (
    TimepointAssessment as TimepointAssessment,
)
from .patient.comparison import (
    Comparison as Comparison,
)
from .patient.comparison import (
    ComparisonRow as ComparisonRow,
)
from .patient.comparison import (
    compare as compare,
)
from .patient.engine import (
    assess as assess,
)
from .patient.explanation import (
    explain as explain,
)
from .patient.lesion_notes import (
    LesionNote as LesionNote,
)
from .patient.reasons import (
    Reason as Reason,
)
from .readers.agreement import (
    Agreement as Agreement,
)
from .readers.engine import (
    assess_readings as assess_readings,
)
from .readers.readings import (
    Readings as Readings,
)
from .readers.review import (
    ALL_READERS as ALL_READERS,
)
from .readers.review import (
    DOUBLE_READ as DOUBLE_READ,
)
from .readers.review import (
    SINGLE_READ as SINGLE_READ,
)
from .readers.review import (
    Review as Review,
)
from .robustness.answer import (
    Robustness as Robustness,
)
from .robustness.answer import (
    how_sure as how_sure,
)
from .rulebook.criteria import (
    CRITERIA as CRITERIA,
)
from .rulebook.criteria import (
    EASL as EASL,
)
from .rulebook.criteria import (
    MRECIST as MRECIST,
)
from .rulebook.criteria import (
    MRECIST_5MM as MRECIST_5MM,
)
from .rulebook.criteria import (
    MRECIST_Q6W as MRECIST_Q6W,
)
from .rulebook.criteria import (
    MRECIST_REFLECT as MRECIST_REFLECT,
)
from .rulebook.criteria import (
    RECIST_1_1 as RECIST_1_1,
)
from .rulebook.criteria import (
    RECIST_1_1_LEAP_012 as RECIST_1_1_LEAP_012,
)
from .rulebook.criteria import (
    WHO as WHO,
)
from .rulebook.criteria import (
    Criteria as Criteria,
)
from .rulebook.criteria import (
    register as register,
)
from .rulebook.papers import (
    Citation as Citation,
)
from .rulebook.papers import (
    Evidence as Evidence,
)
from .rulebook.papers import (
    Paper as Paper,
)
from .rulebook.policies import (
    EMA_ITT as EMA_ITT,
)
from .rulebook.policies import (
    FDA_A as FDA_A,
)
from .rulebook.policies import (
    POLICIES as POLICIES,
)
from .rulebook.policies import (
    Clause as Clause,
)
from .rulebook.policies import (
    Policy as Policy,
)
from .rulebook.policies import (
    Schedule as Schedule,
)
from .rulebook.reader_variability import (
    PRESETS as PRESETS,
)
from .rulebook.reader_variability import (
    ReaderVariability as ReaderVariability,
)
from .rulebook.readings import (
    READINGS as READINGS,
)
from .rulebook.readings import (
    Reading as Reading,
)
from .rulebook.to_check import (
    TO_CHECK as TO_CHECK,
)
from .rulebook.to_check import (
    ToCheck as ToCheck,
)
from .tables.mistakes import (
    CohortError as CohortError,
)
from .tables.transport import (
    TransportError as TransportError,
)

__version__: str
from ._base.words import (
    Answer as Answer,
)
from ._base.words import (
    Category as Category,
)
from ._base.words import (
    Change as Change,
)
from ._base.words import (
    Masslike as Masslike,
)
from ._base.words import (
    Modality as Modality,
)
from .cohort.immune_responses import (
    ImmuneResponses as ImmuneResponses,
)
from .cohort.lesion_responses import (
    LesionResponses as LesionResponses,
)
from .patient.immune_assessment import (
    ImmuneAssessment as ImmuneAssessment,
)
from .patient.immune_assessment import (
    ImmuneLine as ImmuneLine,
)
from .patient.immune_assessment import (
    ImmunePending as ImmunePending,
)
from .patient.immune_assessment import (
    ImmuneProgression as ImmuneProgression,
)
from .patient.immune_assessment import (
    ImmuneTimepoint as ImmuneTimepoint,
)
from .patient.lesion_assessment import (
    GradedLesion as GradedLesion,
)
from .patient.lesion_assessment import (
    GradedLine as GradedLine,
)
from .patient.lesion_assessment import (
    GradedTimepoint as GradedTimepoint,
)
from .patient.lesion_assessment import (
    LesionAssessment as LesionAssessment,
)
from .rulebook.immune_criteria import (
    IMMUNE_CRITERIA as IMMUNE_CRITERIA,
)
from .rulebook.immune_criteria import (
    IMRECIST as IMRECIST,
)
from .rulebook.immune_criteria import (
    IMRECIST_HCC as IMRECIST_HCC,
)
from .rulebook.immune_criteria import (
    IRECIST as IRECIST,
)
from .rulebook.immune_criteria import (
    ImmuneCriteria as ImmuneCriteria,
)
from .rulebook.lesion_criteria import (
    LESION_CRITERIA as LESION_CRITERIA,
)
from .rulebook.lesion_criteria import (
    LR_TR_2018 as LR_TR_2018,
)
from .rulebook.lesion_criteria import (
    LR_TR_2024 as LR_TR_2024,
)
from .rulebook.lesion_criteria import (
    RECICL as RECICL,
)
from .rulebook.lesion_criteria import (
    LesionCriteria as LesionCriteria,
)
