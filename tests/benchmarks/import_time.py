"""How long `import mrecist` takes beside `import numpy, attrs`, in fresh interpreters in turn.

python tests/benchmarks/import_time.py [ROUNDS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

# An installed package has its byte code beside it; so must ours.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def seconds(code: str) -> float:
    """How long a fresh interpreter takes for some code."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=ENVIRONMENT)
    return time.perf_counter() - begun


def main() -> None:
    """Measure in turn, take the start of the interpreter off, print medians and the ratio."""
    seconds("import mrecist")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    codes = {"nothing": "pass", "needs": "import numpy, attrs", "mrecist": "import mrecist"}
    taken: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(rounds):
        for name, code in codes.items():
            taken[name].append(seconds(code))
    nothing, needs, ours = (statistics.median(times) for times in taken.values())
    print(f"interpreter              {nothing * 1000:6.1f} ms")
    print(f"import numpy, attrs      {(needs - nothing) * 1000:6.1f} ms")
    print(f"import mrecist           {(ours - nothing) * 1000:6.1f} ms")
    print(f"ratio                    {(ours - nothing) / (needs - nothing):6.2f}")
    print(f"ratio with interpreter   {ours / needs:6.2f}")


if __name__ == "__main__":
    main()
