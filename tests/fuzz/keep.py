"""Add to the seeds the smallest inputs of a corpus that reach a branch which no seed reaches.

`python tests/fuzz/keep.py CORPUS`, after `python tests/fuzz/run.py --corpus CORPUS`.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

sys.path[:] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2]), *sys.path[1:]]

import mrecist  # noqa: E402
from fuzz import seeds  # noqa: E402

PACKAGE = str(Path(mrecist.__file__).parent)
LARGEST = 2_000
Arc = tuple[str, int, int]


def main() -> None:
    """Keep what is new of each target, smallest first."""
    for target in seeds.TARGETS:
        check = importlib.import_module(f"fuzz.{target}").check
        reached: set[Arc] = set()
        for data in seeds.seeds(target):
            reached |= arcs(check, data)
        before = len(reached)
        found = sorted(Path(sys.argv[1], target).glob("*"), key=lambda path: path.stat().st_size)
        kept = 0
        for path in found:
            data = path.read_bytes()
            if len(data) <= LARGEST and (new := arcs(check, data) - reached):
                reached |= new
                kept += 1
                name = hashlib.sha256(data).hexdigest()[:12]
                (seeds.HERE / "seeds" / target).mkdir(parents=True, exist_ok=True)
                (seeds.HERE / "seeds" / target / name).write_bytes(data)
        print(f"{target}: {kept} of {len(found)} kept; branches {before} -> {len(reached)}")


def arcs(check: Callable[[bytes], None], data: bytes) -> set[Arc]:
    """The steps from line to line that a check takes inside the package."""
    found: set[Arc] = set()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        path = frame.f_code.co_filename
        if not path.startswith(PACKAGE):
            return None
        last = frame.f_code.co_firstlineno

        def line(frame: FrameType, event: str, argument: Any) -> Any:
            nonlocal last
            if event == "line":
                found.add((path, last, frame.f_lineno))
                last = frame.f_lineno
            return line

        return line

    sys.settrace(trace)
    try:
        check(data)
    finally:
        sys.settrace(None)
    return found


if __name__ == "__main__":
    main()
