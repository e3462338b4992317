"""Data sets with labels into files of each kind that takes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .._base.outputs import together
from .typed_files import write_columns

if TYPE_CHECKING:
    from .transport import Sets

__all__ = ["KINDS", "check_kind", "write_data_sets"]

KINDS = ("xpt", "csv", "parquet", "json")
"""The kinds of files that data sets are written to."""


def check_kind(kind: str) -> None:
    """Raise `ValueError` for a kind of file that data sets are not written to."""
    if kind not in KINDS:
        *some, last = (f'"{each}"' for each in KINDS)
        raise ValueError(f'kind must be {", ".join(some)} or {last}, got "{kind}"')


@together()
def write_data_sets(sets: Sets, kind: str) -> list[str]:
    """Write data sets, each as the file of its path: name, label, columns, labels of the columns.

    All take their places together. Returns the paths. Raises `TransportError` with everything that
    does not fit into transport files; then none is written.
    """
    if kind == "xpt":
        from .transport import write_transports

        return write_transports(sets)
    for path, (name, label, columns, labels) in sets.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        if kind == "json":
            from .dataset_json import write_dataset

            write_dataset(path, name, label, columns, labels)
        else:
            write_columns(path, columns)
    return list(sets)
