"""Fuzz the readers; `--help` tells how, the docstring of the package (`__init__.py`) why."""

from __future__ import annotations

import argparse
import importlib
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2]), *sys.path[1:]]

import atheris  # noqa: E402

with atheris.instrument_imports(include=["mrecist"]):
    from fuzz import (  # noqa: F401
        cohorts,
        command_line,
        documents,
        parquet,
        streams,
        table_files,
        worksheets,
    )

from fuzz import mutators, seeds  # noqa: E402

BYTES_ALONE = 0.25
"""How often bytes are changed without knowing what they mean."""


def main() -> int:
    """Run the targets that are named, each in a process of its own."""
    options = _options()
    names = options.targets or list(seeds.TARGETS)
    failed = []
    for name in names:
        print(f"== {name}", flush=True)
        begun = time.monotonic()
        process = os.fork()  # what was imported is instrumented once
        if process == 0:
            _fuzz(options, name)
        if os.waitpid(process, 0)[1]:
            failed.append(name)
        print(f"== {name}: {time.monotonic() - begun:.0f} s", flush=True)
    if failed:
        print(f"faults in {', '.join(failed)}: the inputs lie in tests/fuzz/findings")
    return bool(failed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*seeds.TARGETS, []], metavar="TARGET")
    parser.add_argument("--runs", type=int, default=20_000, help="executions of each target")
    parser.add_argument("--seconds", type=int, default=0, help="at most so long for each")
    parser.add_argument("--seed", type=int, default=1, help="of chance")
    parser.add_argument("--longest", type=int, default=4096, help="bytes of an input")
    parser.add_argument("--corpus", help="a folder for what is learnt, to go on from")
    return parser.parse_args()


def _fuzz(options: argparse.Namespace, name: str) -> None:
    """Fuzz one target; does not return."""
    check = importlib.import_module(f"fuzz.{name}").check
    with tempfile.TemporaryDirectory(prefix="mrecist-fuzz-") as made:
        corpus = Path(options.corpus or made) / name
        corpus.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds.seeds(name)):
            (corpus / f"seed-{number:03}").write_bytes(seed)
        findings = seeds.HERE / "findings" / name
        findings.mkdir(parents=True, exist_ok=True)
        flags = [f"-runs={options.runs}", f"-max_total_time={options.seconds}",
                 f"-seed={options.seed}", f"-max_len={options.longest}", "-timeout=30",
                 "-rss_limit_mb=4096", f"-artifact_prefix={findings}/", "-print_final_stats=1",
                 f"-dict={_dictionary(Path(made))}"]  # fmt: skip
        atheris.Setup([sys.argv[0], *flags, str(corpus)], check, custom_mutator=_mutator(name))
        atheris.Fuzz()


def _mutator(name: str) -> Callable[[bytes, int, int], bytes]:
    change = mutators.MUTATORS[name]

    def mutated(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < BYTES_ALONE:
            return atheris.Mutate(data, longest)
        return change(data, chance)[:longest]

    return mutated


def _dictionary(folder: Path) -> Path:
    """The words of the formats, as libFuzzer reads them."""
    path = folder / "words.dict"
    words = [*mutators.FIELDS, *mutators.WORDS, *mutators.DATES, *mutators.NUMBERS]
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in words if word)
    path.write_text("".join(f'"{word}"\n' for word in escaped), "utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main())
