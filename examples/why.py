"""Why is it so? The rule, the sizes, the reference and the paper of a verdict, in one call."""

import mrecist

assessment = mrecist.assess(mrecist.example_case())

# The scan that was called PR on the day, and became progression when a later scan proved S4.
print(mrecist.explain(assessment, line=1, date="2023-07-17"))

# The same facts as data.
timepoint = assessment.at(line=1, date="2023-07-17")
for reason in timepoint.reasons:
    print(reason.rule, reason.verdict, reason.evidence, sep="\t")
for note in timepoint.lesions:
    print(note.lesion, note.role, note.size_mm, note.counted, sep="\t")
