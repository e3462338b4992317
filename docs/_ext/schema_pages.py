"""The JSON documents as a page, from their schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rulebook_pages import grid, text

import mrecist

NAMES = ("case", "assessment", "error")
TITLES = {"case": "goes in", "assessment": "comes out", "error": "comes out for an invalid case"}


def page() -> str:
    """Every key of every document: what may stand there, whether it is needed, what it means."""
    parts = [
        "# Keys of the documents",
        "A case document goes in, an assessment document comes out. A key that is not required may "
        'be left out, or be `null`. The schemas: `mrecist.schema("case")`, `"assessment"` and '
        '`"error"`. A file has one document, or one on each line (`.jsonl`).',
    ]
    for name in NAMES:
        schema = mrecist.schema(name)
        kind = schema["properties"]["format"]["const"]
        parts.append(f"## {kind}: {TITLES[name]}\n\n{text(schema['description'])}")
        parts.append(_keys(schema, name))
        for called, part in schema.get("$defs", {}).items():
            if "properties" in part:
                told = f"### {_title(name, called)}\n\n{text(part.get('description', ''))}"
                parts += [told.rstrip(), _keys(part, name)]
    return "\n\n".join(parts) + "\n"


def _title(document: str, part: str) -> str:
    return f"{part} of {'an' if document[0] in 'ae' else 'a'} {document}"


def _keys(part: dict[str, Any], document: str) -> str:
    required = set(part.get("required", ()))
    rows = [
        [
            f"`{key}`" + (" (required)" if key in required else ""),
            ", ".join(dict.fromkeys(_values(each, document))),
            text(each.get("description", "")),
        ]
        for key, each in part["properties"].items()
    ]
    return grid(["key", "value", "meaning"], rows)


def _values(value: dict[str, Any], document: str) -> Iterator[str]:
    """What may stand for a key, in words; null goes without saying."""
    if "const" in value:
        yield f"`{value['const']}`"
    elif "enum" in value:
        yield from (f"`{each}`" for each in value["enum"] if each is not None)
    elif "$ref" in value:
        yield _part(value["$ref"].rpartition("/")[2], document)
    elif "anyOf" in value:
        for each in value["anyOf"]:
            yield from _values(each, document)
    elif "items" in value:
        inside = dict.fromkeys(_values(value["items"], document))
        yield "list of " + (" or ".join(inside) or "objects")
    elif "if" in value:
        yield from _values(value["else"], document)
        yield from _values(value["then"], document)
    else:
        kinds = value.get("type", ())
        yield from (k for k in ([kinds] if isinstance(kinds, str) else kinds) if k != "null")


def _part(name: str, document: str) -> str:
    """A part by its name, as a link where it has keys of its own."""
    if "properties" not in mrecist.schema(document)["$defs"][name]:
        return name
    return f"[{name}](#{_title(document, name).replace(' ', '-')})"
