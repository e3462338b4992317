"""What goes to another process: read-only mappings, and values without what they can compute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

__all__ = ["ReadOnly", "own_state"]

Key = TypeVar("Key")
Value = TypeVar("Value", covariant=True)


class ReadOnly(Mapping[Key, Value]):
    """A mapping that nobody can change, as `MappingProxyType`, and that can be pickled."""

    __slots__ = ("_each",)

    def __init__(self, each: Mapping[Key, Value]) -> None:
        self._each = each

    def __getitem__(self, key: Key) -> Value:
        return self._each[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._each)

    def __len__(self) -> int:
        return len(self._each)

    def __reduce__(self) -> Any:
        return type(self), (dict(self._each),)

    def __repr__(self) -> str:
        return repr(dict(self._each))


def own_state(value: Any) -> dict[str, Any]:
    """The attributes of a value, without cached ones: these are computed again where needed."""
    kind = type(value)
    return {
        name: each
        for name, each in vars(value).items()
        if not isinstance(getattr(kind, name, None), cached_property)
    }
