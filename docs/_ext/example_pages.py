"""The scripts in `examples/` as a page each, found by what they show."""

from __future__ import annotations

import ast
from pathlib import Path

from api_pages import prose

_NAMES = {"adam": "ADaM", "afp": "AFP", "fhir": "FHIR", "mrecist": "mRECIST", "pr": "PR",
          "recist": "RECIST", "sdtm": "SDTM"}  # fmt: skip

FOLDER = Path(__file__).parents[2] / "examples"


def pages() -> dict[str, str]:
    """A page for each script, and the list of them."""
    scripts = {
        path.relative_to(FOLDER).with_suffix("").as_posix().replace("/", "-"): path
        for path in sorted(FOLDER.rglob("*.py"))
    }
    listed = [
        f"- [{_title(path)}]({name}.md): {prose(_about(path))}" for name, path in scripts.items()
    ]
    index = [
        "# Examples",
        "Scripts that run as they are, from `examples/` of the repository. Each is tested.",
        "\n".join(listed),
        "\n".join(["```{toctree}", ":hidden:", "", *scripts, "```"]),
    ]
    return {"index": "\n\n".join(index) + "\n", **{n: _page(p) for n, p in scripts.items()}}


def _page(path: Path) -> str:
    place = path.relative_to(FOLDER.parent).as_posix()
    told = f"# {_title(path)}\n\n{prose(_about(path))}\n\n`{place}`:"
    return f"{told}\n\n````python\n{path.read_text('utf-8').rstrip()}\n````\n"


def _title(path: Path) -> str:
    first, *others = (_NAMES.get(word, word) for word in path.stem.split("_"))
    return " ".join([first if first in _NAMES.values() else first.capitalize(), *others])


def _about(path: Path) -> str:
    """The first sentence of a script's docstring."""
    told = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return " ".join(told.partition("\n\n")[0].split())
