"""A protocol of one's own: any number of the criteria, exact or refused."""

from fractions import Fraction

import attrs

import mrecist

protocol = attrs.evolve(
    mrecist.MRECIST,
    name="my-trial",
    title="HCC mRECIST as my trial amends it",
    response_share="1/2",  # half of the viable total must be gone
    progression_floor_mm=5,  # growth must also be 5 mm
    stable_days=49,  # stable disease from week 7, as in REFLECT
)
patient = mrecist.example_case()
print(mrecist.compare(patient, mrecist.MRECIST, protocol))

for share in (0.3, Fraction(13, 10), "3/10"):
    try:
        print(attrs.evolve(protocol, response_share=share).response_share)
    except mrecist.CriteriaError as error:
        print(error)
