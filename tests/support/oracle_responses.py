"""Responses: of targets and non-targets, in all, as reported, and the best of a line."""

from __future__ import annotations

from .oracle_chart import MM, Chart, Document, Visit
from .oracle_line import Line
from .oracle_sizes import Judge, State

History = list[tuple[int, str]]
"""The days and responses of the earlier time points that count."""


def target_response(
    targets: int, states: list[State], baseline: int | None, nadir: int | None, floor: int
) -> str:
    """The response of so many targets, by the states of the evaluable ones."""
    if targets == 0:
        return "NONE"
    if baseline is None:
        return "NE"
    total = sum(each.size for each in states)
    grown = total - nadir
    rose = 5 * total >= 6 * nadir and grown > 0 and grown >= floor
    if len(states) < targets:
        return "PD" if rose and any(not each.gone for each in states) else "NE"
    if all(each.gone for each in states):
        return "CR"
    if rose:
        return "PD"
    return "PR" if 10 * total <= 7 * baseline else "SD"


def nontarget_response(words: list[str]) -> str:
    """The response of the non-targets, by the word for each."""
    if not words:
        return "NONE"
    if "PROGRESSED" in words:
        return "PD"
    if "NE" in words:
        return "NE"
    return "NON-CR/NON-PD" if "PERSISTS" in words else "CR"


def nontarget_grew(chart: Chart, line: Line, name: str, visit: Visit) -> bool:
    """Whether a non-target is larger by 1/5 and 5 mm than the smallest it was."""
    now = known_size(chart, line, name, visit)
    if now is None or len(now.measures) != 1:
        return False
    places = [each for each in line.followups if each.day < visit.day]
    if line.base_record.get(name) is not None:
        places.append(line.base_record[name])
    before = [known_size(chart, line, name, each) for each in places]
    sizes = [each.size for each in before if each and each.measures in (frozenset(), now.measures)]
    smallest = min(sizes, default=now.size)
    return 5 * now.size >= 6 * smallest and now.size - smallest >= 5 * MM


def known_size(chart: Chart, line: Line, name: str, visit: Visit) -> State | None:
    """The state of a non-target that a visit records with a size; None where it cannot be told."""
    judge = Judge(chart, line)
    state = judge.nontargets.whole(name, visit)
    if state is None or state.size is None or judge.nontarget(name, visit) == "NE":
        return None
    return state


def day_of_standing_cr(past: History) -> int | None:
    """The day of the latest CR since which no PD came."""
    for day, response in reversed(past):
        if response == "PD":
            return None
        if response == "CR":
            return day
    return None


def recurring(
    chart: Chart, line: Line, states: dict[str, State], words: dict[str, str], past: History
) -> list[str]:
    """The targets and non-targets that are back after a CR."""
    standing = day_of_standing_cr(past)
    if standing is None:
        return []
    back = [
        name
        for name, word in words.items()
        if standing >= line.proof.get(name, standing)
        and (word == "PROGRESSED" or (word == "PERSISTS" and not chart.is_node(name)))
    ]
    return [name for name, state in states.items() if not state.gone] + back


def overall(target: str, nontarget: str, new_lesion: str) -> str:
    """The response at a time point."""
    if new_lesion == "YES" or "PD" in (target, nontarget):
        return "PD"
    if target == "CR":
        return "CR" if nontarget in ("CR", "NONE") else "PR"
    if target != "NONE":
        return target
    return "NED" if nontarget == "NONE" else nontarget


def stands_in(computed: str, reported: str | None) -> bool:
    """Whether a reported verdict takes the place of the computed one, disease apart."""
    if reported is None or reported == computed:
        return False
    if reported == "NE":
        return computed == "NED"
    return computed in ("NE", "NED", "NON-CR/NON-PD")


def conclude(row: Document, disease: bool, past: History) -> None:
    """Fill in the response of a time point, from the computed and the reported one."""
    computed, reported = row["computed"], row["reported"]
    stands = stands_in(computed, reported)
    if stands and disease and reported in ("CR", "NED"):
        stands = False
        row["problems"].add("CR_OVER_DISEASE")
    if stands and reported in ("PR", "SD") and day_of_standing_cr(past) is not None:
        row["problems"].add("RESPONSE_AFTER_CR")
    row["agrees"] = None if stands or reported is None else reported == computed
    row["response"] = reported if stands else computed
    row["source"] = "reported" if stands else "computed"


# --- the best of a line --------------------------------------------------------------------------


def best_response(past: History, stable: int = 42) -> str:
    """The best response, unconfirmed. Days count from the line's start."""
    words = [word for _, word in past]
    for best in ("CR", "PR"):
        if best in words:
            return best
    if any(word == "SD" and day >= stable for day, word in past):
        return "SD"
    return best_without_response(past, stable)


def confirmed_best_response(past: History, stable: int = 42) -> str:
    """The best response, CR and PR only where a later time point confirms them."""
    pairs = [(first, last) for last in range(len(past)) for first in range(last)]
    for best, confirms in (("CR", confirms_cr), ("PR", confirms_pr)):
        if any(confirms(past[first : last + 1]) for first, last in pairs):
            return best
    if any(word in ("CR", "PR", "SD") and day >= stable for day, word in past):
        return "SD"
    return best_without_response(past, stable)


def best_without_response(past: History, stable: int) -> str:
    words = [word for _, word in past]
    if any(word == "NON-CR/NON-PD" and day >= stable for day, word in past):
        return "NON-CR/NON-PD"
    for best in ("NED", "PD"):
        if best in words:
            return best
    return "NE" if words else "ND"


def confirms_cr(span: History) -> bool:
    """Whether the last of these time points confirms the CR of the first."""
    words = [word for _, word in span]
    if span[-1][0] - span[0][0] < 28 or words[0] != "CR" or words[-1] != "CR":
        return False
    return set(words) <= {"CR", "NE"} and words.count("NE") <= 1


def confirms_pr(span: History) -> bool:
    """Whether the last of these time points confirms the PR of the first."""
    words = [word for _, word in span]
    if span[-1][0] - span[0][0] < 28 or words[0] != "PR" or words[-1] not in ("PR", "CR"):
        return False
    if not set(words) <= {"CR", "PR", "NE"} or words.count("NE") > 1:
        return False
    return "CR" not in words or "PR" not in words[words.index("CR") :]
