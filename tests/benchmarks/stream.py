"""Cases a second of `mrecist assess --json` on JSON Lines, with 1 and 2 jobs, and peak memory.

Of wall time and of processor time, the start of the interpreter included.

    python tests/benchmarks/stream.py [CASES]

The cases are the synthetic patient under other names. Peak memory is that of the largest process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import mrecist

CASE = json.loads((Path(mrecist.__file__).parent / "data" / "synthetic.json").read_text("utf-8"))
CHILD = """
import resource, sys
from mrecist.cli.parser import main
status = main(sys.argv[1:])
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(max(each.ru_maxrss for each in used), sum(each.ru_utime + each.ru_stime for each in used),
      file=sys.stderr)
sys.exit(status)
"""


def measured(path: Path, jobs: int) -> tuple[float, float, float]:
    """Seconds taken, seconds of the processor, and peak memory in megabytes."""
    words = ["assess", str(path), "--json", "--jobs", str(jobs)]
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=True,
    )
    peak, processor = done.stderr.split()[-2:]
    return time.perf_counter() - begun, float(processor), int(peak) / 1024


def main() -> None:
    """Measure a tenth of the cases and all of them."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        for cases in (most // 10, most):
            path = Path(folder) / f"{cases}.jsonl"
            with path.open("w", encoding="utf-8") as file:
                for i in range(cases):
                    file.write(json.dumps({**CASE, "patient": f"P-{i}"}) + "\n")
            for jobs in (1, 2):
                taken, processor, peak = measured(path, jobs)
                rates = f"{cases / taken:7.0f} a second, {cases / processor:7.0f} of the processor"
                print(f"{cases:7} cases, {jobs} jobs: {rates}, peak {peak:5.1f} MB")


if __name__ == "__main__":
    main()
