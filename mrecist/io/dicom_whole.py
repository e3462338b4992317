"""Whether a file of DICOM is whole: the library reads one that was cut short as far as it goes.

The elements are passed over by their lengths, those inside sequences too. A file is whole if the
last one ends where the file ends.
"""

from __future__ import annotations

import zlib
from typing import Literal

__all__ = ["is_whole"]

_START = 132
_UNDEFINED = 0xFFFFFFFF
_ITEM, _END_OF_ITEM, _END_OF_SEQUENCE = (0xFFFE, 0xE000), (0xFFFE, 0xE00D), (0xFFFE, 0xE0DD)
_LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR",
                   b"UT", b"UV"})  # fmt: skip
"""Value representations whose length has four bytes, after two that are reserved."""
_SYNTAX = (0x0002, 0x0010)
_META = 0x0002
_IMPLICIT, _BIG_ENDIAN = b"1.2.840.10008.1.2", b"1.2.840.10008.1.2.2"
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_DEEPEST = 100


def is_whole(content: bytes) -> bool:
    """Whether the last element ends with the file; bytes of zero may follow."""
    at, syntax = _START, b""
    meta = _Walk(content, explicit=True, big=False)
    try:
        while at < len(content) and meta.number(at, 2) == _META:
            tag, value, length = meta.head(at)
            at = meta.inside(value + length)
            if tag == _SYNTAX:
                syntax = content[value:at].rstrip(b"\0 ")
        if syntax == _DEFLATED:
            deflated = zlib.decompressobj(-zlib.MAX_WBITS)
            deflated.decompress(content[at:])
            return deflated.eof
        walk = _Walk(content, explicit=syntax != _IMPLICIT, big=syntax == _BIG_ENDIAN)
        while at < len(content) and (content[at] or content[at:].strip(b"\0")):
            at = walk.after(at, 0)
    except (EOFError, zlib.error):
        return False
    return True


class _Walk:
    """The elements of a file, by their lengths. Raises `EOFError` where the file ends in one."""

    def __init__(self, content: bytes, *, explicit: bool, big: bool) -> None:
        self.content, self.explicit = content, explicit
        self.order: Literal["big", "little"] = "big" if big else "little"

    def number(self, at: int, size: int) -> int:
        self.inside(at + size)
        return int.from_bytes(self.content[at : at + size], self.order)

    def inside(self, at: int) -> int:
        """A place in the file, its end included."""
        if at > len(self.content):
            raise EOFError
        return at

    def tag(self, at: int) -> tuple[int, int]:
        return self.number(at, 2), self.number(at + 2, 2)

    def head(self, at: int) -> tuple[tuple[int, int], int, int]:
        """The tag of an element, where its value begins, and its length."""
        tag = self.tag(at)
        if not self.explicit:
            return tag, at + 8, self.number(at + 4, 4)
        kind = self.content[at + 4 : at + 6]
        if kind in _LONG:
            return tag, at + 12, self.number(at + 8, 4)
        return tag, at + 8, self.number(at + 6, 2)

    def after(self, at: int, depth: int) -> int:
        """The place after an element."""
        _, value, length = self.head(at)
        if length != _UNDEFINED:
            return self.inside(value + length)
        unknown = self.content[at + 4 : at + 6] == b"UN" and self.explicit
        walk = _Walk(self.content, explicit=False, big=False) if unknown else self
        return walk.after_items(value, depth + 1)

    def after_items(self, at: int, depth: int) -> int:
        """The place after a sequence without a length."""
        if depth > _DEEPEST:
            raise EOFError
        while (tag := self.tag(at)) != _END_OF_SEQUENCE:
            if tag != _ITEM:
                raise EOFError
            length = self.number(at + 4, 4)
            at += 8
            if length != _UNDEFINED:
                at = self.inside(at + length)
                continue
            while self.tag(at) != _END_OF_ITEM:
                at = self.after(at, depth)
            at = self.inside(at + 8)
        return self.inside(at + 8)
