"""Where each rule comes from, and how sure that is.

A rule cites a `Citation` (a place in a paper, with the level of evidence at which we know it) or,
where the papers are silent or disagree, a `Reading`: a decision of this project, with its reason.
`READINGS` lists them all; a reviewer who reads one page of this library should read that list.
"""

from __future__ import annotations

import attrs

__all__ = ["READINGS", "Reading"]


@attrs.frozen
class Reading:
    """A decision of this project where the papers are silent or disagree."""

    id: str
    decision: str
    reason: str

    def __str__(self) -> str:
        return f"Reading {self.id}"


_readings: list[Reading] = []


def _reading(id: str, decision: str, reason: str) -> Reading:
    reading = Reading(id, decision, reason)
    _readings.append(reading)
    return reading


SILENCE = _reading(
    "RD-SILENCE",
    "a known lesion that a time point does not record is not evaluable there",
    "silence could mean gone, unchanged or not looked for; guessing any of them changes verdicts",
)
UNMENTIONED = _reading(
    "RD-UNMENTIONED",
    "a time point that calls what it passes over unchanged leaves a non-target as its latest "
    "record of the line says, gone or there, never progressed; a target stays not evaluable, and "
    "so does a part of one",
    "unchanged is a word about presence; a target needs a size, and progression is never silent",
)
INTO_HOLDS = _reading(
    "RD-INTO-HOLDS",
    "a lesion that merged into another stays merged, at every later time point that records the "
    "other and not the lesion, until the lesion is recorded apart again; a fragment that merged "
    "does not speak for a lesion that was last recorded beside it",
    "whoever reads on records the one that is left",
)
MERGED_OUT = _reading(
    "RD-MERGED-OUT",
    "a target that merged into a lesion outside the total is not evaluable",
    "its tissue is measured with something that no total holds",
)
TREATED = _reading(
    "RD-TREATED",
    "a lesion treated locally after the baseline can no longer show response; a procedure that is "
    "an agent of the line is the treatment under test, and is judged as any other",
    "whatever shrinks then does not shrink by the drug; RECIST 1.1 leaves it to the protocol",
)
PARTIAL_EXAMINATION = _reading(
    "RD-PARTIAL-EXAMINATION",
    "a follow-up that records something, but no target and no non-target, and shows nothing new, "
    "keeps its verdict and is passed over in recurrence, best response and every time to event",
    "a scan of the brain between two of the liver is no assessment of the liver",
)
VISIT_DATE = _reading(
    "RD-VISIT-DATE",
    "the examinations of one visit are one time point, dated to the earliest of them; each finding "
    "is read with the arterial phase of its own examination",
    "progression is dated to the first sight of it",
)
WORKUP = _reading(
    "RD-WORKUP",
    "what the baseline does not record, or only as not evaluable, is taken from the latest earlier "
    "record within the days that the criteria allow before the start",
    "the examinations of one work-up, on several days, are one baseline",
)
BASELINE_CHOICE = _reading(
    "RD-BASELINE",
    "the baseline is the latest time point by the start at which some lesion was recorded as more "
    "than absent or not evaluable; where none was, the latest",
    "an examination that shows nothing says less than the one before it that showed disease",
)
KNOWN = _reading(
    "RD-KNOWN",
    "a lesion that the baseline does not record but an earlier time point showed is known and "
    "unseen there: a non-target, never new; not where it was resected since, or where the "
    "earlier record showed nothing",
    "newness needs a look that showed nothing, and silence is no such look",
)
TOO_SMALL = _reading(
    "RD-TOO-SMALL",
    "a lesion too small to measure keeps its last size above zero where that was smaller than the "
    "default",
    "the default stands in for want of a measure; it is no growth",
)
VIABLE_WHERE_RECORDED = _reading(
    "RD-VIABLE-OTHER",
    "tumour in vein, and infiltrative or other tumour of the liver, is measured by its viable "
    "diameter where one is recorded; as a target it keeps the measure of its baseline",
    "complete response of a non-target is loss of its enhancement; the whole of it may stay",
)
SAID_ABOUT_NOTHING = _reading(
    "RD-CR-OVER-DISEASE",
    "a reported CR or NED does not stand in where the same time point records disease of the line",
    "the reader's word and the reader's findings exclude each other; the findings are checked",
)
REPORTED_BY = _reading(
    "RD-REPORTED-BY",
    "a reported word answers for any criteria; of words by criteria only the one for the criteria "
    "counts, mrecist-5mm and protocols falling back on the published criteria whose rules they use",
    "a verdict by one set of criteria says little of another",
)
GREW = _reading(
    "RD-GREW",
    "a lesion outside the total grew when it is a fifth and 5 mm larger than before",
    "readers call smaller differences the same; the verdict stays theirs",
)
CAVITY = _reading(
    "RD-CAVITY",
    "a liver nodule in a treated area, or that showed no enhancement before, counts by its viable "
    "diameter alone, and 10 mm of it need no pattern",
    "new enhancement in a treated lesion is tumour, and its whole diameter is a scar",
)
PATTERN_HOLDS = _reading(
    "RD-PATTERN-HOLDS",
    "the pattern of a new liver nodule is the latest one recorded since its first detection; "
    "typical and atypical read without an arterial phase are unknown",
    "whoever saw the washout once need not repeat it, and nobody sees it on a portal scan",
)
MALIGNANT = _reading(
    "RD-MALIGNANT",
    "a pattern called malignant counts as the typical one does",
    "tumour that is certain without the typical look (LR-M, targetoid, infiltrative) is certain",
)
NODE_NEW = _reading(
    "RD-NODE-NEW",
    "a node that was normal is new when it is 5 mm larger, and as large as a target or seen above "
    "the limit twice",
    "crossing the limit alone is looked at again; small drifts across it may be no disease",
)
EFF_LATE = _reading(
    "RD-EFF-LATE",
    "an effusion known at baseline without proof is a non-target, unlisted, from its first "
    "positive cytology on, unless the line names its non-targets; it recurs only after a complete "
    "response since the proof",
    "it is disease that was there, found out late",
)
NO_STAND_IN = _reading(
    "RD-NO-STAND-IN",
    "a size that the criteria do not measure never stands in for the one they do",
    "a whole diameter includes necrosis, which is just what mRECIST leaves out",
)
UNKNOWN_NODE = _reading(
    "RD-UNKNOWN-NODE",
    "a node of unknown size is diseased at baseline, and detected as new, when it is said to be "
    "present or progressed; one that is measured without its short axis is known, and no more; at "
    "the porta hepatis neither, under criteria that ask for a larger node there",
    "reactive nodes at the porta hepatis are common in cirrhosis; elsewhere the reader is "
    "believed, but a node measured by another axis was not called disease",
)
FIVE_MM = _reading(
    "RD-5MM",
    "a lesion too small to measure counts as 5 mm under mRECIST too",
    "RECIST 1.1 says so; the mRECIST paper does not speak of it",
)
FLOOR = _reading(
    "RD-FLOOR",
    "mrecist-5mm asks for 5 mm of growth as RECIST 1.1 does; plain mRECIST does not",
    "the 2010 table has no absolute clause; some trials add it",
)
SELECTION = _reading(
    "RD-SELECTION",
    "targets: the largest of each organ first, then each organ's next, ties by lesion id",
    "the papers ask for the largest and for all organs, and do not say which comes first",
)
SHARED_SCAN = _reading(
    "RD-SHARED-SCAN",
    "the scan that closes a line may open the next; a baseline that is too old is used and flagged",
    "sequential therapy leaves no other scan; discarding the line would lose more",
)
LIVER_WORDS = _reading(
    "RD-LIVER-WORDS",
    "an organ is the liver where each of its words is one for the liver or a part of it, and one "
    "names it: liver, hepatic, hepar, caudate, a segment with its number (segment VIII, S4/8); "
    "upper and lower only beside liver, hepatic or hepar",
    "charts name the segment; a vein, a flexure, a hilum or the upper lobe of a lung is elsewhere",
)
SEGMENT = _reading(
    "RD-SEGMENT",
    "a viable diameter is one number a lesion: the longest uninterrupted enhancing segment",
    "readers differ where two enhancing parts remain; whoever records the size decides",
)
NE_ROWS = _reading(
    "RD-NE-ROWS",
    "rows that the mRECIST table lacks (not evaluable, no target) are taken from RECIST 1.1",
    "the 2010 table covers complete assessments of measurable disease only",
)
MARKERS = _reading(
    "RD-MARKERS",
    "tumour markers take no part in the response of non-targets, under RECIST 1.1 neither",
    "RECIST 1.1 asks for normal markers for complete response where they were raised; the case "
    "document carries markers without their limits, and mRECIST leaves them out",
)
OLD_EFFUSION = _reading(
    "RD-OLD-EFFUSION",
    "an effusion known at baseline without proof is looked at as new only where it progressed, or "
    "is a fifth and 5 mm larger",
    "it was there, so being there again says nothing",
)
STABLE_42 = _reading(
    "RD-STABLE-42",
    "stable disease counts from day 42, or from the day that the criteria of a trial say; no "
    "evidence of disease ranks below it, above progression",
    "RECIST 1.1 leaves the minimum to the protocol, in general six to eight weeks",
)
NODE_10 = _reading(
    "RD-NODE-10",
    "mRECIST takes nodes of 10 to under 15 mm as non-targets, as RECIST 1.1 does",
    "the wording suggests 15 mm for malignancy, but RECIST 1.1 calls smaller ones pathological",
)
BASELINE_VIABLE = _reading(
    "RD-BASELINE-VIABLE",
    "partial response compares viable diameters with viable diameters at baseline",
    "the 2010 table leaves out the word viable for the baseline sum; a mixed comparison would "
    "call necrosis present at baseline a response",
)
NADIR_BASELINE = _reading(
    "RD-NADIR-BASELINE",
    "the nadir includes the baseline total",
    "'since treatment started' read literally would make progression by size impossible at the "
    "first follow-up; RECIST 1.1 includes it",
)
ZERO_NADIR = _reading(
    "RD-ZERO-NADIR",
    "after a nadir of zero any measurable total has risen enough in share",
    "a percentage of zero is undefined; regrowth from nothing is growth",
)
NODE_CR = _reading(
    "RD-NODE-CR",
    "complete response asks for every target node below the limit, not for a total of zero, and "
    "is looked for before progression",
    "normal nodes have a size; a total of nothing but normal nodes may still rise by a fifth",
)
PARTIAL_PD = _reading(
    "RD-PARTIAL-PD",
    "targets seen in part prove progression when their total alone has risen enough, and nothing "
    "else",
    "an unseen target cannot be smaller than zero, but it can be of any size above",
)
UNSEEN_NONTARGET = _reading(
    "RD-UNSEEN-NONTARGET",
    "one non-target that was not evaluable outranks one that persists",
    "it may have progressed; with targets in the line the overall response is the same either way",
)
NO_NONTARGET = _reading(
    "RD-NO-NONTARGET",
    "a line without non-targets is judged as if they were all gone",
    "the tables have no row for it, and nothing that is not there can withhold a response",
)
NED = _reading(
    "RD-NED",
    "a line without targets and non-targets is NED until a new lesion appears",
    "RECIST 1.1 does not define it; a usual convention, recalled, not read",
)
NO_BASELINE = _reading(
    "RD-NO-BASELINE",
    "without a baseline nothing is computed: target, non-target and response are not evaluable",
    "response and newness are both relative to a baseline",
)
BIOPSY = _reading(
    "RD-BIOPSY",
    "a positive biopsy makes a new liver nodule a new lesion, dated to the scan that first "
    "showed it",
    "histology is stronger proof than the vascular pattern that the paper asks for",
)
GROWTH_FROM_FIRST = _reading(
    "RD-GROWTH",
    "interval growth of a new nodule is measured from its first detection of known size, whole "
    "diameters with whole ones, else viable with viable ones",
    "the paper does not name the reference; whole and viable compared would be growth by choice",
)
PROOF_STAYS = _reading(
    "RD-PROOF",
    "proof by cytology, once obtained, stays for an effusion known at baseline; for a new one "
    "only proof since its first detection counts",
    "a proven malignant effusion does not become benign between lines, but an old proof says "
    "nothing of an effusion that went and came back",
)
WINDOW = _reading(
    "RD-WINDOW",
    "nothing outside a line's window moves its nadir, its new lesions or its verdicts, except what "
    "says what a lesion is: proof by cytology, what was known of it before, its last size where "
    "it is too small now, that it is a fragment or has merged",
    "each line is judged as if it were a study of its own",
)
STAND_IN = _reading(
    "RD-STAND-IN",
    "a reported verdict stands in where the rules reach no graded one (NE, NED, NON-CR/NON-PD) "
    "and is compared elsewhere; a reported NE stands in for NED only",
    "published cases print verdicts without sizes; where sizes exist they decide",
)
AFTER_CR = _reading(
    "RD-AFTER-CR",
    "recurrence looks at lesions only, and is watched for from a CR to the next PD; a reported PR "
    "or SD that stands in there stands, flagged",
    "a verdict without lesions cannot tell a doubtful CR from a recurrence",
)
NOT_STICKY = _reading(
    "RD-NOT-STICKY",
    "a time point is judged by its own sums, even after a confirmed partial response",
    "EORTC's advice to keep calling it PR changes no best response, duration or progression",
)
SLICES = _reading(
    "RD-SLICES",
    "slice thickness is not carried; whoever records a size vouches that it was measurable",
    "the case document holds readings, not images",
)
NO_LATEST = _reading(
    "RD-NO-LATEST",
    "confirmation has no latest date",
    "RECIST 1.1 names only the shortest interval",
)
EMPTY_LIST = _reading(
    "RD-EMPTY-LIST",
    "an empty list of targets or non-targets names none; leaving the list out asks for selection",
    "a reader who wrote an empty list said something",
)
ENDED = _reading(
    "RD-ENDED",
    "a line without a recorded reason for its end ended by progression when it has one, computed "
    "or by a reported verdict that stands in",
    "the case says nothing else; what stands in is the response of the line in all else",
)
DRUG_NAMES = _reading(
    "RD-DRUG-NAMES",
    "agents compare by nonproprietary name: brands, codes and short forms are the drug they name, "
    "a dose and what follows it is dropped, and a text is split at + / & , and the word and where "
    "every part is known; any other text is one agent, kept as written",
    "one drug has many names in a chart; splitting what is not known would make up agents",
)
PROCEDURES_AGAIN = _reading(
    "RD-REPEAT",
    "a line that shares nothing but local procedures with earlier lines is a repeat; where it "
    "shares a drug too, the latest line with a drug of it decides",
    "repeating a procedure is its ordinary use; the words for re-exposure are those of drugs",
)
EXPOSURE_WORDS = _reading(
    "RD-EXPOSURE",
    "the same agent again is rechallenge after progression, resumption after toxicity, "
    "reintroduction after anything else",
    "the literature is inconsistent; reviews tie the words to the reason for stopping",
)
CLASS_MATES = _reading(
    "RD-CLASS-MATES",
    "another drug of the same class is told beside an exposure, never as rechallenge; the class is "
    "the broad one of the drug table, and a drug that is not in it has none",
    "regorafenib after sorafenib is a new agent, though its targets were met before",
)
EARLIER_EXPOSURE = _reading(
    "RD-EARLIER-EXPOSURE",
    "an exposure is compared with the latest earlier one of its agent, not with the very first",
    "it is the one whose end tells what the exposure is; of two exposures it is the first",
)
ON_TREATMENT = _reading(
    "RD-ON-TREATMENT",
    "days on treatment are stop minus start, holds included; without a stop they are given as "
    "bounds: up to the next line or death, and, for the last line without a reason for its end, "
    "from the last day known, its latest time point or the last contact, at which it is ongoing",
    "drug-free days are counted so too, and no day twice; a day not recorded is not made up",
)
BEYOND = _reading(
    "RD-BEYOND",
    "a line went on beyond progression where a time point after its first PD lies on or before "
    "its stop; without a stop, the last line does if no reason for its end is recorded, of any "
    "other it is not known",
    "the words say that treatment was never stopped; a scan after the stop is no such proof",
)
FIRST_RESPONSES = _reading(
    "RD-FIRST-RESPONSES",
    "responses to a rechallenge are told by the response before as CR or PR, SD, PD and other, "
    "that is NON-CR/NON-PD, NE, NED or no follow-up; the denominator is every rechallenge with "
    "disease at its baseline",
    "those without a graded response before say nothing of the question, and hiding them would",
)
ABBREVIATIONS = _reading(
    "RD-ABBREVIATIONS",
    "an agent is abbreviated by the first three letters of its nonproprietary name, a procedure by "
    "its acronym; one that the drug table does not know by as many as tell it from all others",
    "those are the usual short forms in this disease; no abbreviation may stand for two agents",
)
LINE_BOUNDARY = _reading(
    "RD-LINE-BOUNDARY",
    "a line starts with a regimen that is new, with a drug added to one that goes on, or where the "
    "regimen is given again after documented progression or after more than 60 days without it",
    "no paper fixes the boundary; changes of dose and shorter holds are one line in reports too",
)
JOINT_START = _reading(
    "RD-JOINT-START",
    "an agent that starts within 21 days of a line's start, while the regimen is being given, "
    "belongs to its regimen, as does one that a planned regimen names",
    "the second drug of a combination is often given late, up to a cycle",
)
DROPPED = _reading(
    "RD-DROPPED",
    "an agent of a combination that is dropped while another goes on, or is given again then, "
    "stays inside the line",
    "tremelimumab is given once with durvalumab by plan, and a drug stopped alone for toxicity "
    "is no new regimen",
)
RESTART = _reading(
    "RD-RESTART",
    "a regimen given again after a day without it begins a line if progression was documented "
    "after the line's start and up to that day, also if treatment had gone on past it",
    "whoever treats again after progression decides anew; a change of dose is no restart",
)
ADMINISTRATIONS = _reading(
    "RD-ADMINISTRATIONS",
    "days between two records are start minus stop, up to one is none; a record of one day is an "
    "infusion and reaches to the next of its agent within 42 days; two records of an agent never "
    "overlap but may share the day of a change",
    "drug-free days are counted so; the longest cycle in use is six weeks; of two doses at once "
    "one is a slip",
)
STUDY_DAYS = _reading(
    "RD-STUDY-DAYS",
    "study days lie within the span of the calendar, 3 652 058 days either way",
    "a larger number is a slip, and day arithmetic must not overflow anywhere",
)
MARKER_TEXT = _reading(
    "RD-MARKER-TEXT",
    "a marker given as text is a positive decimal, with one of < <= > >= before it or none",
    "limits of quantitation are written so; free text could not be analysed",
)

