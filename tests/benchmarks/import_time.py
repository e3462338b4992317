"""How long it takes to start: the import and the command line beside what they rest on.

python tests/benchmarks/import_time.py [ROUNDS]

Fresh interpreters in turn; seconds of the processor, the least of each.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import mrecist

# An installed package has its byte code beside it; so must ours.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
COMMAND = "import sys; from mrecist.cli.parser import main; sys.exit(main(sys.argv[1:]))"


def seconds(*words: str) -> float:
    """Processor seconds that a fresh interpreter takes for some code and its arguments."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", *words]
    subprocess.run(command, check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure in turn; print each and the ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case.json"
        case.write_text(json.dumps(mrecist.to_case(mrecist.example_case())), "utf-8")
        started = {
            "nothing": ["pass"],
            "import attrs": ["import attrs"],
            "import numpy, attrs": ["import numpy, attrs"],
            "import mrecist": ["import mrecist"],
            "mrecist --version": [COMMAND, "--version"],
            "mrecist --help": [COMMAND, "--help"],
            "mrecist assess case.json": [COMMAND, "assess", str(case)],
        }
        for words in started.values():
            seconds(*words)
        taken: dict[str, list[float]] = {name: [] for name in started}
        for _ in range(rounds):
            for name, words in started.items():
                taken[name].append(seconds(*words))
    least = {name: min(times) for name, times in taken.items()}
    for name, time in least.items():
        print(f"{name:26} {time * 1000:6.1f} ms")
    nothing = least["nothing"]
    needs, ours = least["import numpy, attrs"], least["import mrecist"]
    told = "import mrecist / import numpy, attrs, without the interpreter"
    print(f"{told:62} {(ours - nothing) / (needs - nothing):6.2f}")
    for one, other in (
        ("mrecist --version", "import attrs"),
        ("mrecist assess case.json", "import numpy, attrs"),
    ):
        print(f"{one + ' / ' + other:62} {least[one] / least[other]:6.2f}")


if __name__ == "__main__":
    main()
