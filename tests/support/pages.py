"""Run the examples of a page of Markdown, from top to bottom, as one session in one folder.

What a fenced block is, its first word says. `python` with prompts must print what is shown, without
prompts it must run. Of `console` each command must end well, or as `# exits 1` says, and print
what is shown, if anything is (`...` stands for any text). A second word is the name of a file with
that text. Blocks of other
languages are not run.
"""

from __future__ import annotations

import doctest
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

_FENCE = re.compile(r"^```(?P<info>\S[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """One fenced block: its language, the file it is (or an empty text), its text and its line."""

    language: str
    file: str
    text: str
    line: int


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for found in _FENCE.finditer(page):
        language, _, file = found["info"].partition(" ")
        yield Block(language, file.strip(), found["text"], page[: found.start()].count("\n") + 1)


class Session:
    """One page being run in `folder`: `command` runs words and returns status and output."""

    def __init__(
        self, name: str, folder: Path, command: Callable[[list[str]], tuple[int, str]]
    ) -> None:
        self.name, self.folder, self.command = name, folder, command
        self.names: dict[str, Any] = {}
        self.ran = 0

    def run(self, block: Block) -> None:
        """Run one block; AssertionError says what differs."""
        if block.file:
            path = self.folder / block.file
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.text, "utf-8")
        elif block.language == "python":
            self._python(block)
        elif block.language == "console":
            for typed, shown in _commands(block.text):
                self._command(typed, shown)

    def _python(self, block: Block) -> None:
        self.ran += 1
        if ">>>" not in block.text:
            exec(compile("\n" * block.line + block.text, self.name, "exec"), self.names)
            return
        # A doctest copies its names and clears the copy: `clear_globs` keeps those it made.
        example = doctest.DocTestParser().get_doctest(
            block.text, self.names, self.name, self.name, block.line
        )
        example.globs = self.names
        told: list[str] = []
        doctest.DocTestRunner(verbose=False).run(example, out=told.append, clear_globs=False)
        assert not told, "".join(told)

    def _command(self, typed: str, shown: str) -> None:
        self.ran += 1
        words = shlex.split(typed.removeprefix("mrecist "), comments=True)
        assert typed.startswith("mrecist "), typed
        target = words.pop() if ">" in words else None
        status, output = self.command([word for word in words if word != ">"])
        ends = re.search(r"# exits (\d)", typed)
        assert status == (int(ends[1]) if ends else 0), (typed, status, output)
        if target:
            (self.folder / target).write_text(output, "utf-8")
        if shown:
            told = output.strip("\n") + "\n"
            same = doctest.OutputChecker().check_output(shown, told, doctest.ELLIPSIS)
            assert same, f"{typed}\nshown:\n{shown}\nprinted:\n{output}"


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a block, each with the output that is shown after it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        typed, _, shown = part.partition("\n")
        yield typed, shown.strip("\n") + "\n" if shown.strip() else ""