TABLE_LIVER = _reading(
    "RD-TABLE-LIVER",
    "a lesion whose organ a table leaves out is of the liver",
    "the kind that is left out is a nodule, and the criteria are those of liver tumours",
)
TABLE_EMPTY = _reading(
    "RD-TABLE-EMPTY",
    "an empty cell of a table says nothing; the rows that say something of a lesion or of a time "
    "point must agree, and what none of them says takes the default",
    "what is true of a lesion is often written once",
)
TABLE_ORDER = _reading(
    "RD-TABLE-ORDER",
    "the lesions of a patient in a table are in the order of their ids, the patients in the order "
    "of their first rows",
    "rows may come in any order, and the answer is the same",
)
TABLE_AGENTS = _reading(
    "RD-TABLE-AGENTS",
    "a line whose agents a table leaves out shares none with any other line",
    "what was given is not known, so that it was given again is not known either",
)
REPEAT_SCALE = _reading(
    "RD-REPEAT-SCALE",
    "the published t-distribution of a repeat scan is that of the difference of two readings; each "
    "reading carries its share, 1/sqrt(2) of the scale",
    "put on each reading, differences would come out wider than they were observed",
)

LINE_START = _reading(
    "RD-LINE-START",
    "every time of a line runs from its start, which stands in for randomisation",
    "sequential therapy is rarely randomised; a chart holds the start of each line",
)
ADEQUATE = _reading(
    "RD-ADEQUATE",
    "an assessment is adequate when its response is not NE, or a reader reported another verdict; "
    "such a report stands for a baseline too",
    "whether all imaging was done as scheduled is not in a chart; what could be judged is",
)
MISSED = _reading(
    "RD-MISSED",
    "assessments were missed in a row when more days than that many intervals and one window lie "
    "between the last adequate assessment, or the start where that is later, and the event, by the "
    "schedule valid at the former; without a schedule nothing is known to be missed",
    "the guidance counts missed visits and does not say how; a chart holds only those that were",
)
MISSED_VISITS = _reading(
    "RD-MISSED-VISITS",
    "where missed visits are counted, an assessment is that of the first day due that it, less the "
    "window, had not passed; of the days due after that one, those are missed whose window closed "
    "before the event",
    "plans that count scheduled assessments in a row mean visits, not days; which visit an "
    "assessment is of, is as for the dates of visits",
)
OFF_TREATMENT = _reading(
    "RD-OFF-TREATMENT",
    "a progression shown after the stop of a line and before the next one is an event of the line",
    "stopping for toxicity or without proof does not end the follow-up; new therapy does",
)
DETERIORATION = _reading(
    "RD-DETERIORATION",
    "a line that ended by deterioration is one stopped for clinical progression; one that ended by "
    "death is not, the death itself being what counts",
    "symptomatic deterioration is the field's word for progression that no image shows, and is no "
    "PD by the criteria (R11-SYMPT)",
)
SWITCH_DAY = _reading(
    "RD-SWITCH-DAY",
    "an assessment, progression or death on the first day of a new therapy comes before it",
    "the scan that closes a line is the one that opens the next",
)
LATER_LINES = _reading(
    "RD-LATER-LINES",
    "where new therapy is passed over, the first progression of a later line is that of the line, "
    "and the assessments of later lines show that it had not progressed",
    "each line is judged against a baseline of its own; the earlier targets are not followed on",
)
TTP_DEATH = _reading(
    "RD-TTP-DEATH",
    "a death before progression censors time to progression at the last adequate assessment",
    "definitions censor deaths and leave open whether at the death or at the last assessment",
)
LAST_KNOWN = _reading(
    "RD-LAST-KNOWN",
    "the last day known of a patient is the latest start, stop, baseline, time point or last "
    "contact, and none after a death; a time never ends before it starts",
    "what was recorded on a day shows that the patient was followed on it; markers and events may "
    "be entered later",
)
STABLE_TIME = _reading(
    "RD-STABLE-TIME",
    "duration of stable disease is the time to progression of a line whose best response is SD; "
    "durations of response and of complete response end as progression-free survival does",
    "stable disease is timed to progression; deaths count against a response in most definitions",
)
UNSTOPPED = _reading(
    "RD-UNSTOPPED",
    "a line without a recorded stop ends at the latest when the next one begins, or with death",
    "two lines are not given at once",
)
TTNT_DEATH = _reading(
    "RD-TTNT-DEATH",
    "a death before any next line is an event of the time to next treatment",
    "a patient who died did not go without further therapy for want of need",
)
PFS2_NEXT = _reading(
    "RD-PFS2",
    "PFS2 ends as the progression-free survival of the next line does, by the same policy; without "
    "a next line it ends with death, or is censored on the last day known",
    "there is nothing to progress on; time on the next line is not made to stand in",
)
SINCE_PROGRESSION = _reading(
    "RD-PPS",
    "post-progression survival runs from the day of the line's progression to death; a patient who "
    "is alive is censored on the last day known",
    "trials report it, and no table of definitions that could be read defines it",
)
TO_RESPONSE = _reading(
    "RD-TTR",
    "time to response runs from the start of the line to the day of its first CR or PR, also where "
    "a PR comes before the CR that is best, and not to its confirmation; lines without response "
    "have none",
    "trials report its median; no table of definitions that could be read says which day counts",
)
GROWTH_BOUND = _reading(
    "RD-GMI-BOUND",
    "a ratio whose later time is censored is met once its lower bound reaches the threshold, and "
    "undetermined below; with the earlier time censored it is undetermined",
    "a censored line is never a failure",
)
GROWTH_WITHIN = _reading(
    "RD-GMI-WITHIN",
    "times to progression are compared as they were on each line: new therapy censors the earlier "
    "one, also by a policy that passes it over",
    "a later line's time must not count in both parts of the ratio",
)
FAILURE_PD = _reading(
    "RD-TTF-PD",
    "progression is treatment failure on its day, also where the drug was given further",
    "the definition names progression among the reasons to stop; a stop may be recorded late, or "
    "not at all",
)
VISIT_DAY = _reading(
    "RD-VISIT-DAY",
    "where dates of visits are asked for, a progression counts from the first day due that its "
    "assessment, less the window, had not passed; never before the last adequate assessment, nor "
    "after death, new therapy that counts or the last day known",
    "the method is known to exist; how far a visit may lie from its day is the window of the "
    "schedule",
)
TTUP = _reading(
    "RD-TTUP",
    "untreatable progression is extrahepatic spread or growth, tumour in vein that is new or grew, "
    "or death, in the line or a later one; decline of liver or performance where its date is "
    "given; each line speaks by the pattern of its first progression, and nothing that is dated "
    "after the death counts",
    "definitions differ between centres; a chart of findings holds no liver function, and what "
    "follows a progression in the same line is treatment beyond it",
)
DEPTH = _reading(
    "RD-DEPTH",
    "depth of response is the largest fall of a complete total up to the first progression; "
    "early shrinkage is judged at the first follow-up, and unknown where not all targets are seen",
    "part of a total is no total, and what comes after progression belongs to no response",
)
PATTERN_PLACE = _reading(
    "RD-PAT-PLACE",
    "what lies in the liver is intrahepatic, all else extrahepatic; nodes, those of the porta "
    "hepatis too, and effusions are extrahepatic whatever organ is recorded; tumour in vein is "
    "told apart from both",
    "the definitions are known from memory; nodes and effusions are staged as spread beyond the "
    "liver",
)
PATTERN_GROWTH = _reading(
    "RD-PAT-GROWTH",
    "a compartment grew when its targets alone are a progression by the criteria's own rule for "
    "targets, against the smallest total at which all of them were evaluable, baseline included; "
    "any rise from nothing is enough in share, not in millimetres",
    "a threshold of a fifth in each compartment is recalled, the rest of its rule is not; one rule "
    "for targets is enough",
)
PATTERN_TOGETHER = _reading(
    "RD-PAT-TOGETHER",
    "where all targets together progressed and no compartment did by itself, every compartment "
    "that rose at all over its nadir grew",
    "the progression lies somewhere, and no compartment is the better choice",
)
PATTERN_NONTARGET = _reading(
    "RD-PAT-NONTARGET",
    "unequivocal progression of a non-target is growth in its compartment",
    "a growth in share is not defined for a lesion that is not measured",
)
PATTERN_AGAIN = _reading(
    "RD-PAT-AGAIN",
    "a known lesion that is back after complete response is growth, not a new lesion",
    "it lies where disease was before; the response counts it as a new lesion only to call it PD",
)
PATTERN_NEW = _reading(
    "RD-PAT-NEW",
    "new is what the criteria count as a new lesion, an effusion and a node that crossed the limit "
    "included",
    "one patient must not have a lesion that is new for the verdict and old for the pattern",
)
PATTERN_VEIN = _reading(
    "RD-PAT-VEIN",
    "new tumour in vein is coded NEH, tumour in vein that grew IHG; a flag of its own tells either",
    "new vascular invasion is grouped with new extrahepatic lesions by outcome; what was there and "
    "grew is no new site",
)
PATTERN_DOMINANT = _reading(
    "RD-PAT-DOMINANT",
    "of several codes NEH dominates, then EHG, NIH, IHG",
    "ranked by the survival reported with each; the set of codes is given beside it",
)
PATTERN_REPORTED = _reading(
    "RD-PAT-REPORTED",
    "a reported PD whose time point records no lesion that progressed has an unknown pattern",
    "a verdict does not tell where the tumour grew",
)
PATTERN_STAGE = _reading(
    "RD-PAT-STAGE",
    "the stage before is C where the baseline shows extrahepatic disease or tumour in vein, else "
    "what the caller says, else unknown; upon progression only the tumour is looked at",
    "performance status and liver function, which also make the stage, are not in the chart",
)

