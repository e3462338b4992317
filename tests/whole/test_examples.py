"""The scripts in `examples/` run and print what they promise."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from support.profiles import thorough_only

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.py"))
SHOWS = {
    "adam_of_a_study": r"P-002: PFS 113 days, event: Disease Progression",
    "afp_beside_the_images": r"day 183: 439 ng/mL, -76\.14 %, \+70\.81 % from the nadir 257",
    "blinded_two_arm_trial": r"INV, 160 lines: \d+ agreed, \d+ adjudicated>\nR1,R2, best response",
    "cohort_with_pandas": r"response PD: target SD, non-target NONE, new lesion YES",
    "cohort_with_polars": r"\bNL-HCC-10\b",
    "best_responses_of_a_folder": r"4,sorafenib,rechallenge,PR,NE,",
    "mrecist_beside_recist": "2     best        SD       SD",
    "one_patient": "in floats: False",
    "fhir_bundle_to_verdicts": r"HCC mRECIST time point response .*'code': 'C18058'",
    "figure_of_the_published_case": "regorafenib, line 5: rechallenge",
    "how_sure_against_readers": r"sure, the record is true: \d\d% -> \d\d%, ",
    "how_sure_is_this_pr": r"2023-03-13  PR +\d\d %",
    "own_protocol": "must be above 0 and at most 1, got 13/10",
    "two_arms": r"TACE: median \d+ days, free of progression at six months \d+%",
    "two_readers": r"2 lines await adjudication: see readings\.discordance",
    "two_policies": r"1 progression-free survival: 117 days \(3\.8 months\), event: new therapy on",
    "sdtm_study": r"measures=\"viable\" or measures=\"whole\"\n<Study from SDTM: 1 patient, 1 line",
    "rechallenge_of_a_cohort": r"CR/PR +\d+ of +\d+",
    "waterfall_of_a_cohort": r"\d+ of 40 totals fell",
    "worksheet_to_waterfall": r"P-01  -100\.0 %  PR",
    "what_reader_error_does": r"mrecist_tace_readers +central +mrecist +ema-itt +\d\d\.\d% ",
    "why": "NL-HCC-10\tYES\trecalled",
}
NEEDS = {
    "blinded_two_arm_trial": ("matplotlib", "scipy"),
    "cohort_with_pandas": ("pandas", "pyarrow", "narwhals"),
    "cohort_with_polars": ("polars", "pyarrow", "narwhals"),
    "figure_of_the_published_case": ("matplotlib",),
    "how_sure_against_readers": ("matplotlib",),
    "waterfall_of_a_cohort": ("matplotlib",),
}
WRITES = {
    "blinded_two_arm_trial": "blinded_two_arm_trial.svg",
    "figure_of_the_published_case": "published_case.svg",
    "how_sure_against_readers": "how_sure_against_readers.svg",
    "waterfall_of_a_cohort": "waterfall.svg",
}


@thorough_only
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(
    path: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every example is listed here with a line that it prints, and the figure that it writes.

    The line is ours: how a library lays out a table, or which numbers NumPy draws from a seed, is
    not. A figure kept with the examples says what the script draws today.
    """
    for module in NEEDS.get(path.stem, ()):
        pytest.importorskip(module)
    written = [str(tmp_path / name) for name in [WRITES.get(path.stem)] if name]
    monkeypatch.setattr("sys.argv", [str(path), *written])
    runpy.run_path(str(path), run_name="__main__")
    assert re.search(SHOWS[path.stem], capsys.readouterr().out)
    for each in map(Path, written):
        kept = path.parent / "figures" / each.name
        assert words(kept.read_text("utf-8")) == words(each.read_text("utf-8"))


def words(svg: str) -> set[str]:
    """The texts of a figure: any number for any other, and long ones by their beginning."""
    told = re.findall(r"<(?:text|title|desc)[^>]*>([^<]*)<", svg)
    return {re.sub(r"\d+", "0", text.partition("…")[0][:30]) for text in told}


def test_every_example_is_run() -> None:
    """No promise is left without its script."""
    assert {path.stem for path in EXAMPLES} == set(SHOWS)
