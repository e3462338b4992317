"""The ways in which tables may be written, where the specification leaves it free."""

from __future__ import annotations

import attrs
from hypothesis import strategies as st

__all__ = ["FORMS", "PLAIN", "Form"]


@attrs.frozen(kw_only=True)
class Form:
    """How the tables are written, where the specification leaves it free.

    `rows`: "in order", "reversed" or "shuffled"; `facts` of lesions, time points and patients: "in
    all rows", "in one row" or "in some rows"; `defaults`: "left empty", "written" or "in some
    rows"; `empty`: what an empty cell of words holds; `sizes`: "as written", "float", "text",
    "Decimal" or "in turn"; calendar `dates`: "text", "date" or "datetime64" (where every date is
    one); `columns`: "lists" or "arrays"; `bare`: leave columns out that say nothing. `seed` decides
    the rest.
    """

    rows: str = "in order"
    facts: str = "in all rows"
    defaults: str = "left empty"
    empty: str | None = None
    sizes: str = "as written"
    dates: str = "text"
    columns: str = "lists"
    bare: bool = False
    seed: int = 0


PLAIN = Form()


FORMS = st.builds(
    Form,
    rows=st.sampled_from(["in order", "reversed", "shuffled"]),
    facts=st.sampled_from(["in all rows", "in one row", "in some rows"]),
    defaults=st.sampled_from(["left empty", "written", "in some rows"]),
    empty=st.sampled_from([None, ""]),
    sizes=st.sampled_from(["as written", "float", "text", "Decimal", "in turn"]),
    dates=st.sampled_from(["text", "date", "datetime64"]),
    columns=st.sampled_from(["lists", "arrays"]),
    bare=st.booleans(),
    seed=st.integers(0, 9),
)