MARKER_REFERENCE = _reading(
    "RD-MARKER-REFERENCE",
    "a marker is compared with its latest value on or before the start of the line, no older than "
    "28 days; without one there is no reference",
    "the papers say baseline; the last value of an earlier line may lie far from the start of this "
    "one, and 28 days is what the criteria allow a baseline scan",
)

MARKER_LINE = _reading(
    "RD-MARKER-LINE",
    "a marker value belongs to a line from the day after its start to the day before the next "
    "line starts, and on that day too where the line had not stopped before",
    "a value from a gap without drugs that opens the next line says nothing of the line before",
)

MARKER_WINDOW = _reading(
    "RD-MARKER-WINDOW",
    "a value stands for week n within 7 days of it and for month n within 14; the nearest counts, "
    "of equally near ones the earlier; where a rule names no last day the lowest value counts",
    "the papers print weeks and months without their windows",
)

MARKER_LIMIT = _reading(
    "RD-MARKER-LIMIT",
    "a value such as <3 is any level below 3, and a rule is met or not only where every such "
    "level says so",
    "putting 3, 1.5 or 0 in its place would make up a number",
)

MARKER_ROSE = _reading(
    "RD-MARKER-ROSE",
    "beside imaging, a marker rose when it is more than 30 % over its reference, unless another "
    "rise is given",
    "two rises are printed as progression of AFP: more than 30 % (AFP-R20-SPIRA) and 20 % or more "
    "(AFP-REACH-PD); the larger one calls fewer chance rises a disagreement with imaging",
)

