"""Whatever stands in any file of any kind, every command ends in its own words.

`support/hostile.py` names every kind of file that is read, and the commands that read it.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import warnings
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.hostile import HOSTILE, INPUTS, VALUES, Input, put, renamed, spots, text_of

from mrecist.cli.messages import say
from mrecist.cli.parser import main

for module in ("pyarrow", "narwhals", "matplotlib", "jinja2"):
    pytest.importorskip(module)

RAW = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
"""What no terminal may be sent."""

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?")
BYTES = [b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\0", b'"', b"\r", b"\n", b",", b""]


def run(words: list[str]) -> tuple[Any, str, str]:
    """Status, and what went to each stream."""
    out, err = (
        io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", newline="\n") for _ in range(2)
    )
    with mock.patch.object(sys, "stdout", out), mock.patch.object(sys, "stderr", err):
        try:
            status: Any = main(words)
        except SystemExit as ended:
            status = ended.code
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return status, texts[0], texts[1]


def written(folder: Path, given: Input, content: Any, spoil: tuple[int, bytes] | None) -> None:
    """The files of an input, one of them with this content, a byte of it spoiled."""
    for name, each in {**given.files, given.data: content}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        made = text_of(name, each)
        if spoil is not None and name == given.data:
            at = spoil[0] % (len(made) + 1)
            made = made[:at] + spoil[1] + made[at + 1 :]
        path.write_bytes(made)


def is_sound(command: str, folder: Path) -> None:
    """Run a command in a folder; it ends as every command may, and writes nothing that runs."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        status, out, err = run(command.split())
    ours = [str(each.message) for each in warned if "mrecist" in Path(each.filename).parts]
    assert ours == [], command
    assert status in (0, 1, 2), command
    assert "please report it" not in err, f"{command}: {err}"
    assert "Traceback" not in err
    assert status != 2 or err, f"{command}: could not run, and does not say why"
    assert not RAW.search(out), f"{command}: {RAW.search(out)}"
    assert not RAW.search(err), f"{command}: {RAW.search(err)}"
    for line in err.splitlines():
        assert line.startswith("mrecist"), f"{command}: {line}"
        assert len(line) < 5000, command
    for path in folder.glob("out/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for cell in (cell for row in csv.reader(file, strict=True) for cell in row):
                harmless = not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
                assert harmless or NUMBER.fullmatch(cell), f"{command}: {path.name}: {cell!r}"


@st.composite
def attacks(draw: st.DrawFn) -> tuple[str, Any, str, tuple[int, bytes] | None]:
    """A kind of input, what its file holds, and the command."""
    kind = draw(st.sampled_from(list(INPUTS)))
    given = INPUTS[kind]
    content = given.files[given.data]
    is_document = given.data.endswith((".json", ".jsonl"))
    texts = st.sampled_from(list(HOSTILE.values()))
    for _ in range(draw(st.integers(1, 2))):
        spot = draw(st.sampled_from(list(spots(content))))
        if is_document and spot and draw(st.integers(0, 5)) == 0:
            content = renamed(content, spot, draw(texts))
        else:
            value = draw(texts | st.sampled_from(VALUES) if is_document else texts)
            content = put(content, spot, value)
    spoil = draw(st.none() | st.none() | st.tuples(st.integers(0), st.sampled_from(BYTES)))
    return kind, content, draw(st.sampled_from(given.commands)), spoil


@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(attacks())
def test_any_value(
    tmp_path_factory: pytest.TempPathFactory, attack: tuple[str, Any, str, Any]
) -> None:
    """A value of any kind in any place: status 0, 1 or 2, in lines that no terminal obeys."""
    kind, content, command, spoil = attack
    folder = tmp_path_factory.mktemp("attack")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        written(folder, INPUTS[kind], content, spoil)
        is_sound(command, folder)


TRIED = ("escape", "turned", "formula", "two lines", "apostrophe")


@pytest.mark.parametrize("kind", INPUTS)
def test_every_command(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command that reads this kind, of sound files, and of files full of one bad text."""
    monkeypatch.chdir(tmp_path)
    given = INPUTS[kind]
    sound = given.files[given.data]
    texts = [spot for spot in spots(sound) if isinstance(value_at(sound, spot), str)]
    for at, command in enumerate(given.commands):
        written(tmp_path, given, sound, None)
        is_sound(command, tmp_path)
        spoiled = sound
        for spot in texts[at % 3 :: 3] if given.data.endswith("json") else texts[-at % 4 :: 4]:
            spoiled = put(spoiled, spot, HOSTILE[TRIED[at % len(TRIED)]])
        written(tmp_path, given, spoiled, None)
        is_sound(command, tmp_path)


def value_at(content: Any, spot: tuple[Any, ...]) -> Any:
    for step in spot:
        content = content[step]
    return content


def test_sound() -> None:
    """All values of the spots are put where they are read from."""
    for each in INPUTS.values():
        content = each.files[each.data]
        for spot in spots(content):
            assert put(content, spot, value_at(content, spot)) == content


class TestFound:
    """What an attack found once."""

    def test_nobody(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A patient whose name says nothing is nobody: a mistake, beside the others."""
        monkeypatch.chdir(tmp_path)
        given = INPUTS["worksheet"]
        written(tmp_path, given, put(given.files[given.data], (2, 0), "NA"), None)
        assert main(["assess", "sheet.csv", "--measures", "viable"]) == 1
        printed = capsys.readouterr()
        assert "P1" in printed.out
        assert "mrecist: sheet.csv: patient: must be given\n" in printed.err

    def test_no_patient(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A page of nobody."""
        monkeypatch.chdir(tmp_path)
        given = INPUTS["FHIR"]
        written(tmp_path, given, put(given.files[given.data], ("resourceType",), "0"), None)
        assert main(["report", "bundle.json", "--measures", "viable", "-o", "pages"]) == 2
        assert "there is no patient in it" in capsys.readouterr().err

    def test_long(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A message that quotes what nobody reads is cut; its beginning and its end stay."""
        say("a" * 3000 + "\x1b" + "b" * 3000)
        told = capsys.readouterr().err
        assert len(told) < 4100
        assert told.startswith("mrecist: aaa")
        assert told.endswith("bbb\n")
        assert " ... (2010 characters) ... " in told
