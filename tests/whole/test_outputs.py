"""Every output is whole or as it was: on a full disk, when a run is killed, when one page fails."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import mrecist
from mrecist._base import outputs
from mrecist._base.json_text import dumps
from mrecist.cli.parser import main
from mrecist.report import _folders
from mrecist.report._entry import PageNames

for module in ("pyarrow", "narwhals", "matplotlib", "jinja2"):
    pytest.importorskip(module)
resource = pytest.importorskip("resource", reason="limits of a process are of POSIX")

SYNTHETIC = mrecist.to_case(mrecist.example_case("synthetic"))
CASE = dumps(SYNTHETIC)
COMMANDS = {
    "page": "report case.json -o out/page.html",
    "pages": "report cases.jsonl -o out",
    "cohort": "cohort in.csv --out out",
    "endpoints": "endpoints in.csv --out out",
    "readings": "readings by.csv --review single --out out",
    "convert": "convert sheet.csv --measures viable --out out",
    "cases": "convert sheet.csv --measures viable --as cases --out out",
    "worksheet": "cohort sheet.csv --measures viable --adam csv --out out",
    "bundles": "convert cases.jsonl --to fhir --out out",
    "data sets": "convert cases.jsonl --to sdtm --files csv --out out",
    "copy": "conformance --copy out",
}
"""Each command that writes, into the folder `out`."""

KILLED = list(COMMANDS) if settings().max_examples > 50 else ["pages", "cohort", "data sets"]
"""Those that are killed: all of them where there is time."""


def put(folder: Path, patients: list[str]) -> None:
    """The inputs of all commands, of some patients."""
    rows = [
        (name, day, f"S{at}", 20 + at) for name in patients for day in (0, 60) for at in range(4)
    ]
    csv = "".join(f"{name},{day},{lesion},{size}\n" for name, day, lesion, size in rows)
    by = "".join(f"{name},R1,{day},{lesion},{size}\n" for name, day, lesion, size in rows)
    sheet = "".join(f"{name},S8,liver,41,20\n" for name in patients)
    cases = [dumps(SYNTHETIC | {"patient": name}) for name in patients]
    (folder / "out").mkdir(exist_ok=True)
    texts = {
        "in.csv": f"patient,date,lesion,viable_mm\n{csv}",
        "by.csv": f"patient,reader,date,lesion,viable_mm\n{by}",
        "sheet.csv": f"Patient,Lesion,Organ,2024-01-03,2024-03-06\n{sheet}",
        "case.json": cases[0],
        "cases.jsonl": "".join(f"{case}\n" for case in cases),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    """The files of a folder, but for what a killed run was at."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    found = {str(path.relative_to(folder)): path.read_bytes() for path in paths}
    return {name: held for name, held in found.items() if outputs.WORK not in name}


def leads_right(out: Path) -> None:
    """Every link of an index opens the page of the patient that it names."""
    index = (out / "index.html").read_text("utf-8") if (out / "index.html").exists() else ""
    for link, name in re.findall(r'href="(patients/[^"]+)"[^>]*>([^<]+)<', index):
        assert name.strip() in (out / link).read_text("utf-8")


