"""A cohort judged by Dask: best responses counted, mistakes listed, time points written.

    python cohort_dask.py [FOLDER]

FOLDER holds the tables `findings` and `lines` as Parquet; left out, a small cohort is made up. On a
cluster, give `Client` its address; `mrecist[dask]` is installed on each worker.

A worker holds a partition as a whole: 0.2 GB, and 0.3 GB for each million findings in it, measured
in one process without Dask's own copies; give it one thread and several times that memory.
"""

import sys
import tempfile
from pathlib import Path

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
from distributed import Client

from mrecist.distributed import dask_cohort


def make_up(folder: Path) -> None:
    """A thousand patients of eight visits, one of whom has a size below zero."""
    patient, visit = np.divmod(np.arange(8000), 8)
    size = np.round(20 + 10 * np.sin(patient + visit / 2), 1)
    size[7 * 8 + 3] = -1
    names = np.array([f"P-{number}" for number in range(1000)])
    dates = np.datetime64("2024-01-03") + 56 * visit
    findings = {"patient": names[patient], "date": dates, "lesion": "S8", "viable_mm": size}
    lines = {"patient": names, "start": np.datetime64("2024-01-10")}
    for name, table in (("findings", findings), ("lines", lines)):
        dd.from_pandas(pd.DataFrame(table), npartitions=2).to_parquet(folder / name)


def main(folder: Path) -> None:
    """Judge the cohort in a folder."""
    findings = dd.read_parquet(folder / "findings")
    lines = dd.read_parquet(folder / "lines")
    judged = dask_cohort(findings, lines, partitions=len(findings) // 1_000_000 + 1)

    # All three tables are cut from the same partitions: ask for them at once, and they are
    # judged once.
    written = judged.timepoints.to_parquet(folder / "timepoints", compute=False)
    best = judged.lines["best_response"].value_counts()
    best, errors, _ = dask.compute(best, judged.errors, written)
    print(best.to_string())
    print(errors.to_string(index=False))


if __name__ == "__main__":
    with (
        Client(n_workers=2, threads_per_worker=1, dashboard_address=None),
        tempfile.TemporaryDirectory() as made_up,
    ):
        if len(sys.argv) < 2:
            make_up(Path(made_up))
        main(Path(sys.argv[1] if len(sys.argv) > 1 else made_up))
