"""Check the wheel and the sdist in a folder as a package index and its users would meet them.

    python .ci/package.py dist

twine (the description renders), check-wheel-contents (nothing stray), pyroma (metadata, ten of
ten), the size of the wheel, and an installation of the sdist in a fresh environment that runs the
demo. Ends with 1 where one failed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

LIMIT, DATA_LIMIT = 1_400_000, 200_000
"""Bytes of the wheel, and of what in it is not Python, where data would slip in."""
NO_ADDRESS = "AuthorEmail"
"""The project has no mail address; pyroma would have one invented."""


def main() -> int:
    folder = Path(sys.argv[1]).resolve()
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    tools = Path(sys.executable).parent
    checks = {
        "twine": [tools / "twine", "check", "--strict", wheel, sdist],
        "check-wheel-contents": [tools / "check-wheel-contents", wheel],
        "pyroma": [tools / "pyroma", "-n", "10", "--skip-tests", NO_ADDRESS, folder.parent],
    }
    failed = [name for name, command in checks.items() if not passes(name, command)]
    print(weight(wheel))
    if wheel.stat().st_size > LIMIT:
        failed.append(f"the wheel is larger than {LIMIT:,} bytes")
    if data_in(wheel) > DATA_LIMIT:
        failed.append(f"the wheel holds more than {DATA_LIMIT:,} bytes of data")
    if not installs(sdist):
        failed.append("the sdist does not install")
    print(f"failed: {', '.join(failed)}" if failed else "all passed")
    return bool(failed)


def passes(name: str, command: list[str | Path]) -> bool:
    """Run a check; its output is shown where it fails."""
    done = subprocess.run(command, capture_output=True, text=True)
    print(f"{name}: {'failed' if done.returncode else 'passed'}")
    if done.returncode:
        print(done.stdout + done.stderr)
    return not done.returncode


def data_in(wheel: Path) -> int:
    """The compressed bytes of what is not Python."""
    members = ZipFile(wheel).infolist()
    return sum(each.compress_size for each in members if not each.filename.endswith(".py"))


def weight(wheel: Path) -> str:
    """How large the wheel is, and which folders are the heaviest."""
    sizes: Counter[str] = Counter()
    for member in ZipFile(wheel).infolist():
        sizes["/".join(member.filename.split("/")[:2])] += member.compress_size
    heavy = ", ".join(f"{name} {size // 1000} kB" for name, size in sizes.most_common(5))
    return f"wheel: {wheel.stat().st_size // 1000} kB; the heaviest: {heavy}"


def installs(sdist: Path) -> bool:
    """Whether the sdist installs in a fresh environment, and its command tells the demo."""
    with tempfile.TemporaryDirectory() as scratch:
        python = Path(scratch) / "bin" / "python"
        commands: list[list[str | Path]] = [
            [sys.executable, "-m", "venv", scratch],
            [python, "-m", "pip", "install", "-q", sdist],
            [python.parent / "mrecist", "demo"],
        ]
        return all(passes(f"sdist, {Path(each[0]).name}", each) for each in commands)


if __name__ == "__main__":
    sys.exit(main())
