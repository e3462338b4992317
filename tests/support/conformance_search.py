"""Find the smallest chart in which a rule fires, as a start for a conformance case.

    python tests/support/conformance_search.py ID [--criteria NAME] [--tries N]

Charts are drawn from `mrecist.testing.strategies.case_documents` until one exercises the rule,
reading of a rule or problem, and are then shrunk. What comes out is printed as an entry without
reason and source: those are for a person to write, once the chart has been looked at and what does
not matter has been taken out. `conformance_fill.py` fills in the rest.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from hypothesis import HealthCheck, find, settings
from hypothesis.errors import NoSuchExample

import mrecist
from mrecist.testing.strategies import case_documents
from support.conformance_fill import exercised

Document = dict[str, Any]


def smallest(rule: str, criteria: str, tries: int = 3000) -> Document:
    """The smallest case document found that exercises a rule; raises `NoSuchExample`."""

    def fires(document: Document) -> bool:
        return rule in exercised(document, criteria)

    found: Document = find(
        case_documents(),
        fires,
        settings=settings(
            max_examples=tries,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Find the smallest chart in which a rule fires.")
    parser.add_argument("rule", metavar="ID")
    parser.add_argument("--criteria", choices=list(mrecist.CRITERIA), default="mrecist")
    parser.add_argument("--tries", type=int, default=3000)
    options = parser.parse_args()
    try:
        document = smallest(options.rule, options.criteria, options.tries)
    except NoSuchExample:
        print(f"{options.rule} did not fire in {options.tries} charts", file=sys.stderr)
        return 1
    entry = {"id": "", "reason": "", "source": "", "criteria": options.criteria, "case": document}
    print(json.dumps(entry, indent=1, default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main())
