"""The dates of best responses, by words and loops over the follow-ups of an assessment document."""

from __future__ import annotations

from typing import Any

__all__ = ["best_dates", "counted", "numbers_of"]

Scan = tuple[int, str, Any]
Numbers = tuple[int, int, int]


def numbers_of(criteria: str) -> Numbers:
    """Days to stable disease and to a confirmation, and scans that may lie between."""
    of_presets = {"mrecist-reflect": (49, 0, 1), "mrecist-q6w": (35, 28, 1)}
    return of_presets.get(criteria, (42, 28, 1))


def counted(line: dict[str, Any]) -> list[Scan]:
    """Day, response and date of the follow-ups up to the first progression, partial ones not."""
    past = []
    for timepoint in line["timepoints"]:
        if "PARTIAL_EXAMINATION" not in timepoint["problems"]:
            word = timepoint["response"].replace("NC", "SD")
            past.append((timepoint["day"], word, timepoint["date"]))
            if timepoint["response"] == "PD":
                break
    return past


def best_dates(line: dict[str, Any], stable: int, gap: int, between: int) -> tuple[Any, Any]:
    """When the best response and the confirmed one of a line were first seen."""
    past = counted(line)
    best, confirmed = line["best_response"], line["confirmed_best_response"]
    if confirmed in ("CR", "PR"):
        later = [scan for scan in past if confirms(past, scan, confirmed, gap, between)]
    else:
        later = shown(past, confirmed, "CR PR SD" if confirmed == "SD" else confirmed, stable)
    return first_date(shown(past, best, best, stable)), first_date(later)


def first_date(scans: list[Scan]) -> Any:
    return scans[0][2] if scans else None


def shown(past: list[Scan], best: str, words: str, stable: int) -> list[Scan]:
    """The follow-ups that show a best response that needs no confirmation."""
    if best == "NE":
        return past
    least = stable if best in ("SD", "NON-CR/NON-PD") else -1 << 30
    return [scan for scan in past if scan[1] in words.split() and scan[0] >= least]


def confirms(past: list[Scan], first: Scan, best: str, gap: int, between: int) -> bool:
    """Whether a response is confirmed by a later one: a CR by CR, a PR by PR or CR."""
    if first[1] != best:
        return False
    if not gap:
        return True
    may_follow = {"CR": ("CR",), "PR": ("PR", "CR")}[best]
    missed, improved = 0, False
    for day, word, _ in past[past.index(first) + 1 :]:
        if word == "NE":
            missed += 1
            continue
        if word not in may_follow or missed > between or (improved and word == "PR"):
            return False
        improved = improved or word == "CR"
        if day - first[0] >= gap:
            return True
    return False
