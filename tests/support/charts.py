"""case(rng): small random VALID cases, rich in what the second edition knows.

Validity rules relied on (documents.md; semantics.md sections 2-4):
 1. format "mrecist-case/1"; patient text, not empty; no unknown key; null = key left out.
 2. dates all ISO or all whole study days.
 3. lesion ids unique; kind one of six; part_of names another lesion of the same kind that is itself no fragment.
 4. at most one time point a date; no two lines with one start; stop >= start; agents a non-empty list of text.
 5. a finding names a known lesion, at most once a time point, and at most once among the examinations of a visit.
 6. a finding has a status, or a size, or `into`; `into` stands with neither status nor size.
 7. `absent` and `not evaluable` with no size above 0.
 8. sizes 0..1000, a number or plain decimal text.
 9. `into` names another lesion recorded at the same time point (here: the same examination), which is not itself
    `into`, and is neither its parent nor its fragment.
10. examinations of one visit: reported words equal, or objects that agree; never a word beside an object;
    visit text not empty (after strip).
11. named baseline: the date of a time point, here never after the line's start.
12. targets and nontargets: known ids, no id twice, disjoint, no fragments.
13. procedure kind text, not empty; its lesions known ids, none twice.
14. patterns, cytology, biopsy, reported words and end reasons from the lists of documents.md; criteria names not empty.
15. markers: value > 0 or text; death and last contact (where given) not before anything else.
Kept out as well, because the page does not say what they mean: visits whose dates interleave; circles of merges
between two lesions with fragments.
"""

import datetime
from decimal import Decimal as D

