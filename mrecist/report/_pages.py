"""Pages as text: the templates filled, everything of the document escaped, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from .._base.extras import extra
from .._base.text import several, when
from .._base.words import ImmuneResponse, in_field_words
from ..model import Patient
from ..patient.assessment import Assessment
from ..patient.immune_assessment import ImmuneAssessment
from ..plots._canvas import defaults, mpl
from ..plots._course import course_drawn
from ..rulebook.criteria import Criteria
from ..rulebook.immune import IMMUNE_REPORTED
from ..rulebook.immune_criteria import ImmuneCriteria
from ._contents import Contents, LinePart, contents
from ._immune import judged
from ._outcomes import TIMES_SHOWN
from ._sheet import figure_mm
from ._sizes import bare, change, total_text
from ._wording import LEVELS, LIMITS, harmless

if TYPE_CHECKING:
    from ._entry import Entry

__all__ = ["index_page", "page", "patient_page", "ready", "templates"]


def page(
    patient_or_assessment: Patient | Assessment | ImmuneAssessment,
    *,
    criteria: Criteria | ImmuneCriteria | str | None = None,
    brief: bool = False,
    whys: bool = False,
) -> str:
    """One patient on one self-contained HTML page: same input, same text.

    Style, script and figure stand in the page; it asks the network for nothing and can be read
    without the script. Printed, the first sheet has the answer: verdicts by line, times to events,
    the course.

    Args:
        patient_or_assessment: A chart, or what `assess` returns.
        criteria: By what a chart is judged; left out, HCC mRECIST. By criteria of immunotherapy
            the page is of those beneath, such as RECIST 1.1, with the words, progression and times
            of immunotherapy beside; criteria that grade lesions have no page.
        brief: Whether to make the first sheet alone: one page of A4 for a patient of up to eight
            follow-ups.
        whys: Whether to print all reasons; those folded on the screen are left out else.

    Returns:
        The page as text.

    Raises:
        ImportError: matplotlib or Jinja2 is missing (`mrecist[report]`).
        CriteriaError: Criteria that are not known, or grade lesions.
        TypeError: Criteria beside an assessment, which has its own.
    """
    it = contents(judged(patient_or_assessment, criteria))
    return patient_page(it, brief=brief, whys=whys)


def patient_page(it: Contents, up: str = "", *, brief: bool = False, whys: bool = False) -> str:
    """The page of one patient; `up` leads to the index."""
    figure, key = _figure(it)
    return _filled(
        "brief.html.j2" if brief else "patient.html.j2",
        it=it,
        figure=figure,
        key=key,
        tall=figure_mm(it),
        label=it.label,
        up=up,
        heads=tuple(TIMES_SHOWN.values()),
        mode="brief" if brief else "whys" if whys else "",
    )


def index_page(entries: list[Entry], label: str) -> str:
    """The page that leads to all others; what could not be judged stands first.

    `label` says by what criteria they are.
    """
    judged = [entry for entry in entries if not entry.errors]
    invalid = [entry for entry in entries if entry.errors]
    return _filled("index.html.j2", patients=judged, invalid=invalid, label=label, mode="")


# ---- the figure


def _figure(it: Contents) -> tuple[Any, Sequence[tuple[str, str]]]:
    """The course as inline SVG, told in words for who does not see it, and its key."""
    ready()
    patient = it.assessment.patient.id
    told = [*it.summary, *(_line_told(part) for part in it.lines)]
    description = "; ".join(told) + ". The tables below hold all of it."
    title = f"Course of {harmless(patient)}"
    with defaults():
        drawn = course_drawn(it.assessment, title=title, description=description)
    return _markup(harmless(drawn.svg)), drawn.key


def _line_told(part: LinePart) -> str:
    line = part.assessed
    until = "" if line.line.stop is None else f" to {when(line.line.stop)}"
    agents = " + ".join(line.line.agents)
    best = f"best response {line.best_response}" + (f"; {part.unread}" if part.unread else "")
    return f"line {line.number}, {agents}, {when(line.line.start)}{until}, {best}"


# ---- the templates


def ready() -> None:
    """Refuse where an extra is missing, before anything is made."""
    mpl(of="report", purpose="a report needs")
    templates()


def _needed(module: str) -> Any:
    return extra(module, of="report", purpose="a report needs")


def _filled(name: str, **values: Any) -> str:
    script = _packaged("script.js")
    digest = base64.b64encode(hashlib.sha256(f"\n{script}\n".encode()).digest()).decode()
    from .. import __version__

    text: str = (
        templates()
        .get_template(name)
        .render(
            version=__version__,
            limits=LIMITS,
            levels=LEVELS,
            style=_markup(_packaged("style.css")),
            script=_markup(script),
            script_hash=_markup(f"sha256-{digest}"),
            **values,
        )
    )
    return text


@lru_cache(maxsize=1)
def templates() -> Any:
    """The Jinja2 environment of all pages: it escapes, and refuses a name that is not given."""
    jinja = _needed("jinja2")
    made = jinja.Environment(
        loader=jinja.FunctionLoader(_packaged),
        autoescape=True,
        undefined=jinja.StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= _FILTERS
    return made


def _finalized(value: Any) -> Any:
    """What a template prints, with what cannot be seen written out; markup of ours is left."""
    return value if hasattr(value, "__html__") else harmless(str(value))


def _markup(text: str) -> Any:
    return _needed("markupsafe").Markup(text)


@lru_cache(maxsize=8)
def _packaged(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text("utf-8").rstrip("\n")


_KINDS = {"NON-CR/NON-PD": "nn", "NC": "sd"}


def _kind(response: Any) -> str:
    """The class of a badge: that of the same word without an i, which stands out alike."""
    if isinstance(response, ImmuneResponse):
        response = IMMUNE_REPORTED[response]
    return _KINDS.get(str(response), str(response).lower())


_CODED = re.compile(r"([A-Z][A-Z0-9_]+): (.*)", re.DOTALL)


def _coded(sentence: str) -> tuple[str, str]:
    """The code word of a problem, if it has one, and its sentence."""
    found = _CODED.fullmatch(sentence)
    return ("", sentence) if found is None else (found[1], found[2])


_FILTERS: dict[str, Callable[..., str]] = {
    "when": when,
    "kind": _kind,
    "several": several,
    "bare": bare,
    "change": change,
    "causes": lambda causes: in_field_words(", ".join(map(str, causes))),
    "code": lambda sentence: _coded(sentence)[0],
    "sentence": lambda sentence: _coded(sentence)[1],
    "total": total_text,
    "size": lambda size: bare(None if size is None else round(size * 1000)),
}
