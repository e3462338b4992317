"""The rulebook as pages: tables as grids, rules, readings, criteria, policies, problems, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from mrecist import CRITERIA, MARKER_RULES, POLICIES, PROBLEMS, READINGS, TO_CHECK, Reading
from mrecist._base.words import Situation
from mrecist.endpoints.definitions import DEFINITIONS
from mrecist.endpoints.untreatable import CLAUSES
from mrecist.rulebook.decision_table import DecisionTable, Rule
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.notes import NOTES
from mrecist.rulebook.papers import Citation, Evidence
from mrecist.rulebook.uses import USES

MARKS = {
    **{each.name.lower(): each.value for each in Evidence},
    "reading": "the papers are silent or disagree, and this project decided",
}
IDS = re.compile(r"\bRD-[A-Z0-9-]*[A-Z0-9]\b")


_HOW = (
    "Read a row as: where the inputs are these, the verdict is that. Words in italics are filled "
    "with the numbers of the case."
)


def pages() -> dict[str, str]:
    """Every page by its name."""
    made = {f"table-{name}": _table_page(name) for name in TABLES}
    made |= {
        "index": _index(),
        "criteria": _criteria(),
        "policies": _policies(),
        "times": _times(),
        "markers": _markers(),
        "readings": _readings(),
        "problems": _problems(),
        "notes": _notes(),
        "to_check": _to_check(),
    }
    return {name: text.rstrip() + "\n" for name, text in made.items()}


def text(value: object) -> str:
    """Plain text as Markdown, also inside a cell of a table."""
    safe = re.sub(r"([\\`*_<>|\[\]#{}])", r"\\\1", str(value))
    return re.sub(r"\s+", " ", safe)


def blanks(sentence: str) -> str:
    """A sentence whose blanks, which the numbers of a case fill, are words in italics."""
    apart = re.sub(r"(?<=[\w}])(?=\{)|(?<=\})(?=\w)", " ", sentence)
    parts = re.split(r"\{(\w+)\}", apart)
    return "".join(
        f"*{part.replace('_', ' ')}*" if i % 2 else text(part) for i, part in enumerate(parts)
    )


def grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown."""
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def linked(id: str, page: str) -> str:
    """An id as a link to its heading on a page."""
    return f"[{id}]({page}.md#{id.lower()})"


def source(told: Citation | Reading) -> str:
    """Where a rule comes from, and its mark."""
    if isinstance(told, Reading):
        return f"decision of this project, {linked(told.id, 'readings')} (**reading**)"
    return f"{text(told.paper.key)}, {text(told.where)} (**{mark(told)}**)"


def mark(told: Citation | Reading) -> str:
    """How well a source is known, in a word."""
    return "reading" if isinstance(told, Reading) else told.evidence.name.lower()


def _index() -> str:
    tables = [
        f"- [{text(each.title)}](table-{name}.md)" if each is first else f"  - {text(each.title)}"
        for name, several in TABLES.items()
        for first in several[:1]
        for each in several
    ]
    others = ("criteria", "policies", "times", "markers", "readings", "problems", "notes",
              "to_check")  # fmt: skip
    names = "\n".join([*others, *(f"table-{name}" for name in TABLES)])
    return f"""# The rulebook

Everything clinical that this library knows. The pages are made from the tables that decide, so they
cannot say anything else.

Each rule has a mark that says how well its source is known:

{grid(["mark", "means"], [[word, text(meaning)] for word, meaning in MARKS.items()])}

## Beside the tables

- [Criteria](criteria.md): every number, and what each set of criteria was used for
- [Policies](policies.md): which day counts as an event or as censored
- [Times to events](times.md): how each time is defined
- [Marker rules](markers.md): AFP and PIVKA-II, never part of a verdict
- [Readings](readings.md): what this project decided where the papers are silent, and why
- [Problems](problems.md): what can be odd about a chart, and what to do
- [Notes](notes.md): what of a chart may be misread
- [What to check](to_check.md): what to read in the papers, to lift marks

## Decision tables

In the order in which a chart is read:

{chr(10).join(tables)}

```{{toctree}}
:hidden:

{names}
```
"""


def _table_page(name: str) -> str:
    tables = TABLES[name]
    parts = [f"# {text(tables[0].title)}", f"`mrecist rules {name}` prints it. {_HOW}"]
    seen: set[str] = set()
    for table in tables:
        if table is not tables[0]:
            parts.append(f"## {text(table.title)}")
        parts += [_grid(table), *_rules(table, seen)]
    return "\n\n".join(parts)