MARKER_PAIR = _reading(
    "RD-MARKER-PAIR",
    "a time point is compared with the value of the line nearest to it, within 14 days, of equally "
    "near ones the earlier",
    "blood is rarely drawn on the day of the scan",
)

MARKER_DISCORDANCE = _reading(
    "RD-MARKER-DISCORDANCE",
    "marker and imaging disagree where imaging progressed though the marker is or had been down by "
    "the cut, and where the marker rose though imaging did not progress",
    "no definition is published; a marker neither makes nor cancels a radiological category",
)

MARKER_FLARE = _reading(
    "RD-MARKER-FLARE",
    "an early rise is any value above the reference in the first 56 days; it is a flare once a "
    "later value of the line lies below the reference, and stands while later values do not",
    "no numeric rule was found; one value alone never makes marker progression",
)

SPIRA_UNIT = _reading(
    "RD-SPIRA-UNIT",
    "the floor of 20 g/L that the study prints is taken as 20 ng/mL",
    "an AFP of grams per litre does not exist; 20 ng/mL is the usual limit",
)

CYCLES = _reading(
    "RD-CYCLES",
    "three cycles of two weeks and two cycles of three weeks are 42 days",
    "the studies count cycles; lines of therapy are dated in days",
)

CHILD_PUGH_UNITS = _reading(
    "RD-CHILD-PUGH-UNITS",
    "bilirubin is judged in the column of the unit it is given in: 2 and 3 mg/dL, 34 and 51 umol/L",
    "the two columns differ slightly (2 mg/dL is 34.2 umol/L); converting would move a boundary",
)

