"""Operator mutants, made and run by cosmic-ray: one session a job, each in a copy of the project.

What is no mutant of the program is left out of the numbers, by three rules that `check.py` applies
to the changed source: it does not compile (cosmic-ray takes the star of a signature for a product),
it differs in annotations only, which no run evaluates and mypy checks, or it asks whether a word
equals a member of an enumeration instead of whether it is that member.
"""

from __future__ import annotations

import compileall
import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from py_compile import PycInvalidationMode

import attrs

from .check import NOT_PYTHON, SAME_PROGRAM, UNNOTICED

ROOT = Path(__file__).parents[2]
TIMEOUT_SECONDS = 600
SEED = 5
SOCKET = "asked.sock"
IGNORED = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".hypothesis", ".*_cache")
COSMIC_RAY = [sys.executable, "-m", "cosmic_ray.cli"]


@attrs.frozen(kw_only=True)
class Outcome:
    """What became of one mutant: the line as it was and is, and who noticed."""

    module: str
    operator: str
    line: int
    was: str
    now: str
    noticed: str
    seconds: float

    @property
    def counts(self) -> bool:
        """Whether it is a mutant of the program at all."""
        return self.noticed not in (NOT_PYTHON, SAME_PROGRAM)

    @property
    def survived(self) -> bool:
        return self.noticed == UNNOTICED


@attrs.frozen
class Draw:
    """How many mutants are taken: in all, or of each module; `None` is all of them.

    `brief`: the tests have less time, and do not meet the package as it stands.
    """

    total: int | None = None
    each: int | None = None
    brief: bool = False

    @property
    def is_all(self) -> bool:
        return self.total is None and self.each is None

    def names(self, found: Sequence[tuple[str, str]]) -> list[str]:
        """The names that are drawn of (module, name), by a lot of each mutant's own.

        So a change of one module leaves the draw of all others as it was.
        """
        drawn, places, taken = [], Counter[str](), Counter[str]()
        for module, name in found:
            drawn.append((_lot(module, places[module]), module, name))
            places[module] += 1
        names = []
        for _, module, name in sorted(drawn):
            if self.each is None or taken[module] < self.each:
                names.append(name)
            taken[module] += 1
        return names[: self.total]


def _lot(module: str, place: int) -> str:
    return hashlib.sha256(f"{SEED} {module} {place}".encode()).hexdigest()


def run(folder: Path, modules: Sequence[str], *, jobs: int, draw: Draw) -> list[Outcome]:
    """Run all mutants of the modules, or those that are drawn.

    A run that was cut short goes on where it was, and the survivors of before meet the tests as
    they are now; of a run that came to its end, all the examples that the tests ask for.
    """
    kit, houses = folder / "kit", [folder / f"house{job}" for job in range(jobs)]
    sessions = [folder / f"session{job}.sqlite" for job in range(jobs)]
    begun = all(session.exists() for session in sessions)
    ended = begun and all(map(_ended, sessions))
    (folder / "config.toml").write_text(_config(modules), "utf-8")
    if not begun:
        for house in houses:
            shutil.copytree(ROOT, house, ignore=IGNORED)
        shutil.copytree(ROOT / "mrecist", kit / "pristine", ignore=IGNORED)
        _cosmic_ray(folder, houses[0], "init", "config.toml", "session.sqlite").check()
        _split(folder / "session.sqlite", sessions, draw)
    else:
        _renew(kit, houses, modules)
        for session in sessions:
            _forget_survivors(session)
    for house in houses:
        _compiled(house)
    extent = "again" if ended else "quick" if draw.brief else "full"
    with _served(kit, houses, modules, extent):
        if not begun:
            _cosmic_ray(folder, houses[0], "baseline", "config.toml").check()
        running = [
            _cosmic_ray(folder, house, "exec", "config.toml", session.name)
            for house, session in zip(houses, sessions, strict=True)
        ]
        _wait(running, sessions)
    return [outcome for session in sessions for outcome in _outcomes(session)]


def _config(modules: Sequence[str]) -> str:
    command = f"{sys.executable} -S -E tests/mutation/check.py ask {SOCKET}"
    paths = json.dumps([f"mrecist/{module}.py" for module in modules])
    return (
        f"[cosmic-ray]\nmodule-path = {paths}\ntimeout = {TIMEOUT_SECONDS}.0\n"
        f"excluded-modules = []\ntest-command = {json.dumps(command)}\n\n"
        '[cosmic-ray.distributor]\nname = "local"\n'
    )


def _compiled(house: Path) -> None:
    """Compile a copy once; the mutant's module alone, whose text differs, is compiled again."""
    for folder in "mrecist", "tests":
        compileall.compile_dir(
            house / folder, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH
        )


@contextlib.contextmanager
def _served(
    kit: Path, houses: Sequence[Path], modules: Sequence[str], extent: str
) -> Iterator[None]:
    """While a server stands in each copy of the project."""
    words = [SOCKET, extent, *modules]
    command = [sys.executable, "tests/mutation/check.py", "serve", str(kit), *words]
    servers = []
    try:
        for house in houses:
            (house / SOCKET).unlink(missing_ok=True)
            servers.append(subprocess.Popen(command, cwd=house, env=_environment(house)))
        while not all((house / SOCKET).exists() for house in houses):
            time.sleep(0.1)
        yield
    finally:
        for server in servers:
            server.kill()
            server.wait()


