"""One patient by HCC mRECIST and by RECIST 1.1, as REFLECT and IMbrave150 reported both."""

import mrecist

comparison = mrecist.compare(mrecist.example_case())
print(comparison)

differing = [row for row in comparison.rows if row.differ and row.date is not None]
print(f"\nthe criteria differ at {len(differing)} time points; the first one, by each:")
for assessment in comparison.assessments:
    print(f"\n{assessment.criteria.title}")
    print(assessment.at(differing[0].line, differing[0].date).why)