GATE_WHOLE = _reading(
    "RD-GATE",
    "a gate is not met when any check is not, else undetermined when any is, else met",
    "an unknown is never taken for a pass or for a failure",
)


# ---- presets of trials

LEAP_TYPICAL = _reading(
    "RD-LEAP-TYPICAL",
    "under recist-1.1-leap012 a new liver nodule counts once it is seen, not flagged equivocal, "
    "with the typical pattern as the latest that was recorded; neither a malignant look, nor its "
    "size, growth or a biopsy stands in",
    "the trial counts a new liver lesion only as LR-5, and names no other proof",
)

STABLE_Q6W = _reading(
    "RD-STABLE-Q6W",
    "under mrecist-q6w stable disease counts from day 35",
    "scans are planned for day 42 and may come a week early; a scan on time must not be too early "
    "for the rule",
)


# ---- LI-RADS treatment response

LRTR_KINDS = _reading(
    "RD-LRTR-KINDS",
    "TACE and ablation without a further word are treatment without radiation, radiotherapy "
    "without one is radiation; of two treatments on one day radiation counts",
    "every kind of each is on that side, and what was irradiated must be watched for growth",
)

LRTR_SILENT = _reading(
    "RD-LRTR-SILENT",
    "a treated lesion of which no one recorded whether it shows mass-like enhancement has no "
    "category, and one that was not evaluable at all is not evaluable; a finding without arterial "
    "phase is not assessable by v2018, and by v2024 what the reader recorded",
    "v2018 rests on the arterial phase, v2024 on enhancement in any phase",
)

