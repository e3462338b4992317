"""Print the lowest versions that pyproject.toml allows, as constraints for pip.

    python .ci/lowest.py > lowest.txt
    python -m pip install -c lowest.txt -e ".[test]"

No version is stated twice: what is printed is read from pyproject.toml.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
BOUND = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?[>=]=([\w.]+)(;.*)?")


def lowest() -> list[str]:
    """`name==version` for every requirement of the core, the extras and the dependency groups.

    Raises `ValueError` where a requirement has no lower bound, or two.
    """
    stated = tomllib.loads(PYPROJECT.read_text("utf-8"))
    project = stated["project"]
    lists = [
        project["dependencies"],
        *project["optional-dependencies"].values(),
        *stated["dependency-groups"].values(),
    ]
    found: dict[str, str] = {}
    for requirement in (each for some in lists for each in some if isinstance(each, str)):
        if requirement.startswith(f"{project['name']}["):
            continue
        bound = BOUND.fullmatch(requirement)
        if bound is None:
            raise ValueError(f"{requirement}: must be name>=version or name==version")
        name, version, marker = bound.groups(default="")
        line = f"{name}=={version}{marker}"
        if found.setdefault(name, line) != line:
            raise ValueError(f"{name}: has two bounds, {found[name]} and {line}")
    return sorted(found.values())


if __name__ == "__main__":
    print(*lowest(), sep="\n")
