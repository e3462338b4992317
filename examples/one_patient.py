"""One patient, written by hand and judged: the exact -30 % that floats get wrong."""

from mrecist import Finding, Lesion, Patient, TherapyLine, Timepoint, assess

patient = Patient(
    "P-001",
    lesions=[
        Lesion("S8", "liver", "nodule"),
        Lesion("S4", "liver", "nodule"),
        Lesion("PV", "portal vein", "thrombus"),
    ],
    timepoints=[
        Timepoint(
            "2024-01-03",
            [
                Finding("S8", viable_mm=41, longest_mm=52),
                Finding("S4", viable_mm="22.5"),
                Finding("PV", status="present"),
            ],
        ),
        Timepoint(
            "2024-03-06",
            [
                Finding("S8", viable_mm="28.70", longest_mm=51),
                Finding("S4", viable_mm="15.75"),
                Finding("PV", status="present"),
            ],
        ),
        Timepoint(
            "2024-05-08",
            [
                Finding("S8", viable_mm=36, longest_mm=51),
                Finding("S4", viable_mm=19),
                Finding("PV", status="present"),
            ],
        ),
    ],
    lines=[TherapyLine(["lenvatinib"], "2024-01-10", stop="2024-05-10")],
)

assessment = assess(patient)
print(assessment)

first = assessment.lines[0].timepoints[0]
print()
print("response", first.response, "total", first.total_mm, "mm, baseline 63.5 mm")
print("in floats:", (first.total_mm - 63.5) / 63.5 * 100 <= -30)