LRTR_APHE = _reading(
    "RD-LRTR-APHE",
    "where no one recorded arterial hyperenhancement, a viable size above 0 at an examination with "
    "arterial phase is it",
    "the viable diameter of mRECIST is that of arterial hyperenhancement",
)

LRTR_CHANGE = _reading(
    "RD-LRTR-CHANGE",
    "without a reader's word a viable diameter larger by any amount than at the last evaluable "
    "examination after the treatment is increased, any other is not; without both diameters the "
    "change is uncertain; an examination that records no more than a viable diameter is evaluable",
    "no source gives a number; so the reader's word outranks the sizes",
)

LRTR_FIRST = _reading(
    "RD-LRTR-FIRST",
    "the first examination after radiation is compared with the last one before it",
    "there is no other, and enhancement that is not larger than before treatment is expected",
)

LRTR_NEW = _reading(
    "RD-LRTR-NEW",
    "mass-like enhancement is new where the examination it is compared with recorded it as absent",
    "that is what new means; sizes are not asked for",
)

LRTR_NEWLY = _reading(
    "RD-LRTR-NEWLY",
    "restricted diffusion or T2 hyperintensity is new where the examination before, an MRI too, "
    "recorded its absence",
    "a sign that no one looked for before may be old",
)


# ---- iRECIST

