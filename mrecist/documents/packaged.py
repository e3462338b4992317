"""What comes with the package: the JSON Schema of each document, and two cases."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from .._base.converters import shown
from .._base.json_text import parse
from ..model import Patient
from .case import from_case

__all__ = ["example_case", "schema"]


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a document: `"case"`, `"assessment"` or `"error"`.

    Args:
        name: The kind of document.

    Returns:
        The schema as plain values, in draft 2020-12.

    Raises:
        ValueError: Another name.

    Example:
        >>> schema("case")["properties"]["format"]["const"]
        'mrecist-case/1'
    """
    if name not in ("case", "assessment", "error"):
        raise ValueError(f'schema must be "case", "assessment" or "error", got {shown(name)}')
    loaded: dict[str, Any] = json.loads(_packaged("schemas", f"{name}-1.schema.json"))
    return loaded


def example_case(name: str = "synthetic") -> Patient:
    """A case that comes with the package: `"synthetic"`, or the published `"ikeda-2021"`.

    Args:
        name: Which of the two; the synthetic patient is invented.

    Returns:
        The chart.

    Raises:
        ValueError: Another name.

    Example:
        >>> [line.agents for line in example_case().lines]
        [('lenvatinib',), ('atezolizumab', 'bevacizumab'), ('lenvatinib',)]
    """
    if name not in ("synthetic", "ikeda-2021"):
        raise ValueError(f'example must be "synthetic" or "ikeda-2021", got {shown(name)}')
    return from_case(parse(_packaged("data", f"{name}.json")))


def _packaged(*path: str) -> bytes:
    return resources.files("mrecist").joinpath(*path).read_bytes()