LIVER = [
    "liver",
    "segment VIII",
    "Liver, segment 4",
    "S8",
    "right hepatic lobe",
    "S4/8",
    "caudate",
    "hepatic dome",
    "left lobe of the liver",
    "liver upper lobe",
]
OTHER = [
    "lung",
    "Lungs",
    "left lung",
    "adrenal gland",
    "adrenals",
    "bone",
    "peritoneum",
    "hepatic vein",
    "liver hilum",
    "right upper lobe segment 3",
    "8",
    "upper lobe S3",
    "kidney (left)",
]
NODE_ORGANS = ["lymph node", "mediastinum", "porta hepatis", "axilla", "liver hilum"]
AGENTS = [
    "sorafenib",
    "Nexavar",
    "BAY 43-9006",
    "SOR",
    "sorafenib 400 mg",
    "lenvatinib",
    "Lenvima 12mg qd",
    "E7080",
    "LEN",
    "regorafenib",
    "Stivarga 160 mg",
    "cabozantinib",
    "XL184",
    "CABO",
    "ramucirumab 8 mg/kg",
    "IMC-1121B",
    "atezolizumab+bevacizumab",
    "Tecentriq 1200 mg + Avastin 15 mg/kg",
    "T+A",
    "A+B",
    "atezo/bev",
    "STRIDE",
    "durvalumab and tremelimumab",
    "nivolumab, ipilimumab",
    "NIVO & IPI",
    "pembrolizumab",
    "TACE",
    "cTACE",
    "DEB-TACE",
    "deb tace",
    "SIRT",
    "Y-90",
    "radioembolization",
    "RFA",
    "SBRT",
    "TACE + lenvatinib",
    "resection",
    "study drug X",
    "Study  Drug x",
    "herbs + hope",
    "donafenib",
    "Tevimbra",
]
KINDS = [
    "TACE",
    "DEB-TACE",
    "RFA",
    "resection",
    "Resection",
    "transplantation",
    "SBRT",
    "TARE",
    "drainage",
    "MWA",
    "SIRT",
]
WORDS = ["CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "NED"]
NODULE = [D(x) for x in "0 3 4 4.5 5 6 8 9.6 10 10.5 12 15 18 20 22 25 30 30 40 50 60".split()]
NODE = [D(x) for x in "0 4 5 7 9 9.5 10 10.5 12 14 14.5 15 18 19.5 20 22 25 30".split()]
FACTORS = [D(x) for x in "0 0.5 0.699 0.7 0.7 0.701 0.9 1 1 1 1.199 1.2 1.2 1.25 1.5 2".split()]
GAPS = [14, 27, 28, 28, 29, 35, 42, 42, 43, 56, 56, 84]


def day_of(date):
    return datetime.date.fromisoformat(date).toordinal() if isinstance(date, str) else date


def chart(rng):
    r = rng.random

    def some(p):
        return r() < p

    iso = some(0.5)
    theme = rng.choice(
        [None] * 6
        + ["effusion", "parts", "parts", "silence", "procedures", "unchanged", "nodes", "nodules"]
    )
    calm = some(0.4)  # few surprises: responses, confirmations, recurrences
    origin = datetime.date(2023, rng.randint(1, 12), rng.randint(1, 28))

    def date(n):
        return (origin + datetime.timedelta(days=n)).isoformat() if iso else n

    # ---------------------------------------------------------------- lesions
    ids = rng.sample(["A", "B", "C", "T1", "T2", "PV", "N1", "a", "é", "Z9"], rng.randint(1, 6))
    lesions, kind, parent = [], {}, {}
    for i in ids:
        possible = [p for p in kind if parent[p] is None]
        if possible and some(0.45 if theme == "parts" else 0.1):
            p = rng.choice(possible)
            l = {
                "id": i,
                "organ": rng.choice(LIVER + OTHER)
                if some(0.2)
                else [x for x in lesions if x["id"] == p][0]["organ"],
                "kind": kind[p],
                "part_of": p,
            }
            kind[i], parent[i] = kind[p], p
        else:
            k = rng.choices(
                ["nodule", "node", "thrombus", "effusion", "infiltrative", "other"],
                [42, 20 if theme != "nodes" else 120, 10, 13 if theme != "effusion" else 90, 7, 8],
            )[0]
            if theme == "nodules" and some(0.7):
                k = "nodule"
            if k == "nodule":
                organ = rng.choice(LIVER) if some(0.72) else rng.choice(OTHER)
            elif k == "node":
                organ = rng.choice(NODE_ORGANS)
            elif k == "thrombus":
                organ = rng.choice(["portal vein", "hepatic vein", "liver"])
            elif k == "effusion":
                organ = rng.choice(["pleura", "peritoneum", "ascites"])
            else:
                organ = rng.choice(LIVER) if some(0.6) else rng.choice(OTHER)
            l = {"id": i, "organ": organ, "kind": k}
            kind[i], parent[i] = k, None
        if kind[i] == "node" and some(0.35) or some(0.02):
            l["hilar"] = True
        if some(0.1):
            l["enhancement"] = rng.choice(["none", "arterial", None])
        if some(0.15):
            l["treated"] = True
        if some(0.03):
            l["label"] = "a label"
        lesions.append(l)
    fragments = {i: [k for k in ids if parent[k] == i] for i in ids}

    # ---------------------------------------------------------------- days of visits and examinations
    n = rng.randint(1, 7)
    day, plan = rng.choice([0, 0, -3, -7, -28, -29, -40]), []
    for k in range(n):
        exams = [day]
        if some(0.22):
            exams += [day + rng.randint(1, 3)]
            if some(0.2):
                exams += [exams[-1] + rng.randint(1, 4)]
        plan.append(exams)
        day = exams[-1] + (rng.choice([2, 5, 7]) if some(0.2) else rng.choice(GAPS))
    every_day = [d for e in plan for d in e]

    # ---------------------------------------------------------------- lines
    starts = set()
    first = rng.choice([plan[0][0], plan[0][-1], plan[0][0] + rng.choice([1, 7, 28, 29])])
    if some(0.05):
        first = plan[0][0] - rng.choice([1, 10])
    starts.add(first)
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
        starts.add(rng.choice(every_day) + rng.choice([0, 0, 1, 7, 14, 27, 28, 29]))
    starts = sorted(starts)

    # ---------------------------------------------------------------- findings
    def number(x):
        x = x.normalize() if x else D(0)
        text = format(x, "f")
        how = r()
        if how < 0.01 and 0 < x < 900:
            return format(
                x + rng.choice([D("0.0005"), D("0.00049"), D("-0.0005")]), "f"
            )  # rounds half to even
        if how < 0.25:
            return text if some(0.7) else " " + text + " "
        if how < 0.32 and "." not in text:
            return text + ".0"
        if x == x.to_integral_value():
            return int(x) if some(0.8) else float(x)
        return float(text)

    last = {}  # (id, measure) -> Decimal
    seen = set()  # recorded before
    merged = {}

    def draw(i, m, factor):
        old = last.get((i, m))
        if old is None or some(0.03 if calm else 0.12):
            x = rng.choice(NODE if m == "short_axis_mm" else NODULE)
        elif some(0.05 if calm else 0.2):
            x = max(D(0), old + rng.choice([D(5), D(10), D("4.9"), D(-5), D(11)]))
        else:
            x = (old * (factor if some(0.92 if calm else 0.7) else rng.choice(FACTORS))).quantize(
                D("0.001")
            )
        if calm and (i, m) not in last and x < 10 and some(0.8):
            x = D(20)
        x = min(x, D(1000))
        last[(i, m)] = x
        return x

    def sizes(i, f, factor, must):
        k = kind[i]
        if k == "node":
            if must and some(0.93) or some(0.3):
                f["short_axis_mm"] = number(draw(i, "short_axis_mm", factor))
            if some(0.15) or must and "short_axis_mm" not in f:
                f["longest_mm"] = number(draw(i, "longest_mm", factor))
            return
        organ_liver = [l for l in lesions if l["id"] == i][0]["organ"] in LIVER
        viable = (
            k == "nodule"
            and organ_liver
            and some(0.85)
            or k in ("thrombus", "infiltrative", "other")
            and some(0.4)
            or k == "nodule"
            and some(0.08)
        )
        if viable:
            x = draw(i, "viable_mm", factor)
            f["viable_mm"] = number(x)
            if some(0.7):
                w = last.get((i, "longest_mm"))
                if w is None or w < x or some(0.3):
                    w = x + rng.choice([D(0), D(0), D(2), D(10), D(20)])
                if some(0.04):
                    w = max(D(0), x - 1)
                last[(i, "longest_mm")] = min(w, D(1000))
                f["longest_mm"] = number(last[(i, "longest_mm")])
        elif must or some(0.4):
            f["longest_mm"] = number(draw(i, "longest_mm", factor))

    def finding(i, factor):
        f = {"lesion": i}
        k = kind[i]
        how = r()
        bulky = k in ("nodule", "node")
        if how < (0.72 if bulky else 0.4) + (0.2 if calm else 0):
            sizes(i, f, factor, True)
            if some(0.15):
                f["status"] = "measured"
            elif some(0.06):
                f["status"] = rng.choice(["present", "progressed"])
        else:
            f["status"] = rng.choices(
                ["absent", "too small", "present", "progressed", "not evaluable", "measured"],
                [22, 15, 25 if bulky else 45, 9, 12, 3],
            )[0]
            if f["status"] in ("absent", "not evaluable"):
                if some(0.15):
                    f[rng.choice(["viable_mm", "longest_mm", "short_axis_mm"])] = rng.choice(
                        [0, "0", 0.0]
                    )
            elif f["status"] == "measured":
                if some(0.5):
                    sizes(i, f, factor, True)
            elif some(0.25):
                sizes(i, f, factor, False)
        if not any(x in f for x in ("status", "viable_mm", "longest_mm", "short_axis_mm")):
            f["status"] = "present"
        if k == "nodule" and some(0.3) or some(0.03):
            f["pattern"] = rng.choice(["typical", "typical", "atypical", "malignant", "unknown"])
        if k == "effusion" and some(0.35) or some(0.01):
            f["cytology"] = rng.choice(["positive", "positive", "negative", "not done"])
        if k == "nodule" and some(0.1) or some(0.02):
            f["biopsy"] = rng.choice(["positive", "negative", "negative", "not done"])
        if some(0.08):
            f["equivocal"] = True
        if some(0.02):
            f[rng.choice(["pattern", "cytology", "biopsy", "equivocal"])] = None
        return f

    timepoints = []
    birth = {
        i: 0 if some(0.9 if calm else 0.35 if theme == "nodules" else 0.62) else rng.randint(0, n)
        for i in ids
    }
    for k, exams in enumerate(plan):
        factor = rng.choice(FACTORS) if k or not calm else D(1)
        name = None
        if len(exams) > 1 and some(0.85):
            name = rng.choice(["V%d" % k, " visit %d" % k, "w%d " % k])
        elif some(0.05):
            name = "single %d" % k
        at = {d: [] for d in exams}
        mood = r()
        if mood < 0.06:
            pick = []
        elif mood < (0.6 if theme in ("silence", "unchanged") else 0.2):
            pick = [i for i in ids if some(0.4)]
        else:
            pick = [i for i in ids if some(0.97 if calm else 0.88)]
        for i in pick:
            if k < birth[i] and some(0.85):
                continue
            d = exams[0] if some(0.6) else rng.choice(exams)
            at[d].append(i)
            if name is None and len(exams) > 1 and some(0.1):
                for e in exams:
                    if i not in at[e]:
                        at[e].append(i)
        said, arterial_off = None, some(0.1)
        kind_of_report = r()
        for d in exams:
            fs = [finding(i, factor) for i in at[d]]
            # merges
            here = {f["lesion"] for f in fs}
            targets_of_into = set()
            for x, f in enumerate(fs):
                i = f["lesion"]
                again = merged.get(i) in here and some(0.5)
                if not again and not some(0.12 if theme == "parts" else 0.03):
                    continue
                options = [
                    m
                    for m in here
                    if m != i
                    and m != parent[i]
                    and i != parent[m]
                    and not any("into" in g for g in fs if g["lesion"] == m)
                    and i not in targets_of_into
                    and not circle(i, m, parent, fragments, merged)
                ]
                if again:
                    options = [m for m in options if m == merged[i]]
                if not options:
                    continue
                m = rng.choice(sorted(options))
                g = {"lesion": i, "into": m}
                if some(0.1):
                    g["pattern"] = rng.choice(["typical", "atypical"])
                if some(0.05):
                    g["cytology"] = "positive"
                fs[x] = g
                merged[i] = m
                targets_of_into.add(m)
            seen |= here
            tp = {"date": date(d), "findings": fs}
            if name is not None:
                tp["visit"] = name if some(0.8) else name.strip() + " "
            if arterial_off and some(0.8) or some(0.04):
                tp["arterial_phase"] = False
            elif some(0.1):
                tp["arterial_phase"] = True
            if some(0.7 if theme == "unchanged" else 0.13):
                tp["unmentioned"] = "unchanged"
            elif some(0.04):
                tp["unmentioned"] = "not evaluable"
            # reported
            if name is None or said is None:
                word = rng.choices(WORDS, [20, 20, 15, 12, 15, 9, 9])[0]
                said = (
                    word,
                    {
                        "mrecist": word,
                        "recist-1.1": rng.choice(WORDS),
                        "mrecist-5mm": rng.choice(WORDS),
                        "easl": rng.choice(WORDS),
                    },
                )
            if kind_of_report < 0.2:
                if some(0.8):
                    tp["reported"] = said[0]
            elif kind_of_report < 0.33:
                keys = [c for c in said[1] if some(0.5)] or ["mrecist"]
                tp["reported"] = {c: said[1][c] for c in keys}
            if some(0.02):
                tp["note"] = "a note"
            if some(0.01):
                tp["reported"] = tp.get("reported")
            timepoints.append(tp)
    if some(0.15):
        rng.shuffle(timepoints)

    # ---------------------------------------------------------------- lines, in the document
    whole = [i for i in ids if parent[i] is None]
    lines = []
    before = []
    for s in starts:
        agents = [
            rng.choice(before) if before and some(0.4) else rng.choice(AGENTS)
            for _ in range(rng.choice([1, 1, 1, 2]))
        ]
        before += agents
        l = {"agents": agents, "start": date(s)}
        if some(0.4):
            l["stop"] = date(s + rng.choice([0, 30, 60, 90]))
        if some(0.4):
            l["end_reason"] = rng.choice(
                [
                    "progression",
                    "toxicity",
                    "completed",
                    "choice",
                    "deterioration",
                    "death",
                    "other",
                ]
            )
        older = [d for d in every_day if d <= s]
        if older and some(0.12):
            l["baseline"] = date(rng.choice(older[-3:]))
        if some(0.14):
            l["targets"] = [i for i in whole if some(0.5)]
        if some(0.12):
            l["nontargets"] = [i for i in whole if i not in l.get("targets", []) and some(0.5)]
        if some(0.03):
            l["doses"] = [{"date": date(s), "text": "full"}]
        if some(0.02):
            l[
                rng.choice(
                    [
                        x
                        for x in ("baseline", "targets", "nontargets", "stop", "end_reason")
                        if x not in l
                    ]
                    or ["doses"]
                )
            ] = None
        lines.append(l)
    if some(0.15):
        rng.shuffle(lines)

    c = {
        "format": "mrecist-case/1",
        "patient": "G-%06d" % rng.randint(0, 999999),
        "lesions": lesions,
        "timepoints": timepoints,
        "lines": lines,
    }
    if some(0.9 if theme == "procedures" else 0.2):
        c["procedures"] = []
        for _ in range(rng.choice([1, 1, 2])):
            p = {
                "date": date(rng.choice(every_day) + rng.choice([0, 0, 1, 1, 3, 10, -1])),
                "kind": rng.choice(KINDS)
                if some(0.7)
                else rng.choice(["resection", "transplantation"]),
            }
            if some(0.9):
                p["lesions"] = [i for i in ids if some(0.4)]
            if some(0.1):
                p["text"] = "as planned"
            c["procedures"].append(p)
    if some(0.03):
        c["markers"] = [
            {
                "date": date(every_day[0]),
                "name": "AFP",
                "value": rng.choice([400, "<3", 12.5]),
                "unit": "ng/mL",
            }
        ]
    if some(0.03):
        c["events"] = [{"date": date(every_day[0]), "text": "ascites tapped"}]
    if some(0.03):
        c["last_contact"] = date(every_day[-1] + 400)
    if some(0.03):
        c["death"] = date(every_day[-1] + 400)
    return c


def circle(i, m, parent, fragments, merged):
    """Would i into m, with all merges seen so far, make a circle through parents and fragments?"""
    root = lambda x: parent[x] or x
    edges = {}
    for a, b in list(merged.items()) + [(i, m)]:
        if root(a) != root(b):
            edges.setdefault(root(a), set()).add(root(b))
    todo, met = [root(m)], set()
    while todo:
        x = todo.pop()
        if x == root(i):
            return root(i) != root(m) and bool(fragments[root(i)] or fragments[root(m)])
        if x in met:
            continue
        met.add(x)
        todo += edges.get(x, ())
    return False


def mistakes(c):
    """The rules above, checked (a self-test of the generator)."""
    out = []
    dates = [tp["date"] for tp in c["timepoints"]]
    if len(set(dates)) != len(dates):
        out.append("dates")
    ids = [l["id"] for l in c["lesions"]]
    part = {l["id"]: l.get("part_of") for l in c["lesions"]}
    kind = {l["id"]: l["kind"] for l in c["lesions"]}
    if len(set(ids)) != len(ids):
        out.append("ids")
    for i in ids:
        p = part[i]
        if p is not None and (p == i or p not in ids or part[p] is not None or kind[p] != kind[i]):
            out.append("part_of")
    visits = {}
    for tp in c["timepoints"]:
        fs = tp["findings"]
        by = {f["lesion"]: f for f in fs}
        if len(by) != len(fs):
            out.append("lesion twice")
        for f in fs:
            sizes = [
                f[k] for k in ("viable_mm", "longest_mm", "short_axis_mm") if f.get(k) is not None
            ]
            values = [D(str(x).strip()) for x in sizes]
            if any(v < 0 or v > 1000 for v in values):
                out.append("size")
            m = f.get("into")
            if m is not None:
                if (
                    m == f["lesion"]
                    or m not in by
                    or by[m].get("into")
                    or m == part[f["lesion"]]
                    or part[m] == f["lesion"]
                    or sizes
                    or f.get("status")
                ):
                    out.append("into")
            elif not sizes and f.get("status") is None:
                out.append("no status")
            if f.get("status") in ("absent", "not evaluable") and any(v > 0 for v in values):
                out.append("absent with size")
        if tp.get("visit") is not None:
            if not tp["visit"].strip():
                out.append("visit")
            visits.setdefault(tp["visit"].strip(), []).append(tp)
    for tps in visits.values():
        all_ids = [f["lesion"] for tp in tps for f in tp["findings"]]
        if len(set(all_ids)) != len(all_ids):
            out.append("lesion twice in visit")
        rs = [tp["reported"] for tp in tps if tp.get("reported") is not None]
        if len({type(x) for x in rs}) > 1 or len({x for x in rs if isinstance(x, str)}) > 1:
            out.append("reported")
        both = {}
        for x in rs:
            if isinstance(x, dict):
                for k, w in x.items():
                    if both.setdefault(k, w) != w:
                        out.append("reported object")
    starts = [l["start"] for l in c["lines"]]
    if len(set(starts)) != len(starts):
        out.append("starts")
    for l in c["lines"]:
        if l.get("stop") is not None and l["stop"] < l["start"]:
            out.append("stop")
        if l.get("baseline") is not None and (
            l["baseline"] not in dates or l["baseline"] > l["start"]
        ):
            out.append("baseline")
        t, nt = l.get("targets") or [], l.get("nontargets") or []
        if len(set(t + nt)) != len(t + nt) or any(
            i not in ids or part[i] is not None for i in t + nt
        ):
            out.append("named")
    for p in c.get("procedures") or []:
        if not p["kind"] or any(i not in ids for i in p.get("lesions") or []):
            out.append("procedure")
    return out


if __name__ == "__main__":
    import collections
    import random
    import sys
    from .oracle import oracle as assess

    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    count = collections.Counter()
    for seed in range(n):
        c = chart(random.Random(seed))
        bad = mistakes(c)
        if bad:
            print("INVALID", seed, bad)
            count["invalid"] += 1
        for crit in ("mrecist", "mrecist-5mm", "recist-1.1"):
            try:
                a = assess(c, crit)
            except Exception as e:
                print("CRASH", seed, crit, repr(e))
                count["crash"] += 1
                continue
            if crit == "mrecist":
                for p in a["problems"]:
                    count["case " + p] += 1
                for l in a["lines"]:
                    count["line"] += 1
                    count["best " + l["best_response"]] += 1
                    count["conf " + l["confirmed_best_response"]] += 1
                    count["exp " + l["exposure"]] += 1
                    for p in l["problems"]:
                        count["line " + p] += 1
                    for x in (l["progression"] or {}).get("causes", []):
                        count["cause " + x] += 1
                    for t in l["timepoints"]:
                        count["tp"] += 1
                        count["tp target " + t["target"]] += 1
                        count["tp nontarget " + t["nontarget"]] += 1
                        count["tp new " + t["new_lesion"]] += 1
                        count["tp response " + t["response"]] += 1
                        count["tp source " + t["source"]] += 1
                        for p in t["problems"]:
                            count["tp " + p] += 1
    for k in sorted(count):
        print(f"{k:40} {count[k]}")
