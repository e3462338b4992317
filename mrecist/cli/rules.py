"""`mrecist rules`: the decision tables, one rule, the readings, the problems, the trace."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from .._base.errors import NotThereError
from .._base.nearest import did_you_mean
from .._base.problems import PROBLEMS
from .._base.words import Situation
from ..endpoints import untreatable
from ..endpoints.definitions import DEFINITIONS
from ..laboratory.marker_rules import MARKER_RULES
from ..rulebook.index import TABLES
from ..rulebook.notes import NOTES
from ..rulebook.policies import POLICIES
from ..rulebook.readings import READINGS, Reading
from ..rulebook.to_check import TO_CHECK
from ..rulebook.uses import USES
from .messages import FINE, say
from .screen import show

__all__ = ["COMMANDS"]


_ONLY = "Instead of the tables, print {}. Default: the tables."


def _takes_rules(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "table",
        nargs="?",
        metavar="TABLE",
        help="A table or policy, or the id of a rule, reading, problem or note. The tables and "
        "policies are " + ", ".join([*TABLES, *POLICIES]) + ". Default: all tables.",
    )
    command.add_argument(
        "--readings",
        action="store_true",
        help=_ONLY.format("the decisions of this project where the papers are silent"),
    )
    command.add_argument(
        "--problems",
        action="store_true",
        help=_ONLY.format("every problem and note that a chart can have, with its cure"),
    )
    command.add_argument(
        "--to-check",
        action="store_true",
        help=_ONLY.format("what to read in the papers, and the rules from memory behind it"),
    )
    command.add_argument(
        "--notes",
        action="store_true",
        help=_ONLY.format("the notes on what of a chart may be misread"),
    )
    command.add_argument(
        "--criteria",
        action="store_true",
        help=_ONLY.format("the criteria: what each was used for, and how well it is known"),
    )
    command.add_argument(
        "--trace",
        action="store_true",
        help="Add where each rule stands in the code, which tests and cases show it, and its "
        "source. Default: left out.",
    )
    command.set_defaults(run=_rules, file="rules")


COMMANDS = {"rules": _takes_rules}
"""What adds the arguments of each command."""


def _rules(options: argparse.Namespace) -> int:
    if options.trace:
        return _trace(options)
    if options.readings:
        for reading in READINGS:
            show(_told(reading), end="\n\n")
        return FINE
    if options.problems:
        show("\n\n".join(map(str, (*PROBLEMS.values(), *NOTES.values()))))
        return FINE
    if options.to_check:
        show("\n\n".join(map(str, TO_CHECK.values())))
        return FINE
    if options.criteria:
        show("\n\n".join(map(str, USES.values())))
        return FINE
    if options.notes:
        show("\n\n".join(map(str, NOTES.values())))
        return FINE
    if options.table in POLICIES:
        show(str(POLICIES[options.table]))
        return FINE
    if options.table is not None and options.table not in TABLES:
        found = _one_rule(options.table)
        if not found:
            told = f"no table, rule, policy, reading, problem or note {options.table!r}"
            known = f"; the tables and policies are {', '.join([*TABLES, *POLICIES])}"
            return say(told + (did_you_mean(options.table, _names(), 0.75) or known))
        show("\n\n".join(found))
        return FINE
    names = TABLES if options.table is None else [options.table]
    show("\n\n".join(str(table) for name in names for table in TABLES[name]))
    return FINE


def _trace(options: argparse.Namespace) -> int:
    from ..conformance import trace_page  # reads the source of the package, only where asked for

    try:
        print(trace_page.told("readings" if options.readings else options.table))
    except NotThereError as error:
        return say(str(error))
    return FINE


def _names() -> Iterator[str]:
    """Every name that may be asked for."""
    yield from (*TABLES, *POLICIES, *PROBLEMS, *NOTES, *MARKER_RULES)
    yield from (reading.id for reading in READINGS)
    yield from (rule.id for some in TABLES.values() for table in some for rule in table.rules)
    yield from (clause.id for policy in POLICIES.values() for clause in policy.clauses)
    yield from (clause.id for clause in (*DEFINITIONS, *untreatable.CLAUSES))


def _one_rule(name: str) -> list[str]:
    """A rule or a reading by its id, wherever it stands."""
    found = [
        f"{rule.id}: {rule.verdict}\n  {table.title}\n  {rule.sentence}\n"
        + "\n".join(f"  {source}" for source in (rule.source, *rule.readings))
        for tables in TABLES.values()
        for table in tables
        for rule in table.rules
        if rule.id == name
    ]
    found += [
        f"{clause.id}: {situation}, {clause.effect}\n  {policy.title}\n  {clause.sentence}\n"
        f"  {clause.source}"
        for policy in POLICIES.values()
        for situation, clause in zip(Situation, policy.clauses, strict=True)
        if clause.id == name
    ]
    found += [
        f"{clause.id}: {clause.effect}\n  {clause.sentence}\n  {clause.source}"
        for clause in (*DEFINITIONS, *untreatable.CLAUSES)
        if clause.id == name
    ]
    found += [f"{rule}\n  {rule.source}" for rule in MARKER_RULES.values() if rule.id == name]
    found += [_told(reading) for reading in READINGS if reading.id == name]
    entries = {**PROBLEMS, **NOTES}
    return found + [str(entry) for code, entry in entries.items() if code == name]


def _told(reading: Reading) -> str:
    return f"{reading.id}\n  {reading.decision}\n  because {reading.reason}"
