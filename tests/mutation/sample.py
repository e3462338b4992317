"""The quick sample: generated charts with the oracle's answers, and the same as cohorts.

Made once for a run, by the package as it stands, and read by `check.py` for every mutant. Charts of
any kind are judged by all criteria that the oracle knows, charts of treated lesions by those that
grade lesions, charts with days and reported facts by the policies of time to event. Nothing gets
into the sample that a property of the tests does not hold to be right.
"""

from __future__ import annotations

import pickle
import random
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mrecist import conformance

from .check import answers_of, endpoints_of, times_of

TESTS = Path(__file__).parents[1]
CRITERIA = ("mrecist", "mrecist-5mm", "recist-1.1")
IMMUNE = ("irecist", "imrecist-hcc", "imrecist")
OTHERS = ("easl", "who", "recist-1.1-leap012", *IMMUNE, "recicl")
POLICIES = 5
SEED = 20100210
SHARE = 4
"""Of so many charts one is of each further kind."""


def written(path: Path, size: int) -> None:
    """Write a sample of `size` charts, and fewer of other kinds, to a file."""
    sys.path.insert(0, str(TESTS))
    from support import immune_charts, lesion_charts

    from mrecist.testing.strategies import case_documents
    from tests.laws.test_times import charts_and_policies

    plain, few = _drawn(case_documents(), size), max(size // SHARE, 1)
    treated, timed = _drawn(lesion_charts.charts(), few), _drawn(charts_and_policies(), few)
    worked = [case for case in conformance.cases() if case.expect is not None]
    others = [case for case in worked if case.criteria not in CRITERIA]
    own = [case for case in worked if case.criteria in CRITERIA]
    spoken = [_spoken(document, random.Random(SEED + i)) for i, document in enumerate(plain[:few])]
    spoken += _drawn(immune_charts.charts(), few)
    charts = [_answered(each, OTHERS) for each in plain[:few]]
    charts += [_answered(each, IMMUNE) for each in spoken]
    charts += [_answered(each, ("lr-tr-2018", "lr-tr-2024")) for each in treated]
    charts += [_answered(each, CRITERIA) for each in plain]
    charts += [(each.document, {each.criteria: each.expect}) for each in worked]
    cohorts = [
        _plain_cohort([*plain, *(case.document for case in own)], CRITERIA),
        _plain_cohort([*plain[:few], *(case.document for case in others)], OTHERS[:3]),
        _immune_cohort(spoken),
        _graded_cohort(plain[:few]),
        _treated_cohort(treated),
    ]
    times = [(document, words, _times(document, words)) for document, words in timed]
    path.write_bytes(
        pickle.dumps(
            {"charts": charts, "cohorts": cohorts, "times": times, "timed": _timed_cohort(timed)}
        )
    )


def _drawn(strategy: Any, size: int) -> list[Any]:
    from hypothesis import HealthCheck, Phase, given, seed, settings

    drawn: list[Any] = []

    @seed(SEED)
    @settings(
        max_examples=size,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def gather(document: Any) -> None:
        drawn.append(document)

    gather()
    return drawn


def _spoken(document: Any, chance: random.Random) -> Any:
    """The chart with words of immunotherapy that a reader reported, here and there."""
    words = (None, None, "iCR", "iPR", "iSD", "iUPD", "iCPD", "NE", "NED", "PD", "SD")
    scans = [
        each if each.get("visit") is not None else each | {"reported": chance.choice(words)}
        for each in document["timepoints"]
    ]
    return document | {"timepoints": scans}


# --- one patient ---------------------------------------------------------------------------------


def _answered(document: Any, names: Iterable[str]) -> tuple[Any, dict[str, Any]]:
    """A chart and what the oracle says of it by some criteria."""
    from support.conformance_fill import oracle_by

    return document, {name: oracle_by(document, name) for name in names}


def _times(document: Any, words: Any) -> Any:
    """What the oracle says of the times of a chart by a policy."""
    from support.oracle_times import oracle_times

    import mrecist

    assessment = mrecist.assess(mrecist.from_case(document))
    right = oracle_times(document, mrecist.to_assessment(assessment), words)
    if times_of(document, words) != right:
        raise SystemExit("a course differs from the oracle")
    return right


# --- cohorts -------------------------------------------------------------------------------------


def _plain_cohort(documents: list[Any], names: Iterable[str]) -> dict[str, Any]:
    """The charts as tables, with the answers, which are those of the oracle."""
    from support.cohort_tables import cohort_of, expected, rows_of, sayable_cohort

    from mrecist import assess_cohort

    cohort = cohort_of(sayable_cohort(documents))
    answers = {}
    for name in names:
        found = assess_cohort(**cohort.tables, criteria=name)
        timepoints, lines = cohort.out(lambda each, name=name: expected(each, name))
        _held(f"time points by {name}", _but("rules", rows_of(found.timepoints)), timepoints)
        _held(f"lines by {name}", _but("agents", rows_of(found.lines)), _but("agents", lines))
        answers[name] = answers_of(found)
    return {"tables": cohort.tables, "lesions": False, "answers": answers}


def _immune_cohort(documents: list[Any]) -> dict[str, Any]:
    from support.cohort_tables import cohort_of, sayable_cohort

    from tests.laws.test_immune import check_cohort

    cohort = cohort_of(sayable_cohort(documents))
    for name in IMMUNE:
        check_cohort(cohort, name)
    return _frozen(cohort.tables, IMMUNE, lesions=False)


def _graded_cohort(documents: list[Any]) -> dict[str, Any]:
    from support.cohort_tables import cohort_of, sayable_cohort

    from tests.rooms.cohort.test_nodule_grades import TestAgreement

    cohort = cohort_of(sayable_cohort(documents))
    _inner(TestAgreement.test_cohorts)(TestAgreement(), cohort)
    return _frozen(cohort.tables, ("recicl",))


def _treated_cohort(documents: list[Any]) -> dict[str, Any]:
    from tests.rooms.cohort.test_treated_lesions import TestAgreement, tables

    for name in "lr-tr-2018", "lr-tr-2024":
        _inner(TestAgreement.test_each)(TestAgreement(), criteria=name, cases=documents)
    _inner(TestAgreement.test_beside)(TestAgreement(), documents)
    return _frozen(tables(documents), ("lr-tr-2018", "lr-tr-2024", "mrecist"))


def _timed_cohort(timed: list[Any]) -> dict[str, Any]:
    """Charts as tables with the times of all lines, which are those of the courses."""
    from support.cohort_tables import cohort_of, rows_of, sayable_cohort
    from support.time_policies import as_policy

    from mrecist import assess_cohort
    from tests.laws.test_times import course, same_line

    cohort = cohort_of(sayable_cohort([document for document, _ in timed]))
    policies = [words for _, words in timed[:POLICIES]]
    responses = assess_cohort(**cohort.tables)
    for words in policies:
        policy = as_policy(words)
        rows = rows_of(responses.endpoints(policy).table)
        lines = [line for each in cohort.told for line in course(each, policy).lines]
        for row, line in zip(rows, lines, strict=True):
            same_line(row, line)
    answers = endpoints_of(responses, policies)
    return {"tables": cohort.tables, "policies": policies, "answers": answers}


def _frozen(
    tables: dict[str, Any], names: Iterable[str], *, lesions: bool = True
) -> dict[str, Any]:
    from mrecist import assess_cohort

    answers = {name: answers_of(assess_cohort(**tables, criteria=name), lesions) for name in names}
    return {"tables": tables, "lesions": lesions, "answers": answers}


def _inner(test: Any) -> Any:
    """A property without what draws for it."""
    return test.hypothesis.inner_test


def _but(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: row[key] for key in row if key != name} for row in rows]


def _held(what: str, found: list[dict[str, Any]], right: list[dict[str, Any]]) -> None:
    if _but("rules", found) != _but("rules", right):
        raise SystemExit(f"{what}: assess_cohort differs from the oracle")