def run(command: str, folder: Path, **options: Any) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "mrecist", *command.split()]
    path = os.pathsep.join(
        [str(Path(mrecist.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    )
    # What is killed, or may write no byte more, would spoil the data of coverage too.
    told = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE_")}
    return subprocess.Popen(
        words,
        cwd=folder,
        env={**told, "PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **options,
    )


LONGEST = 60

OLD, NEW = ["P-1", "P-2", "P-3"], ["P-4", "P-3", "P-1"]


class TestWhole:
    """What stands in the folder is the old output or the new one, file by file."""

    @pytest.mark.parametrize("name", KILLED)
    def test_killed(self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Killed at any moment; the next run sweeps what was left."""
        monkeypatch.chdir(tmp_path)
        command = COMMANDS[name].split()
        put(tmp_path, NEW)
        assert main(command) == 0
        new = tree(tmp_path / "out")
        shutil.rmtree(tmp_path / "out")
        put(tmp_path, OLD)
        assert main(command) == 0
        old = tree(tmp_path / "out")
        put(tmp_path, NEW)
        process = run(COMMANDS[name], tmp_path)
        begun = time.monotonic()
        while process.poll() is None and time.monotonic() - begun < LONGEST:
            with contextlib.suppress(FileNotFoundError):
                if any((tmp_path / "out").glob(f"{outputs.WORK}*/*")):  # it writes
                    break
        process.kill()
        process.wait()
        for path, held in tree(tmp_path / "out").items():
            assert held in (old.get(path), new.get(path)), path
        leads_right(tmp_path / "out")
        assert main(command) == 0
        assert tree(tmp_path / "out") == new
        assert list((tmp_path / "out").glob(f"{outputs.WORK}*")) == []

    @pytest.mark.parametrize("name", COMMANDS)
    def test_full_disk(self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """No file may grow beyond some bytes, as on a full disk: said in a line, exit 2."""
        monkeypatch.chdir(tmp_path)
        put(tmp_path, OLD)
        assert main(COMMANDS[name].split()) == 0
        old = tree(tmp_path / "out")
        put(tmp_path, NEW)

        def limited() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))

        process = run(COMMANDS[name], tmp_path, preexec_fn=limited)
        _, told = process.communicate()
        assert process.returncode == 2, told
        assert tree(tmp_path / "out") == old
        (line,) = told.decode().splitlines()
        assert line.startswith("mrecist: out")
        assert "report it" not in line
        assert list((tmp_path / "out").glob(f"{outputs.WORK}*")) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own in memory, for those who may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("needs the right to mount a disk in memory")
    yield place
    os.chdir(tmp_path)
    subprocess.run(["umount", str(place)], check=True)


class TestFullDisk:
    """A disk that is really full; what one command writes is all there or not at all."""

    def test_together(self, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """However many blocks are left; once there is room, the same command succeeds."""
        monkeypatch.chdir(small_disk)
        for name in ("cohort", "data sets", "bundles", "worksheet", "readings", "cases"):
            put(small_disk, OLD)
            assert main(COMMANDS[name].split()) == 0
            old = tree(small_disk / "out")
            put(small_disk, NEW)
            for blocks in (0, 1, 2, 4):
                fill(small_disk, blocks)
                status = main(COMMANDS[name].split())
                new = tree(small_disk / "out")
                assert status == 0 or (status, new) == (2, old), (name, blocks)
                assert list((small_disk / "out").glob(f"{outputs.WORK}*")) == []
                (small_disk / "filler").unlink()
            assert main(COMMANDS[name].split()) == 0
            shutil.rmtree(small_disk / "out")


def fill(disk: Path, but: int) -> None:
    """Fill a disk up to some blocks."""
    free = os.statvfs(disk)
    with (disk / "filler").open("wb") as file:
        file.write(b"x" * (free.f_bavail - but) * free.f_bsize)


class TestPages:
    """A folder of pages is one thing, and one page that fails is one entry."""

    def test_gone(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Pages of patients who are gone are gone; what somebody else put there is left."""
        monkeypatch.chdir(tmp_path)
        put(tmp_path, OLD)
        assert main(COMMANDS["pages"].split()) == 0
        (tmp_path / "out/patients/mine.txt").write_text("mine", "utf-8")
        (tmp_path / "out/mine.txt").write_text("mine", "utf-8")
        put(tmp_path, NEW)
        assert main(COMMANDS["pages"].split()) == 0
        assert sorted(tree(tmp_path / "out")) == [
            "index.html",
            "mine.txt",
            "patients/P-1.html",
            "patients/P-3.html",
            "patients/P-4.html",
            "patients/mine.txt",
        ]

    def test_one_fails(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A bug at one patient costs that page alone, and is said."""

        def contents(assessment: Any, made: Callable[[Any], Any] = _folders.contents) -> Any:
            if assessment.patient.id == "P-2":
                raise RuntimeError("no")
            return made(assessment)

        monkeypatch.setattr(_folders, "contents", contents)
        monkeypatch.chdir(tmp_path)
        put(tmp_path, OLD)
        assert main([*COMMANDS["pages"].split(), "--quiet"]) == 1
        (told,) = capsys.readouterr().err.splitlines()
        assert told == (
            "mrecist: cases.jsonl: case 2: patient P-2: no page: unexpected "
            "RuntimeError: no; please report it"
        )
        assert sorted(tree(tmp_path / "out/patients")) == ["P-1.html", "P-3.html"]

    def test_what_is_in_a_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Dangling links, pipes, folders and files of nonsense are each said; all else is done."""
        monkeypatch.chdir(tmp_path)
        cases = tmp_path / "cases"
        (cases / "b.json").mkdir(parents=True)
        os.mkfifo(cases / "c.json")
        (cases / "d.json").symlink_to(tmp_path / "nowhere.json")
        (cases / "e.json").write_bytes(b"\xff")
        agent = json.loads(CASE)
        agent["lines"][0]["agents"] = ["\ud800"]
        (cases / "a.json").write_text(json.dumps(agent), "utf-8")
        (cases / "f.json").write_text(CASE, "utf-8")
        assert main(["report", "cases", "-o", "out", "--quiet"]) == 1
        told = capsys.readouterr().err.splitlines()
        assert [line.split(": ")[2] for line in told] == ["b.json", "c.json", "d.json", "e.json"]
        assert len(tree(tmp_path / "out/patients")) == 2

    def test_names(self) -> None:
        """A page is named by its patient, safely on every system; no two are the same."""
        names = PageNames()
        plain = ["P-001", "S8.2", "a_b"]
        assert [names.of(each) for each in plain] == [f"{each}.html" for each in plain]
        odd = ["p-001", "../x", "a/b", "CON", "nul.txt", ".x", "", "é", "\ud800", "a b", "x" * 300,
               "P-001", "<script>", "a..b", "a.", "COM1"]  # fmt: skip
        made = [names.of(each) for each in odd]
        assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,90}\.html", each) for each in made)
        every = [each.casefold() for each in made]
        assert len({*every, *(f"{each}.html".casefold() for each in plain)}) == len(odd) + 3
        assert not {each.removesuffix(".html") for each in every} & {"con", "com1", "nul"}


@outputs.together()
def last_cannot(folder: Path) -> None:
    """Write four files, of which the last has no place at the end."""
    for name in ("a", "new", "b"):
        outputs.write_text(folder / name, "new")
    with outputs.replacing_all([str(folder / "c")]) as (path,):
        path.write_text("new", "utf-8")
    assert tree(folder) == {"a": b"old", "b": b"old"}
    (folder / "c").mkdir()


def _no_links(self: Path, target: Path) -> None:
    raise OSError("a file system without links")


class TestReplacing:
    """A file takes the place of another whole."""

    def test_together(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where one of several cannot take its place, those before it are as they were."""
        for name in ("a", "b"):
            (tmp_path / name).write_text("old", "utf-8")
        for link in (True, False):
            if not link:
                monkeypatch.setattr(Path, "hardlink_to", _no_links)
            with pytest.raises(IsADirectoryError):
                last_cannot(tmp_path)
            assert tree(tmp_path) == {"a": b"old", "b": b"old"}
            (tmp_path / "c").rmdir()
        with outputs.together():
            for name in ("a", "b"):
                outputs.write_text(tmp_path / name, "new")
        assert tree(tmp_path) == {"a": b"new", "b": b"new"}
        assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "b"]

    def test_as_it_was(self, tmp_path: Path) -> None:
        """Whatever goes wrong, the file that was there stays, and nothing beside it."""
        path = tmp_path / "a.txt"
        path.write_text("old", "utf-8")

        def fail() -> None:
            with outputs.replacing(path) as new:
                new.write_text("new", "utf-8")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert tree(tmp_path) == {"a.txt": b"old"}
        assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]

    def test_kept(self, tmp_path: Path) -> None:
        """A link stays a link, and the rights of a file stay; a pipe is written to."""
        path, link = tmp_path / "a.txt", tmp_path / "link.txt"
        path.write_text("old", "utf-8")
        path.chmod(0o640)
        link.symlink_to(path)
        outputs.write_text(link, "new\n")
        assert link.is_symlink()
        assert path.read_bytes() == b"new\n"
        assert path.stat().st_mode & 0o777 == 0o640
        outputs.write_text(os.devnull, "new\n")
        assert Path(os.devnull).is_char_device()

    def test_sweep(self, tmp_path: Path) -> None:
        """What a killed run left is swept; what goes on, or is of another machine, is left."""
        with outputs.work_folder(tmp_path) as mine:
            number = mine.name.removeprefix(outputs.WORK).split("-")[1]
            assert int(number) == os.getpid()
            left = tmp_path / mine.name.replace(f"-{number}-", "-123-")
            other = tmp_path / f"{outputs.WORK}0-123-x"
            for each in (left, other):
                each.mkdir()
            outputs.sweep(tmp_path, lambda process: process != 123)
            outputs.sweep(tmp_path)  # our own process goes on
            assert sorted(tmp_path.iterdir()) == sorted([mine, other])
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        left = tmp_path / mine.name.replace(f"-{number}-", f"-{gone.pid}-")
        left.mkdir()
        outputs.sweep(tmp_path)
        assert not left.exists()
