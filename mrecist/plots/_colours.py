"""A colour for each drug or regimen by its name, so that figures of different cohorts compare."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from ..rulebook.drugs import named
from ._canvas import OTHER

__all__ = ["MOST", "drug_looks"]

MOST = 8
"""How many drugs or regimens have a colour; past them all are grey."""

_KNOWN = {
    frozenset(regimen.split("+")): colour
    for colour, regimens in {
        "#0072b2": "lenvatinib",
        "#e69f00": "sorafenib",
        "#009e73": "regorafenib",
        "#d55e00": "cabozantinib",
        "#cc79a7": "atezolizumab+bevacizumab atezolizumab",
        "#56b4e9": "durvalumab+tremelimumab durvalumab",
        "#7a5195": "nivolumab+ipilimumab nivolumab",
        "#b8a800": "ramucirumab",
    }.items()
    for regimen in regimens.split()
}
_MORE = ("#332288", "#44aa99", "#117733", "#999933", "#882255", "#cc6677", "#ddcc77", "#661100")


def drug_looks(names: Sequence[str]) -> dict[str, str]:
    """A colour for each name, in the order given; past `MOST` all are grey.

    Frequent regimens have one of their own; any other has the one that its name gives, or where
    two would share it, the next that is free.
    """
    looks = dict.fromkeys(names, OTHER)
    taken: set[str] = set()
    for name in sorted(names[:MOST], key=lambda name: (_own(name) is None, name)):
        own = _own(name)
        first = crc32(name.encode(errors="replace")) % len(_MORE)
        free = (colour for colour in (*_MORE[first:], *_MORE[:first]) if colour not in taken)
        looks[name] = own if own is not None and own not in taken else next(free)
        taken.add(looks[name])
    return looks


def _own(name: str) -> str | None:
    """The colour that a frequent regimen has, by whatever names its drugs are called."""
    return _KNOWN.get(frozenset(named(name.split("+"))))