def _environment(house: Path) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(house),
        "PYTHONDONTWRITEBYTECODE": "1",
        "CI": "true",
        "HYPOTHESIS_PROFILE": "ci",
    }


@attrs.frozen
class _Running:
    process: subprocess.Popen[bytes]

    def check(self) -> None:
        if self.process.wait() != 0:
            raise SystemExit(f"cosmic-ray gave up: {self.process.args!r}")


def _cosmic_ray(folder: Path, house: Path, command: str, *files: str) -> _Running:
    words = [*COSMIC_RAY, command, *(str(folder / file) for file in files)]
    return _Running(subprocess.Popen(words, cwd=house, env=_environment(house)))


def _split(session: Path, shares: Sequence[Path], draw: Draw) -> None:
    """Deal the mutants out to the jobs; the others of each session are marked as skipped."""
    from cosmic_ray.work_db import WorkDB, use_db
    from cosmic_ray.work_item import WorkerOutcome, WorkResult

    with use_db(str(session), WorkDB.Mode.open) as whole:
        found = [(item.mutations[0], item.job_id) for item in whole.work_items]
    found.sort(
        key=lambda each: (str(each[0].module_path), each[0].operator_name, each[0].occurrence)
    )
    names = draw.names([(str(mutation.module_path), name) for mutation, name in found])
    for job, share in enumerate(shares):
        copy = share.with_suffix(".part")
        shutil.copy(session, copy)
        mine = set(names[job :: len(shares)])
        others = [name for _, name in found if name not in mine]
        with use_db(str(copy), WorkDB.Mode.open) as part:
            part.set_multiple_results(others, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))
        copy.rename(share)


def _renew(kit: Path, houses: Sequence[Path], modules: Sequence[str]) -> None:
    """Put the tests as they are now beside the mutants of before."""
    for module in modules:
        now = (ROOT / "mrecist" / f"{module}.py").read_bytes()
        if now != (kit / "pristine" / f"{module}.py").read_bytes():
            raise SystemExit(f"{module}.py is not what was mutated; name another --folder")
    for house in houses:
        for module in modules:  # a run that was broken off may have left its last mutant
            shutil.copy(kit / "pristine" / f"{module}.py", house / "mrecist" / f"{module}.py")
        shutil.rmtree(house / "tests")
        shutil.copytree(ROOT / "tests", house / "tests", ignore=IGNORED)


def _ended(session: Path) -> bool:
    from cosmic_ray.work_db import WorkDB, use_db

    with use_db(str(session), WorkDB.Mode.open) as database:
        return bool(database.num_results == database.num_work_items)


def _forget_survivors(session: Path) -> None:
    with contextlib.closing(sqlite3.connect(session)) as database, database:
        database.execute("delete from work_results where test_outcome = 'SURVIVED'")


def _wait(running: Sequence[_Running], sessions: Sequence[Path]) -> None:
    told = time.monotonic()
    while any(each.process.poll() is None for each in running):
        time.sleep(0.2)
        if time.monotonic() - told > 60:
            told = time.monotonic()
            done = sum(1 for session in sessions for _ in _outcomes(session))
            print(f"{done} mutants done", flush=True)
    for each in running:
        each.check()


def _outcomes(session: Path) -> Iterator[Outcome]:
    from cosmic_ray.work_db import WorkDB, use_db
    from cosmic_ray.work_item import WorkerOutcome

    with use_db(str(session), WorkDB.Mode.open) as database:
        for item, result in database.completed_work_items:
            if result.worker_outcome is WorkerOutcome.SKIPPED:
                continue
            (mutation,) = item.mutations
            was, now = changed_lines(result.diff or "")
            noticed, seconds = told_by(result.output or "")
            module = mutation.module_path.relative_to("mrecist").with_suffix("").as_posix()
            yield Outcome(
                module=module,
                operator=mutation.operator_name,
                line=mutation.start_pos[0],
                was=was,
                now=now,
                noticed=noticed,
                seconds=seconds,
            )


def changed_lines(diff: str) -> tuple[str, str]:
    """The lines that a diff takes away and those that it adds, without their indentation."""
    body = [line for line in diff.splitlines() if line[:3] not in ("---", "+++")]
    was = [line[1:].strip() for line in body if line.startswith("-")]
    now = [line[1:].strip() for line in body if line.startswith("+")]
    return "\n".join(was), "\n".join(now)


def told_by(output: str) -> tuple[str, float]:
    """Who noticed a mutant and after how long, as `check.py` says in its last line."""
    last = (output.strip().splitlines() or [""])[-1]
    noticed, _, seconds = last.rpartition(" ")
    try:
        return noticed or "broken off", float(seconds)
    except ValueError:  # killed by the time limit, or by what it did to the interpreter
        return "broken off", 0.0