def _grid(table: DecisionTable[Any]) -> str:
    head, rows = table._grid_of_words()
    known = {rule.id: mark(rule.source) for rule in table.rules}
    inputs = len(table.inputs)
    return grid(
        [*map(text, head[:inputs]), "verdict", "rule", "mark"],
        [
            [
                *map(text, row[:inputs]),
                f"**{text(row[inputs])}**",
                text(row[inputs + 1]),
                known[row[inputs + 1]],
            ]
            for row in rows
        ],
    )


def _rules(table: DecisionTable[Any], seen: set[str]) -> Iterator[str]:
    """A section for each rule; one that an earlier table of the page has is told by its source."""
    for rule in table.rules:
        told = f"{text(rule.verdict)}: {blanks(rule.sentence)}. {_sources(rule)}"
        yield f"**{rule.id}** {told}" if rule.id in seen else f"### {rule.id}\n\n{told}"
        seen.add(rule.id)


def _sources(rule: Rule[Any]) -> str:
    return "Source: " + "; ".join(map(source, (rule.source, *rule.readings))) + "."


def _criteria() -> str:
    parts = ["# Criteria", "`mrecist rules --criteria` prints what each was used for."]
    for name, use in USES.items():
        parts.append(f"## {name}")
        parts.append(f"{text(use.title)}. Use: {text(use.used_for)}. Known: {source(use.source)}.")
        if name in CRITERIA:
            numbers = (line.strip().split(" = ") for line in str(CRITERIA[name]).splitlines()[1:])
            parts.append(grid(["field", "value"], [map(text, row) for row in numbers]))
    return "\n\n".join(parts)


def _policies() -> str:
    parts = ["# Policies of censoring", "Which day counts, and as what. `mrecist course --policy`."]
    for name, policy in POLICIES.items():
        parts.append(f"## {name}\n\n{text(policy.title)}.")
        rows = [
            [text(situation), text(clause.effect), clause.id, mark(clause.source)]
            for situation, clause in zip(Situation, policy.clauses, strict=True)
        ]
        parts.append(grid(["situation", "effect", "rule", "mark"], rows))
        told = {clause.id: clause for clause in policy.clauses}
        parts += [
            f"### {id}\n\n{text(each.sentence)}. Source: {source(each.source)}."
            for id, each in told.items()
        ]
    return "\n\n".join(parts)


def _times() -> str:
    parts = ["# Times to events", "How each time is defined, and why it ends where it ends."]
    parts += [
        f"## {each.id}\n\n{text(each.effect)}: {blanks(each.sentence)}. "
        f"Source: {source(each.source)}."
        for each in {each.id: each for each in (*DEFINITIONS, *CLAUSES)}.values()
    ]
    return "\n\n".join(parts)


def _markers() -> str:
    parts = ["# Marker rules", "Tumour markers stand beside the images. None enters a verdict."]
    parts += [f"## {rule.id}\n\n{text(rule)}" for rule in MARKER_RULES.values()]
    return "\n\n".join(parts)


def _readings() -> str:
    parts = [
        "# Readings",
        "What this project decided where the papers are silent or disagree, and why. "
        "`mrecist rules --readings` prints the same.",
    ]
    parts += [
        f"## {each.id}\n\n{_sentence(each.decision)}\n\n*Because* {text(each.reason)}."
        for each in READINGS
    ]
    return "\n\n".join(parts)


def _problems() -> str:
    parts = [
        "# Problems",
        "What can be odd about a chart. It is judged all the same, and the code stands beside the "
        "answer.",
    ]
    parts += [
        f"## {code}\n\n{_sentence(each.sentence)}\n\n*What to do:* {text(each.cure)}.\n\n"
        f"Of: {' or '.join(each.where)}. From: {', '.join(map(_id, each.source))}."
        for code, each in PROBLEMS.items()
    ]
    return "\n\n".join(parts)


def _id(id: str) -> str:
    return linked(id, "readings") if IDS.fullmatch(id) else text(id)


def _notes() -> str:
    parts = [
        "# Notes",
        "What of a chart or a table is probably misread. No verdict depends on a note. Words in "
        "italics are filled with what was found.",
    ]
    parts += [
        f"## {code}\n\n{blanks(each.what[:1].upper() + each.what[1:])}.\n\n"
        f"*Probably meant:* {blanks(each.meant)}."
        for code, each in NOTES.items()
    ]
    return "\n\n".join(parts)


def _to_check() -> str:
    parts = [
        "# What to check in the papers",
        "Rules known from memory, and what to read in order to lift that mark.",
    ]
    parts += [
        f"## {id}\n\n{text(each.paper)}\n\nRead: {text(each.sentence)}\n\n"
        f"Rests on it: {', '.join(map(text, each.ids))}."
        for id, each in TO_CHECK.items()
    ]
    return "\n\n".join(parts)


def _sentence(told: str) -> str:
    return text(told[:1].upper() + told[1:]) + "."