IR_RESET = _reading(
    "RD-IR-RESET",
    "a time point of a response, stable disease or no disease without any sign of progression "
    "clears a pending progression; the next one starts anew",
    "iRECIST lets the bar be reset, by its authors' account; that it is, at the first such scan, "
    "is known from memory",
)

IR_AT_LEAST = _reading(
    "RD-IR-AT-LEAST",
    "growth of 5 mm or more confirms, also of exactly 5 mm, from the last evaluable time point of "
    "the pending progression at which every lesion compared had a size",
    "one row of the table of the paper prints more than 5 mm, the others at least; a total that "
    "lacks a lesion would seem to grow when the lesion is seen again",
)

IR_SOON = _reading(
    "RD-IR-SOON",
    "a scan sooner than 28 days after the first of a pending progression neither confirms nor "
    "moves what later ones are compared with; later than 56 days it confirms all the same",
    "the paper asks for four to eight weeks; what comes late is told as a problem",
)

IR_NE = _reading(
    "RD-IR-NE",
    "a time point that cannot be evaluated and shows no sign of progression keeps a pending one",
    "nothing seen there speaks against it",
)

IR_NEW_TARGETS = _reading(
    "RD-IR-NEW-TARGETS",
    "new lesions are measured that could be targets at the scan that first shows them, larger "
    "ones first, two an organ and five in all; later ones join while there is room",
    "as iRECIST does it, from memory; that the choice is made once keeps their total comparable",
)

IR_STILL_THERE = _reading(
    "RD-IR-STILL-THERE",
    "a new lesion is a sign of progression until a scan shows that it is gone, and again once it "
    "is detected again; one that comes back after iCR is, while it is there, until progression is "
    "confirmed",
    "silence does not mean that it is gone; iRECIST has no word on recurrence",
)

IR_BEST = _reading(
    "RD-IR-BEST",
    "the best response of a line is that up to the first confirmed progression, also after a "
    "pending one was cleared; without response or stable disease iCPD, else iUPD",
    "that is what pseudoprogression means; non-iCR/non-iUPD and NED rank as by RECIST 1.1",
)

IR_DAY = _reading(
    "RD-IR-DAY",
    "a confirmed progression is dated to the first scan of the unconfirmed one that it confirms; "
    "one still pending at the end is an event on its day where the line stopped, the patient died "
    "or no later scan exists, else the line is censored there",
    "the first is the rule of iRECIST, the second is known from memory",
)

IR_OVER_MRECIST = _reading(
    "RD-IR-OVER-MRECIST",
    "imrecist-hcc confirms as iRECIST does, over the sizes, targets, new lesions and floor of HCC "
    "mRECIST; 5 mm of growth confirm there too",
    "no published iRECIST for mRECIST was found",
)

IR_REPORTED = _reading(
    "RD-IR-REPORTED",
    "under iRECIST a reader's plain word is read with the i, PD as iUPD; a word with an i answers "
    "for iRECIST only, and the reader's iUPD has no kind, so any sign that is computed later is "
    "one that was not pending",
    "a word without the i says nothing of confirmation",
)


# ---- imRECIST

IM_JOINS = _reading(
    "RD-IM-JOINS",
    "under imRECIST a new lesion joins the total from the first scan on at which it could be a "
    "target, however many there are; one that has joined and cannot be seen leaves the total "
    "incomplete",
    "the tables that restate imRECIST limit neither their number nor their organs; a total that "
    "lacks a lesion would seem to shrink",
)

IM_NO_TOTAL = _reading(
    "RD-IM-NO-TOTAL",
    "under imRECIST a line without targets has no total and so no PD; a new lesion withholds CR, "
    "and where nothing at all was there at the baseline the answer is NE",
    "non-targets and new lesions by themselves are never progression, and growth cannot be "
    "measured from nothing",
)

