"""What an analyst writes by hand instead, in polars and in pandas: RECIST 1.1 over a cohort.

Both take one row a target and visit (`tr`), one row a follow-up (`vis`: non-target response, new
lesion) and one row a patient (`adsl`: first day of treatment), and give the response at every
follow-up and the best and confirmed best response of every patient. They are meant to be fast,
and they are held to the same counts as the library. They decide less: one line of therapy, whole
millimetres, targets named, no word on why.

Steps: sums by visit; baseline and nadir; target response, where an incomplete sum in which all is
gone proves no progression; overall response with the vis table;
recurrence after complete response; follow-ups up to the first PD; best and confirmed best.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import polars as pl
from polars import col, lit, when

__all__ = ["Answer", "pandas_responses", "polars_responses"]


class Answer(NamedTuple):
    """`timepoints` has a row a follow-up, with `RESPONSE`; `patients` has `BEST`, `CONFIRMED`."""

    timepoints: Any
    patients: Any


# ---- polars: lazy, all cores


def _pl_sums(tr: pl.LazyFrame) -> pl.LazyFrame:
    """By patient and visit: the sum, how many were measured, how many are gone; then in order."""
    size = col("TRSTRESN")
    gone = when(col("TULOC") == "LYMPH NODE").then(size < 10).otherwise(size == 0)
    by_visit = tr.group_by("USUBJID", "VISITNUM").agg(
        col("ADT").first(), SUM=size.sum(), SEEN=size.count(), GONE=gone.sum()
    )
    return by_visit.sort("USUBJID", "VISITNUM").with_columns(WHO=col("USUBJID").rle_id())


def _pl_target(tr: pl.LazyFrame) -> pl.LazyFrame:
    """Target response against baseline and the smallest complete sum so far."""
    sums = _pl_sums(tr).with_columns(
        BASE=col("SUM").first().over("WHO"), TARGETS=col("SEEN").first().over("WHO")
    )
    complete = col("SEEN") == col("TARGETS")
    lowest = when(complete).then("SUM").cum_min().forward_fill().shift().over("WHO")
    rose = (col("SUM") - col("NADIR") >= 5) & (col("SUM") * 10 >= col("NADIR") * 12)
    rose &= complete | (col("SEEN") > col("GONE"))
    response = (
        when(complete & (col("GONE") == col("TARGETS")))
        .then(lit("CR"))
        .when(rose)
        .then(lit("PD"))
        .when(complete & (col("SUM") * 10 <= col("BASE") * 7))
        .then(lit("PR"))
        .when(complete)
        .then(lit("SD"))
        .otherwise(lit("NE"))
    )
    sums = sums.with_columns(NADIR=lowest)
    return sums.with_columns(TARGET=response).filter(col("VISITNUM") > 0)


def _pl_overall(target: pl.LazyFrame, vis: pl.LazyFrame) -> pl.LazyFrame:
    """The response of each follow-up by itself."""
    keys = ["USUBJID", "VISITNUM"]
    both = target.join(vis.drop("ADT"), on=keys, how="left", maintain_order="left")
    progressed = (col("TARGET") == "PD") | (col("NTRGRESP") == "PD") | (col("NEWL") == "Y")
    cleared = (col("TARGET") == "CR") & col("NTRGRESP").is_in(["", "CR"])
    response = (
        when(progressed)
        .then(lit("PD"))
        .when((col("TARGET") == "CR") & ~cleared)
        .then(lit("PR"))
        .otherwise("TARGET")
    )
    return both.with_columns(RESPONSE=response)


def _pl_recurrence(overall: pl.LazyFrame) -> pl.LazyFrame:
    """PD where something is back while the latest response other than NE was CR."""
    response = col("RESPONSE")
    back = (col("SEEN") > col("GONE")) | col("NTRGRESP").is_in(["NON-CR/NON-PD", "PD"])
    cleared = when(response != "NE").then(response == "CR").when(back).then(lit(False))
    watched = cleared.forward_fill().shift().over("WHO").fill_null(False)
    return overall.with_columns(RESPONSE=when(watched & back).then(lit("PD")).otherwise(response))


def _pl_course(overall: pl.LazyFrame, adsl: pl.LazyFrame) -> pl.LazyFrame:
    """Follow-ups up to the first PD, with their day and marks for what interrupts a response."""
    response, other = col("RESPONSE"), col("WHO") != col("WHO").shift()
    earlier = (response == "PD").cum_sum().over("WHO") - (response == "PD")
    graded = when(response != "NE").then(response).forward_fill().shift()
    worse = (response == "PR") & (graded == "CR")
    return (
        overall.select("USUBJID", "WHO", "ADT", "RESPONSE")
        .filter(earlier == 0)
        .join(adsl, on="USUBJID", maintain_order="left")
        .with_columns(
            DAY=(col("ADT") - col("RANDDT")).dt.total_days(),
            GAPS=(response == "NE").cum_sum(),
            IN_CR=(~response.is_in(["CR", "NE"]) | other).cum_sum(),
            IN_PR=(~response.is_in(["CR", "PR", "NE"]) | worse | other).cum_sum(),
        )
    )


def _pl_confirmed(course: pl.LazyFrame, response: str, by: list[str]) -> pl.LazyFrame:
    """Patients with this response and one as good 28 days on, at most one NE between."""
    spell = f"IN_{response}"
    first = course.filter(col("RESPONSE") == response).select("WHO", "DAY", "GAPS", spell)
    again = course.filter(col("RESPONSE").is_in(by)).select("DAY", "GAPS", spell)
    pairs = first.join(again, on=spell, suffix="2").filter(
        col("DAY2") - col("DAY") >= 28, col("GAPS2") - col("GAPS") <= 1
    )
    return pairs.select("WHO", lit(True).alias(f"SURE_{response}")).unique()


def _pl_best(course: pl.LazyFrame) -> pl.LazyFrame:
    """Best and confirmed best response of each patient."""
    response = col("RESPONSE")
    graded = response.is_in(["CR", "PR", "SD"])
    seen = course.group_by("USUBJID", "WHO").agg(
        CR=(response == "CR").any(),
        PR=(response == "PR").any(),
        LASTING=(graded & (col("DAY") >= 42)).any(),
        PD=(response == "PD").any(),
    )
    for name, by in (("CR", ["CR"]), ("PR", ["CR", "PR"])):
        seen = seen.join(_pl_confirmed(course, name, by), on="WHO", how="left")

    def ranked(cr: str, pr: str) -> pl.Expr:
        found = when(cr).then(lit("CR")).when(pr).then(lit("PR")).when("LASTING").then(lit("SD"))
        return found.when("PD").then(lit("PD")).otherwise(lit("NE"))

    return seen.select("USUBJID", BEST=ranked("CR", "PR"), CONFIRMED=ranked("SURE_CR", "SURE_PR"))


def polars_responses(
    tr: pl.DataFrame, vis: pl.DataFrame, adsl: pl.DataFrame, *, recurrence: bool = True
) -> Answer:
    """End to end in polars."""
    overall = _pl_overall(_pl_target(tr.lazy()), vis.lazy())
    if recurrence:
        overall = _pl_recurrence(overall)
    timepoints = overall.collect()
    best = _pl_best(_pl_course(timepoints.lazy(), adsl.lazy()))
    patients = adsl.lazy().select("USUBJID").join(best, on="USUBJID", how="left")
    return Answer(timepoints, patients.collect())


# ---- pandas: one core


def _pd_sums(tr: pd.DataFrame, who: pd.Index) -> pd.DataFrame:
    """By patient and visit: the sum, how many were measured, how many are gone; in order."""
    size = tr["TRSTRESN"]
    gone = np.where(tr["TULOC"] == "LYMPH NODE", size < 10, size == 0)
    rows = pd.DataFrame(
        {
            "WHO": who.get_indexer(tr["USUBJID"]),
            "VISITNUM": tr["VISITNUM"],
            "ADT": tr["ADT"],
            "SIZE": size,
            "GONE": gone,
        }
    )
    by_visit = rows.groupby(["WHO", "VISITNUM"])
    return by_visit.agg(
        ADT=("ADT", "first"), SUM=("SIZE", "sum"), SEEN=("SIZE", "count"), GONE=("GONE", "sum")
    ).reset_index()


def _pd_target(sums: pd.DataFrame) -> pd.DataFrame:
    """Target response against baseline and the smallest complete sum so far."""
    first = sums.loc[sums["VISITNUM"] == 0].set_index("WHO")
    base = sums["WHO"].map(first["SUM"])
    targets = sums["WHO"].map(first["SEEN"])
    complete = sums["SEEN"] == targets
    lowest = sums["SUM"].where(complete, np.inf).groupby(sums["WHO"]).cummin()
    nadir = lowest.groupby(sums["WHO"]).shift()
    total = sums["SUM"]
    cases = [
        complete & (sums["GONE"] == targets),
        (total - nadir >= 5)
        & (total * 10 >= nadir * 12)
        & (complete | (sums["SEEN"] > sums["GONE"])),
        complete & (total * 10 <= base * 7),
        complete,
    ]
    response = np.select(cases, ["CR", "PD", "PR", "SD"], "NE")
    sums = sums.assign(BASE=base, NADIR=nadir, TARGET=response)
    return sums[sums["VISITNUM"] > 0]


def _pd_overall(target: pd.DataFrame, vis: pd.DataFrame, who: pd.Index) -> pd.DataFrame:
    """The response of each follow-up by itself."""
    right = vis[["VISITNUM", "NTRGRESP", "NEWL"]].assign(WHO=who.get_indexer(vis["USUBJID"]))
    both = target.merge(right, on=["WHO", "VISITNUM"], how="left")
    response, other = both["TARGET"].to_numpy(object), both["NTRGRESP"]
    progressed = (response == "PD") | (other == "PD") | (both["NEWL"] == "Y")
    less = (response == "CR") & ~other.isin(["", "CR"])
    return both.assign(RESPONSE=np.select([progressed, less], ["PD", "PR"], response))


def _pd_recurrence(overall: pd.DataFrame) -> pd.DataFrame:
    """PD where something is back while the latest response other than NE was CR."""
    response = overall["RESPONSE"]
    back = (overall["SEEN"] > overall["GONE"]) | overall["NTRGRESP"].isin(["NON-CR/NON-PD", "PD"])
    graded = response != "NE"
    cleared = pd.Series(np.where(response == "CR", 1.0, 0.0), overall.index).where(graded | back)
    latest = cleared.groupby(overall["WHO"]).ffill()
    watched = latest.groupby(overall["WHO"]).shift() == 1
    return overall.assign(RESPONSE=np.where(watched & back, "PD", response))


def _pd_course(overall: pd.DataFrame, adsl: pd.DataFrame) -> pd.DataFrame:
    """Follow-ups up to the first PD, with their day and marks for what interrupts a response."""
    progressed = overall["RESPONSE"] == "PD"
    earlier = progressed.groupby(overall["WHO"]).cumsum() - progressed
    course = overall.loc[earlier == 0, ["WHO", "ADT", "RESPONSE"]]
    response, start = course["RESPONSE"], adsl["RANDDT"].to_numpy()[course["WHO"]]
    other = course["WHO"] != course["WHO"].shift()
    graded = response.where(response != "NE").ffill().shift()
    worse = (response == "PR") & (graded == "CR")
    return course.assign(
        DAY=(course["ADT"] - start).dt.days,
        GAPS=(response == "NE").cumsum(),
        IN_CR=(~response.isin(["CR", "NE"]) | other).cumsum(),
        IN_PR=(~response.isin(["CR", "PR", "NE"]) | worse | other).cumsum(),
    )


def _pd_confirmed(course: pd.DataFrame, response: str, by: list[str]) -> Any:
    """Patients with this response and one as good 28 days on, at most one NE between."""
    spell = f"IN_{response}"
    columns = ["WHO", "DAY", "GAPS", spell]
    first = course.loc[course["RESPONSE"] == response, columns]
    again = course.loc[course["RESPONSE"].isin(by), columns[1:]]
    pairs = first.merge(again, on=spell, suffixes=("", "2"))
    sure = (pairs["DAY2"] - pairs["DAY"] >= 28) & (pairs["GAPS2"] - pairs["GAPS"] <= 1)
    return pairs.loc[sure, "WHO"].unique()


def _pd_best(course: pd.DataFrame, adsl: pd.DataFrame) -> pd.DataFrame:
    """Best and confirmed best response of each patient."""
    response = course["RESPONSE"]

    def having(rows: Any) -> Any:
        found = np.zeros(len(adsl), bool)
        found[rows] = True
        return found

    lasting = response.isin(["CR", "PR", "SD"]) & (course["DAY"] >= 42)
    rest = [having(course.loc[lasting, "WHO"]), having(course.loc[response == "PD", "WHO"])]
    plain = [having(course.loc[response == word, "WHO"]) for word in ("CR", "PR")]
    by = {"CR": ["CR"], "PR": ["CR", "PR"]}
    sure = [having(_pd_confirmed(course, word, by[word])) for word in by]
    words = ["CR", "PR", "SD", "PD"]
    return adsl[["USUBJID"]].assign(
        BEST=np.select(plain + rest, words, "NE"), CONFIRMED=np.select(sure + rest, words, "NE")
    )


def pandas_responses(
    tr: pd.DataFrame, vis: pd.DataFrame, adsl: pd.DataFrame, *, recurrence: bool = True
) -> Answer:
    """End to end in pandas; patients are numbered by their place in adsl."""
    who = pd.Index(adsl["USUBJID"])
    overall = _pd_overall(_pd_target(_pd_sums(tr, who)), vis, who)
    if recurrence:
        overall = _pd_recurrence(overall)
    timepoints = overall.assign(USUBJID=who.take(overall["WHO"]))
    return Answer(timepoints, _pd_best(_pd_course(overall, adsl), adsl))
