"""Fuzz without a fuzzer: the mutations by chance alone, for a Python that atheris has no wheel for.

`python -m tests.fuzz.by_chance --seconds 15`
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import random
import sys
import time
import traceback
from pathlib import Path

sys.path[:] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2]), *sys.path[1:]]

from fuzz import mutators, seeds  # noqa: E402


def main() -> int:
    """Run every target for some seconds; an input that fails is kept among the findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*seeds.TARGETS, []], metavar="TARGET")
    parser.add_argument("--seconds", type=float, default=15, help="of each target")
    parser.add_argument("--seed", type=int, default=1, help="of chance")
    options = parser.parse_args()
    names = options.targets or seeds.TARGETS
    failed = [name for name in names if _failed(name, options.seconds, options.seed)]
    return int(bool(failed))


def _failed(target: str, seconds: float, seed: int) -> bool:
    check = importlib.import_module(f"fuzz.{target}").check
    change, pool = mutators.MUTATORS[target], seeds.seeds(target)
    chance, end, runs = random.Random(seed), time.monotonic() + seconds, 0
    data = b""
    try:
        while time.monotonic() < end:
            data = change(chance.choice(pool), chance)[:4096]
            check(data)
            runs += 1
            if chance.random() < 0.1:  # a change on top of a change
                pool.append(data)
    except Exception:
        traceback.print_exc()
        folder = seeds.HERE / "findings" / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"crash-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
        print(f"== {target}: a fault after {runs} runs; the input lies in {folder}")
        return True
    print(f"== {target}: {runs} runs without a fault", flush=True)
    return False


if __name__ == "__main__":
    sys.exit(main())
