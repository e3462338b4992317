"""The library's answer beside the oracle's, and a search for charts where they differ.

    python -m tests.support.compare [--seeds FIRST STOP] [--criteria NAME ...] [--show N]
    python -m tests.support.compare --charts FILE.jsonl

Every kind of difference is shown once, by its smallest chart.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import mrecist

from .charts import chart
from .oracle import oracle
from .oracle_immune import BASES, immune_oracle
from .shrink import smallest

Document = dict[str, Any]

CRITERIA = ("mrecist", "mrecist-5mm", "recist-1.1")
SETS = ("problems", "causes")
WORDS = {"rules", "why", "notes", "lesions"}


def differences(case: Document, criteria: str, given: Document) -> list[str]:
    """How an assessment document differs from the oracle's, each with its path.

    Only `rules`, `why`, `notes` and graded `lesions` may be there beside what the oracle gives;
    problems and causes come in any order, each once.
    """
    right = immune_oracle(case, criteria) if criteria in BASES else oracle(case, criteria)
    return list(_differences("", right, given))


def _differences(path: str, right: Any, given: Any) -> Iterator[str]:
    if isinstance(right, dict) and isinstance(given, dict):
        for key in sorted(given.keys() - right.keys() - WORDS):
            yield f"{path}.{key}: must not be there"
        for key, value in right.items():
            if key not in given:
                yield f"{path}.{key}: missing, must be {value!r}"
            else:
                yield from _differences(f"{path}.{key}".lstrip("."), value, given[key])
    elif isinstance(right, list) and isinstance(given, list):
        yield from _differences_of_lists(path, right, given)
    elif right != given or isinstance(right, bool) is not isinstance(given, bool):
        yield f"{path}: must be {right!r}, is {given!r}"


def _differences_of_lists(path: str, right: list[Any], given: list[Any]) -> Iterator[str]:
    if path.rsplit(".", 1)[-1] in SETS:
        yield from (f"{path}: lacks {word}" for word in sorted(set(right) - set(given)))
        yield from (f"{path}: must not have {word}" for word in sorted(set(given) - set(right)))
        yield from (f"{path}: has {word} twice" for word in set(given) if given.count(word) > 1)
    elif len(right) != len(given):
        yield f"{path}: must be {len(right)} items, is {len(given)}"
    else:
        for index, (value, other) in enumerate(zip(right, given, strict=True)):
            yield from _differences(f"{path}[{index}]", value, other)


def answer(case: Document, criteria: str) -> Document:
    """The library's assessment document of a case."""
    chosen = {**mrecist.CRITERIA, **mrecist.IMMUNE_CRITERIA}[criteria]
    return mrecist.to_assessment(mrecist.assess(mrecist.from_case(case), criteria=chosen))


def found(case: Document, criteria: str) -> list[str]:
    """How the library differs from the oracle on a case, an exception being a difference."""
    try:
        given = answer(case, criteria)
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    return differences(case, criteria, given)


def sort_of(difference: str) -> str:
    """The kind of a difference: its path without numbers, and of words what they are."""
    path, _, rest = difference.partition(": ")
    if path.endswith(("Error", "Exception")):
        return re.sub(r"\[\d+\]|'[^']*'|\d+", "", difference)[:120]
    path = re.sub(r"\[\d+\]", "", path)
    return f"{path}: {rest}" if path.endswith(("problems", "response")) else path


def minimal(case: Document, criteria: str, sort: str) -> Document:
    """The smallest chart on which a difference of this kind is the first."""

    def shows(smaller: Document) -> bool:
        return any(sort_of(each) == sort for each in found(smaller, criteria)[:1])

    return smallest(case, shows)


def shown(case: Document, criteria: str) -> str:
    """A chart, one record per line, and what differs."""
    rows = []
    for key, value in case.items():
        if isinstance(value, list) and value:
            rows.append(f' "{key}": [')
            rows += [f"   {json.dumps(each, ensure_ascii=False, default=str)}," for each in value]
            rows.append("  ],")
        else:
            rows.append(f' "{key}": {json.dumps(value, default=str)},')
    return "\n".join([f"by {criteria}:", *rows, *(f"  ! {each}" for each in found(case, criteria))])


def charts_of(options: argparse.Namespace) -> Iterator[tuple[str, Document, Iterable[str]]]:
    """The charts to compare, each with a name and its criteria."""
    if options.charts is None:
        for seed in range(*options.seeds):
            yield f"seed {seed}", chart(random.Random(seed)), options.criteria
        return
    for number, row in enumerate(options.charts.read_text(encoding="utf-8").splitlines(), 1):
        if row.strip():
            read = json.loads(row)
            criteria = [read["criteria"]] if "criteria" in read else options.criteria
            yield read.get("name", f"line {number}"), read.get("case", read), criteria


def main(arguments: list[str] | None = None) -> int:
    """Compare, print each kind of difference once, then how often each was the first one."""
    parser = argparse.ArgumentParser(description="Compare the library with the oracle.")
    parser.add_argument("--seeds", nargs=2, type=int, default=(0, 1000), metavar=("FIRST", "STOP"))
    parser.add_argument("--charts", type=Path, help="a .jsonl file of cases instead of seeds")
    parser.add_argument("--criteria", nargs="+", default=CRITERIA, choices=CRITERIA)
    parser.add_argument("--show", type=int, default=5, help="how many kinds to show")
    options = parser.parse_args(arguments)
    kinds: Counter[str] = Counter()
    compared = 0
    for name, case, criteria in charts_of(options):
        for each in criteria:
            compared += 1
            differing = found(case, each)
            if not differing:
                continue
            sort = sort_of(differing[0])
            kinds[sort] += 1
            if kinds[sort] == 1 and len(kinds) <= options.show:
                print(f"--- {name}", shown(minimal(case, each, sort), each), sep="\n", flush=True)
    for kind, count in kinds.most_common():
        print(f"{count:6} {kind}")
    print(f"{sum(kinds.values())} of {compared} differ")
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