IM_REFUTED = _reading(
    "RD-IM-REFUTED",
    "the first evaluable scan at least 28 days after a PD tells whether it is progression; a PD "
    "that is refuted stays PD at its time point and counts as SD for best responses and times, and "
    "one that no such scan follows is the progression of its line",
    "imRECIST does not say what a refuted PD counts as; it is neither a response nor an end",
)


# ---- several readers

READER_LESIONS = _reading(
    "RD-READER-LESIONS",
    "a lesion id belongs to its reader: T1 of two readers are two lesions, whatever organs they "
    "name",
    "readers number lesions by themselves; matching them would let one reader into the verdict of "
    "another",
)

READER_FIRST = _reading(
    "RD-READER-FIRST",
    "where readers agree in all that was asked, the reading of the first one named stands",
    "dates within the window and sums may still differ, and an average is nobody's reading",
)

READER_READ = _reading(
    "RD-READER-READ",
    "a reader read a line of which the reader's chart has a baseline or a follow-up",
    "a scan that closes one line opens the next, so a reader who stopped there has ND for it, a "
    "word that differs, rather than no reading",
)


READER_MIXED = _reading(
    "RD-READER-MIXED",
    "a line whose readings are accepted date by date is a sequence of words: it has no totals, and "
    "best response, confirmation and progression follow from the words",
    "the total of one reader has no nadir of another, who may follow other lesions",
)


# ---- criteria of areas

AREA = _reading(
    "RD-AREA",
    "an area is the exact product of two recorded perpendicular diameters; without the second it "
    "is not known, and nothing is taken to be round",
    "a sphere seen as a disc is the guess that two diameters are measured to avoid",
)
AREA_SMALL = _reading(
    "RD-AREA-SMALL",
    "a lesion that is too small to measure has no area: as a target it is not evaluable",
    "the 5 mm that RECIST 1.1 takes for it is a length, and no source makes an area of it",
)
AREA_ROLES = _reading(
    "RD-AREA-ROLES",
    "criteria of areas choose targets, call disease, and call what is gone by diameters, EASL as "
    "HCC mRECIST does, WHO as RECIST 1.1 does; areas only make the totals",
    "neither names a smallest lesion, and areas of 10 mm by anything are not comparable limits",
)
AREA_REST = _reading(
    "RD-AREA-REST",
    "under EASL what is no enhancing nodule of the liver is a non-target, by its diameter: it is "
    "not added to the areas, and one that the line names as target is judged beside them",
    "areas and lengths have no common sum",
)
EASL_TARGETS = _reading(
    "RD-EASL-TARGETS",
    "EASL takes at most two targets, in the liver, measured and never estimated by eye",
    "the panel of 2001 names no number; an estimate cannot be checked",
)
AREA_NADIR = _reading(
    "RD-AREA-NADIR",
    "progression by area counts from the smallest area before, and a rise of exactly a quarter is "
    "enough; a protocol may ask for more than a quarter (pd_operator)",
    "reprints disagree on the reference and on the limit itself",
)
WHO_OWN_NADIR = _reading(
    "RD-WHO-OWN-NADIR",
    "under WHO each lesion is compared with its own smallest product so far",
    "a single lesion that grows is progression whatever the others do, so it needs a reference of "
    "its own",
)
ENHANCES_AGAIN = _reading(
    "RD-ENHANCES-AGAIN",
    "new enhancement in a treated lesion: a target or non-target nodule without viable tissue at "
    "an earlier look of the line that shows some of its own now, of any size; what merged into "
    "another lesion shows none",
    "any viable tissue where there was none is tumour that came back",
)
WHO_NC = _reading(
    "RD-WHO-NC",
    "what WHO calls no change is printed NC at time points and counts as SD in best responses",
    "best responses and rates of several criteria stand side by side",
)

RECICL_EITHER = _reading(
    "RD-RECICL-EITHER",
    "TE3 of RECICL is necrosis of half or more of the nodule, or reduction of its area by half or "
    "more: either is enough",
    "the reprint names both with one range",
)
RECICL_PARTS = _reading(
    "RD-RECICL-PARTS",
    "a nodule that split, or merged into another, is not evaluable by RECICL",
    "no source says how its parts are graded",
)
RECICL_OVERALL = _reading(
    "RD-RECICL-OVERALL",
    "RECICL gives no overall grade but TE4, where every nodule of the line that was recorded at "
    "its baseline or since has TE4 at the time point; one that is not graded, outside the liver or "
    "without enhancement, has none",
    "that all nodules must be TE4 is stated; how other grades make one was not found",
)

# ---- volumes

VIABLE_VOLUME = _reading(
    "RD-VIABLE-VOLUME",
    "viable volumes are recorded numbers that stand beside the verdicts and enter none: a total is "
    "that of all targets, each with a volume of its own or absent on an arterial phase; a target "
    "in parts, or merged, has none, and no volume is made of a diameter",
    "no threshold of volume is established for hepatocellular carcinoma; what a change of diameter "
    "is in volume holds for a sphere that keeps its shape",
)

# ---- statistics

ONE_LINE = _reading(
    "RD-ONE-LINE",
    "in a rate, a curve or a median each patient counts with one line in each group; several are "
    "refused, with what to ask for instead",
    "intervals and tests take their units to be independent, which lines of one patient are not; "
    "which line is meant is a question of the study",
)


READINGS: tuple[Reading, ...] = tuple(_readings)
