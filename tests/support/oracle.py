"""An independent oracle for `semantics.md` (second edition).

One patient, plain Python, whole micrometres and whole days, if-ladders.  Written from
the specification alone.  "S3" in a comment is section 3 of
semantics.md.  assess(case, criteria) takes a VALID mrecist-case/1 document.
"""

import datetime
import re
from decimal import Decimal, ROUND_HALF_EVEN

MM = 1000  # micrometres in a mm

# S1: the criteria, as values.  (What is the same in all three stands in the code.)
CRITERIA = {
    "mrecist": dict(
        viable=True,
        floor=0,
        small_hilar_target=20 * MM,
        small_hilar=20 * MM,
        hcc=True,
        cyto=True,
        treated_ok=True,
        hilar_apart=True,
    ),
    "mrecist-5mm": dict(
        viable=True,
        floor=5 * MM,
        small_hilar_target=20 * MM,
        small_hilar=20 * MM,
        hcc=True,
        cyto=True,
        treated_ok=True,
        hilar_apart=True,
    ),
    "recist-1.1": dict(
        viable=False,
        floor=5 * MM,
        small_hilar_target=15 * MM,
        small_hilar=10 * MM,
        hcc=False,
        cyto=False,
        treated_ok=False,
        hilar_apart=False,
    ),
}


# ---------------------------------------------------------------- numbers and dates


def um(x):
    """mm (number or decimal text) -> whole micrometres, half to even, once."""
    if x is None:
        return None
    if isinstance(x, Decimal):
        d = x
    elif isinstance(x, str):
        d = Decimal(x.strip())
    elif isinstance(x, float):
        d = Decimal(repr(x))
    else:
        d = Decimal(x)
    return int((d * 1000).to_integral_value(rounding=ROUND_HALF_EVEN))


def day_number(d):
    if isinstance(d, str):
        return datetime.date.fromisoformat(d).toordinal()
    return int(d)


def mm(x):
    return None if x is None else x / 1000


# ---------------------------------------------------------------- organ (S3)

_LIVER_WORDS = set(
    "liver hepatic hepar lobe lobes segment segments seg sgt sector caudate quadrate "
    "dome parenchyma medial lateral anterior posterior superior inferior upper lower "
    "left right the of in and".split()
)
_COUINAUD = set("1 2 3 4 5 6 7 8 4a 4b i ii iii iv v vi vii viii iva ivb".split())
_S_COUINAUD = {"s" + c for c in _COUINAUD}
_PLURAL = {
    "lungs": "lung",
    "kidneys": "kidney",
    "ovaries": "ovary",
    "breasts": "breast",
    "adrenals": "adrenal",
}


def organ_name(text):
    t = text.lower()
    for ch in ".,;:()-/_":
        t = t.replace(ch, " ")
    words = [w for w in t.split() if w not in ("left", "right", "both", "bilateral")]
    t = " " + " ".join(words) + " "
    t = t.replace(" adrenal glands ", " adrenal ").replace(" adrenal gland ", " adrenal ")
    words = [_PLURAL.get(w, w) for w in t.split()]
    # the liver?
    allowed = all(w in _LIVER_WORDS or w in _COUINAUD or w in _S_COUINAUD for w in words)
    named = any(w in ("liver", "hepatic", "hepar") for w in words)
    seg_word = any(w in ("segment", "segments", "seg", "sgt") for w in words)
    certain = (
        named
        or "caudate" in words
        or any(w in _S_COUINAUD for w in words)
        or (seg_word and any(w in _COUINAUD for w in words))
    )
    if ("upper" in words or "lower" in words) and not named:
        certain = False
    if words and allowed and certain:
        return "liver"
    return " ".join(words)


# ---------------------------------------------------------------- names of agents (S9)

_DRUGS = {}
for _name, _aliases in {
    "sorafenib": "nexavar|sor|bay 43-9006",
    "lenvatinib": "lenvima|len|lenv|e7080",
    "regorafenib": "stivarga|reg|bay 73-4506",
    "cabozantinib": "cabometyx|cometriq|cab|cabo|xl184",
    "ramucirumab": "cyramza|ram|imc-1121b",
    "atezolizumab": "tecentriq|ate|atezo|mpdl3280a",
    "bevacizumab": "avastin|bev|beva",
    "durvalumab": "imfinzi|dur|durva|medi4736",
    "tremelimumab": "imjudo|tre|treme",
    "nivolumab": "opdivo|niv|nivo",
    "ipilimumab": "yervoy|ipi",
    "pembrolizumab": "keytruda|pem|pembro",
    "tislelizumab": "tevimbra",
    "sintilimab": "tyvyt",
    "donafenib": "zepsun",
    "camrelizumab": "",
    "rivoceranib": "",
    "apatinib": "",
    "anlotinib": "",
    "penpulimab": "",
    "toripalimab": "",
    "doxorubicin": "",
    "oxaliplatin": "",
    "capecitabine": "",
    "gemcitabine": "",
    "cisplatin": "",
    "sunitinib": "",
    "brivanib": "",
    "erlotinib": "",
    "tivantinib": "",
    "fluorouracil": "",
    "linifanib": "",
    "everolimus": "",
}.items():
    _DRUGS[_name] = [_name]
    for _a in _aliases.split("|"):
        if _a:
            _DRUGS[_a] = [_name]
_DRUGS["stride"] = ["durvalumab", "tremelimumab"]
_WHOLE = {
    "t+a": ["atezolizumab", "bevacizumab"],
    "a+b": ["atezolizumab", "bevacizumab"],
    "atezo/bev": ["atezolizumab", "bevacizumab"],
}

_PROCEDURES = {
    "tace": "TACE",
    "ctace": "TACE",
    "debtace": "TACE",
    "tae": "TAE",
    "tare": "TARE",
    "sirt": "TARE",
    "y90": "TARE",
    "radioembolisation": "TARE",
    "rfa": "RFA",
    "mwa": "MWA",
    "ablation": "ablation",
    "cryoablation": "cryoablation",
    "pei": "PEI",
    "sbrt": "SBRT",
    "radiotherapy": "radiotherapy",
    "resection": "resection",
    "transplantation": "transplantation",
}
_PROCEDURE_NAMES = set(_PROCEDURES.values())
_UNIT = r"(?:mg|g|ug|mcg|µg|μg)"


def _one_name(part):
    """The canonical names that one part reads as, or None."""
    t = part.strip().lower()
    cut = re.sub(r"\s*\d+(?:[.,]\d+)?\s*" + _UNIT + r"(?![a-z0-9]).*$", "", t).strip()
    for c in (t, cut):
        c = " ".join(c.split())
        if c in _DRUGS:
            return _DRUGS[c]
        p = re.sub(r"[\s\-]", "", c).replace("z", "s")
        if p in _PROCEDURES:
            return [_PROCEDURES[p]]
    return None


def agent_names(text):
    squeezed = re.sub(r"\s+", "", text.lower())
    if squeezed in _WHOLE:
        return _WHOLE[squeezed]
    guarded = re.sub(
        r"(" + _UNIT + r")\s*/\s*(?=(?:kg|m2|m²|day|d|week|wk|h)\b)", r"\1" + "\0", text, flags=re.I
    )
    parts = [p.replace("\0", "/") for p in re.split(r"[+/&,]|\band\b", guarded, flags=re.I)]
    if len(parts) > 1:
        read = [_one_name(p) for p in parts]
        if all(r is not None for r in read):
            return [n for r in read for n in r]
    whole = _one_name(text)
    if whole is not None:
        return whole
    return ["? " + " ".join(text.lower().split())]  # kept as written


def kind_names(kind):
    return set(agent_names(kind))


# ---------------------------------------------------------------- the case


class Finding:
    def __init__(self, f, arterial, day):
        g = f.get
        self.viable, self.longest, self.short = (
            um(g("viable_mm")),
            um(g("longest_mm")),
            um(g("short_axis_mm")),
        )
        self.into = g("into")
        self.status = g("status")
        if self.status is None and self.into is None:
            self.status = "measured"  # documents.md: a size without status
        self.pattern = g("pattern") or "unknown"
        self.cytology = g("cytology") or "not done"
        self.biopsy = g("biopsy") or "not done"
        self.equivocal = bool(g("equivocal"))
        self.arterial = arterial
        self.day = day  # of its own examination

    def size(self, measure):
        return {"viable": self.viable, "longest": self.longest, "short": self.short}[measure]


class Visit:
    def __init__(self):
        self.exams = []  # (day, date)
        self.findings = {}  # lesion id -> Finding
        self.unchanged = False
        self.word = None
        self.words = {}  # by criteria


class State:
    """What section 3 says of a lesion (or of one part of it) at a visit."""

    def __init__(self, ne=False, size=None, gone=False, status=None, measures=(), holds=True):
        self.ne = ne  # not evaluable
        self.size = size  # None (and not ne): unknown
        self.gone = gone
        self.status = status
        self.measures = set(measures)  # empty: counts in each measure
        self.holds = holds  # of unknown size: does its status say that it persists?


class Line:
    pass


class Patient:
    def __init__(self, case, criteria):
        self.criteria = criteria
        self.c = CRITERIA[criteria]
        self.case = case
        self.order = [l["id"] for l in case["lesions"]]
        self.lesion = {}
        for l in case["lesions"]:
            self.lesion[l["id"]] = dict(
                kind=l["kind"],
                organ=organ_name(l["organ"]),
                hilar=bool(l.get("hilar")),
                plain=(l.get("enhancement") or "arterial") == "none",
                treated=bool(l.get("treated")),
                part_of=l.get("part_of"),
            )
        self.fragments = {i: [] for i in self.order}
        for i in self.order:
            if self.lesion[i]["part_of"] is not None:
                self.fragments[self.lesion[i]["part_of"]].append(i)
        self.visits = self.make_visits()
        self.procedures = [
            dict(
                day=day_number(p["date"]),
                kinds=kind_names(p["kind"]),
                lesions=list(p.get("lesions") or []),
            )
            for p in case.get("procedures") or []
        ]

    # ---- S2: visits
    def make_visits(self):
        visits, by_name = [], {}
        for tp in case_list(self.case, "timepoints"):
            name = tp.get("visit")
            if name is None:
                v = Visit()
                visits.append(v)
            else:
                name = name.strip()
                if name not in by_name:
                    by_name[name] = Visit()
                    visits.append(by_name[name])
                v = by_name[name]
            day = day_number(tp["date"])
            v.exams.append((day, tp["date"]))
            arterial = tp.get("arterial_phase")
            arterial = True if arterial is None else arterial
            for f in tp["findings"]:
                v.findings[f["lesion"]] = Finding(f, arterial, day)
            if tp.get("unmentioned") == "unchanged":
                v.unchanged = True
            r = tp.get("reported")
            if isinstance(r, str):
                v.word = r
            elif isinstance(r, dict):
                v.words.update({k: w for k, w in r.items() if w is not None})
        for v in visits:
            v.day, v.date = min(v.exams)
        return sorted(visits, key=lambda v: v.day)

    def reported(self, v):
        """S7: the word for this criteria."""
        if v.word is not None:
            return v.word
        w = v.words.get(self.criteria)
        if w is None and self.criteria == "mrecist-5mm":
            w = v.words.get("mrecist")
        return w

    # ---- kinds of lesion (S3)
    def root(self, i):
        return self.lesion[i]["part_of"] or i

    def liver_nodule(self, i):
        l = self.lesion[self.root(i)]
        return l["kind"] == "nodule" and l["organ"] == "liver"

    def other_liver_tumour(self, i):
        l = self.lesion[self.root(i)]
        return l["kind"] == "thrombus" or (
            l["kind"] in ("infiltrative", "other") and l["organ"] == "liver"
        )

    def is_node(self, i):
        return self.lesion[self.root(i)]["kind"] == "node"

    def cyto_needed(self, i):
        return self.c["cyto"] and self.lesion[self.root(i)]["kind"] == "effusion"

    def apart_hilar(self, i):
        """A porta hepatis node under mrecist."""
        return self.c["hilar_apart"] and self.is_node(i) and self.lesion[self.root(i)]["hilar"]

    def smallest_diseased_node(self, i):
        return self.c["small_hilar"] if self.lesion[i]["hilar"] else 10 * MM

    def smallest_target(self, i):
        if self.is_node(i):
            return self.c["small_hilar_target"] if self.lesion[i]["hilar"] else 15 * MM
        return 10 * MM

    # ---- records
    def parts(self, i):
        """Itself and its fragments (ids)."""
        return [i] + (self.fragments[i] if self.lesion[i]["part_of"] is None else [])

    def records(self, i, v):
        """The findings at v on i or on a fragment of it."""
        return [v.findings[k] for k in self.parts(i) if k in v.findings]

    def recorded(self, i, v):
        return bool(self.records(i, v))

    def only_ne(self, i, v):
        return all(f.status == "not evaluable" for f in self.records(i, v))

    def known_fragments(self, i, v):
        """Fragments recorded at some time point of the case up to v (S3)."""
        if self.lesion[i]["part_of"] is not None:
            return []
        return [
            k
            for k in self.fragments[i]
            if any(k in w.findings for w in self.visits if w.day <= v.day)
        ]

    def earlier(self, v):
        """Earlier visits of the case, latest first."""
        return [w for w in reversed(self.visits) if w.day < v.day]

    def merged_into(self, i, v):
        """S3 step 2: the lesion that i (this id alone) is merged into at v, or None."""
        f = v.findings.get(i)
        if f is not None:
            return f.into
        for w in self.earlier(v):
            g = w.findings.get(i)
            if g is not None and g.status != "not evaluable":
                if g.into is not None and self.recorded(g.into, v):
                    return g.into
                return None
        return None

    def all_into(self, i, v):
        """Is what v records of i only `into` another?  Gives that other, or None."""
        rec = self.records(i, v)
        if rec and all(f.into is not None for f in rec):
            return rec[0].into
        return None

    def proven(self, i, day):
        """Positive cytology at a time point of the case up to that day (stays, S2)."""
        return any(
            w.day <= day and i in w.findings and w.findings[i].cytology == "positive"
            for w in self.visits
        )

    # ---- S3: size and state of a lesion
    def natural_measure(self, i, f):
        p = self.lesion[self.root(i)]
        if p["kind"] == "node":
            return "short"
        if self.c["viable"] and not p["plain"]:
            if self.liver_nodule(i):
                return "viable"
            if self.other_liver_tumour(i) and f.viable is not None:
                return "viable"
        return "longest"

    def measure(self, i, f, role, line):
        p = self.root(i)
        if (
            role == "target"
            and line is not None
            and self.other_liver_tumour(p)
            and self.c["viable"]
            and not self.lesion[p]["plain"]
        ):
            # other tumour of the liver as a target keeps the measure of its baseline record
            return line.kept[p]
        return self.natural_measure(i, f)

    def last_size(self, i, v, measure, fixed):
        """The last size above 0 that an earlier time point gave i by step 6, by that measure."""
        for w in self.earlier(v):
            g = w.findings.get(i)
            if (
                g is None
                or g.into is not None
                or g.status not in ("measured", "present", "progressed")
            ):
                continue
            if not fixed and self.natural_measure(i, g) != measure:
                continue
            if measure == "viable" and not g.arterial:
                continue  # step 3 came before step 6
            s = g.size(measure)
            if s is not None and s > 0:
                return s
        return None

    def is_gone(self, i, size):
        return size == 0 or (self.is_node(i) and size < 10 * MM)

    def part_state(self, i, v, role, line, seen=()):
        """State of this id alone, without its fragments; None where it has no record at v."""
        m = self.merged_into(i, v)
        if m is not None:
            return self.merged_state(i, m, v, role, line, seen)
        f = v.findings.get(i)
        if f is None:
            return None  # step 1 is the caller's
        if f.status == "not evaluable":
            return State(ne=True, status="not evaluable")
        measure = self.measure(i, f, role, line)
        if measure == "viable" and not f.arterial:  # step 3
            return State(ne=True, status=f.status)
        if f.status == "absent":  # step 4
            return State(size=0, gone=True, status="absent")
        if f.status == "too small":  # step 5
            fixed = (
                measure != self.natural_measure(i, f)
                or role == "target"
                and self.other_liver_tumour(i)
            )
            last = self.last_size(i, v, measure, fixed)
            size = 5 * MM if last is None else min(5 * MM, last)
        else:  # step 6
            size = f.size(measure)
        if size is None:
            return State(
                size=None,
                status=f.status,
                measures=[measure],
                holds=f.status in ("present", "progressed"),
            )
        return State(size=size, gone=self.is_gone(i, size), status=f.status, measures=[measure])

    def merged_state(self, i, m, v, role, line, seen):
        """S3 step 2."""
        mroot = self.root(m)
        targets = line.targets if line is not None else []
        if role == "target" and mroot not in targets:
            return State(ne=True, status="into")  # its tissue has left the sum
        if m in seen:  # a circle of merged fragments
            s = State(size=0, gone=True, status="into")
        else:
            s = self.state(m, v, "target" if mroot in targets else role, line, seen + (i,))
        if s is None or s.ne:
            return State(ne=True, status="into")
        # a lesion merged into a treated one follows that one (its own parent: the caller's)
        if (
            role != "plain"
            and line is not None
            and mroot != (i and self.root(i))
            and self.treated(mroot, v, line)
        ):
            progressed = any(f.status == "progressed" for f in self.records(mroot, v))
            if mroot in targets or not progressed:
                return State(ne=True, status="into")
        if s.size is None:  # of unknown size, `measured` or not
            if role == "target":
                return State(ne=True, status="into")
            return State(size=0, gone=False, status="into")
        return State(size=0, gone=s.gone, status="into")

    def state(self, i, v, role, line, seen=()):
        """State of a lesion, fragments summed (S3); None where no part of it has a record at v.

        role: "target", "nontarget", or "plain" (the reading of baselines, prior records, candidates)."""
        own = self.part_state(i, v, role, line, seen)
        frags = self.known_fragments(i, v)
        if not frags:
            return own
        found = [self.part_state(k, v, role, line, seen + (i,)) for k in frags]
        if own is None and all(s is None for s in found):
            return None
        parts = [State(size=0, gone=True, status="absent") if own is None else own]
        for k, s in zip(frags, found):
            if s is None:
                # recorded earlier, not now, and no `into` holds
                if v.unchanged and role == "nontarget":
                    s = self.unchanged_fragment(k, v, line, seen + (i,))
                else:
                    s = State(ne=True, status="not evaluable")
            parts.append(s)
        sized = all(not s.ne and s.size is not None for s in parts)
        if any(s.status == "progressed" for s in parts):
            status = "progressed"
        elif sized:
            status = "measured"
        else:
            status = "present"
        measures = set().union(*[s.measures for s in parts])
        if any(s.ne for s in parts):
            return State(ne=True, status=status)
        if not sized:
            return State(
                size=None,
                status=status,
                measures=measures,
                holds=all(s.holds for s in parts if s.size is None),
            )
        return State(
            size=sum(s.size for s in parts),
            gone=all(s.gone for s in parts),
            status=status,
            measures=measures,
        )

    def unchanged_fragment(self, k, v, line, seen):
        """Under "unchanged", a fragment of a non-target without a finding is as at its last record."""
        for w in self.earlier(v):
            g = w.findings.get(k)
            if g is None:
                continue
            if g.into is not None:
                s = self.as_that_one(g.into, v, line, seen + (k,))
                if s == "NE":
                    return State(ne=True, status="into")
                return State(size=0, gone=s == "GONE", status="into")
            s = self.part_state(k, w, "nontarget", line, seen)
            if s.status == "progressed":
                s.status = "present"
            return s

    # ---- S3: local treatment on study
    def treated(self, i, v, line, seen=()):
        """Does a procedure on study, or one on what i merged into, hold of i at v?"""
        if line.baseline is None or v.day <= line.baseline.day:
            return False
        i = self.root(i)
        if i in seen:
            return False
        if self.treated_itself(i, v, line):
            return True
        for k in self.parts(i):
            m = self.merged_into(k, v)
            if m is not None and self.treated(m, v, line, seen + (i,)):
                return True
        return False

    def treated_itself(self, i, v, line):
        if line.baseline is None or v.day <= line.baseline.day:
            return False
        for p in self.procedures:
            if p["day"] < line.baseline.day or p["kinds"] & line.names:
                continue
            if not set(p["lesions"]) & set(self.parts(i)):
                continue
            rec = self.records(i, v)
            if rec:
                if any(f.day > p["day"] for f in rec):
                    return True
            elif v.day > p["day"]:
                return True
        return False

    # ---- target and non-target at a follow-up
    def target_state(self, i, v, line):
        """(evaluable, State or None)"""
        s = self.state(i, v, "target", line)
        if s is None or s.ne or s.size is None or self.treated_itself(i, v, line):
            return False, s
        return True, s

    def nontarget_state(self, i, v, line, seen=()):
        """(NE, GONE, PROGRESSED or PERSISTS; State or None) - S5, the first that holds."""
        s = self.state(i, v, "nontarget", line)
        if s is None:
            if self.treated_itself(i, v, line) or not v.unchanged:
                return "NE", None
            return self.unchanged_nontarget(i, v, line, seen), None
        if self.treated_itself(i, v, line) and s.status != "progressed":
            return "NE", s
        if s.ne or (s.size is None and not s.holds):
            return "NE", s
        if s.gone:
            return "GONE", s
        if s.status == "progressed" and (not self.cyto_needed(i) or self.proven(i, v.day)):
            return "PROGRESSED", s
        return "PERSISTS", s

    def unchanged_nontarget(self, i, v, line, seen):
        """S3 step 1: a non-target without a finding where the visit says `unchanged`."""
        places = [w for w in reversed(line.followups) if w.day < v.day]
        if line.base_record.get(i) is not None:
            places.append(line.base_record[i])
        for w in places:
            if self.recorded(i, w) and not self.only_ne(i, w):
                m = self.all_into(i, w)
                if m is not None:
                    return self.as_that_one(m, v, line, seen + (i,))
                return "GONE" if self.nontarget_state(i, w, line)[0] == "GONE" else "PERSISTS"
        return "PERSISTS"

    def as_that_one(self, m, v, line, seen):
        """What merged into m is as m is at v: NE, GONE or PERSISTS."""
        if m in seen:
            return "NE"
        if self.recorded(m, v) or self.merged_into(m, v) is not None:
            s = self.merged_state(None, m, v, "nontarget", line, seen)
            return "NE" if s.ne else "GONE" if s.gone else "PERSISTS"
        p = self.root(m)
        if p in line.targets or p not in line.nontargets_at(v):
            return "NE"
        if p != m and self.recorded(p, v):
            s = self.unchanged_fragment(m, v, line, seen)
            if s is None or s.ne:
                return "NE"
            return "GONE" if s.gone else "PERSISTS"
        word = self.nontarget_state(p, v, line, seen)[0]
        return word if word in ("NE", "GONE") else "PERSISTS"

    # ---- S4: what a baseline (or prior) record makes of a lesion
    def read_record(self, i, w, baseline_day):
        """diseased / unseen / unsized / unsized-apart / unproven / nothing / into"""
        if self.only_ne(i, w):
            return "unseen"
        if self.all_into(i, w) is not None:
            return "into"
        s = self.state(i, w, "plain", None)
        if self.nothing_but_unseen(i, w):
            return "unseen"
        if not s.ne and s.size == 0:
            return "nothing"
        if self.is_node(i):
            if not s.ne and s.size is not None:
                return "diseased" if s.size >= self.smallest_diseased_node(i) else "nothing"
            if s.status in ("present", "progressed") and not self.apart_hilar(i):
                return "diseased"
            return "unsized-apart" if self.apart_hilar(i) else "unsized"
        if self.cyto_needed(i):
            return "diseased" if self.proven(i, baseline_day) else "unproven"
        return "diseased"

    def nothing_but_unseen(self, i, w):
        """Measured by viable diameter; absent or of size 0 at an examination without arterial phase."""
        blind = False
        for k in self.parts(i):
            f = w.findings.get(k)
            if f is None:
                if k != i and k in self.known_fragments(i, w):
                    return False
                continue
            if f.into is not None or f.status == "not evaluable":
                return False
            meas = self.natural_measure(i, f)
            zero = f.status == "absent" or (f.status != "too small" and f.size(meas) == 0)
            if not zero:
                return False
            if meas == "viable" and not f.arterial:
                blind = True
        return blind

    # ---- S6: what a finding says of a new nodule
    def hcc_size(self, f, cavity, measure=None):
        """measure None: the size for 10 mm; else the size in that measure (for growth)."""
        viable = f.viable if f.arterial else None
        if f.status == "too small":
            return 5 * MM  # in either measure
        if measure == "longest":
            return f.longest
        if measure == "viable":
            return viable
        if f.status == "absent":
            return 0
        if cavity:
            return viable
        return f.longest if f.longest is not None else viable


def case_list(case, key):
    return case.get(key) or []


# ---------------------------------------------------------------- one line


def assess_line(P, line):
    c = P.c
    spec, s = line.spec, line.start
    problems = set()

    # S2: baseline
    named = spec.get("baseline")
    upto = [v for v in P.visits if v.day <= s]
    line.baseline = None
    if named is not None:
        n = day_number(named)
        line.baseline = [v for v in P.visits if any(d == n for d, _ in v.exams)][0]
    else:
        seen = [
            v
            for v in upto
            if any(f.status not in ("absent", "not evaluable") for f in v.findings.values())
        ]
        if seen:
            line.baseline = seen[-1]
        elif upto:
            line.baseline = upto[-1]
    b = line.baseline

    # S2: follow-ups
    line.followups = [
        v
        for v in P.visits
        if (b is None or v.day > b.day)
        and (line.next is None or v.day <= line.next)
        and (b is not None or v.day > s)
    ]

    named_targets, named_nontargets = spec.get("targets"), spec.get("nontargets")
    listed = set(named_targets or []) | set(named_nontargets or [])
    whole = [i for i in P.order if P.lesion[i]["part_of"] is None]
    line.base_record, line.kept = {i: None for i in whole}, {i: "longest" for i in whole}
    line.proof = {}  # late proven effusions: id -> day

    if b is None:
        problems.add("NO_BASELINE")
        line.targets = [i for i in P.order if i in (named_targets or [])]
        line.nontargets = [i for i in P.order if i in (named_nontargets or [])]
        line.nontargets_at = lambda v: line.nontargets
        return finish_without_baseline(P, line, problems)

    if s - b.day > 28:
        problems.add("OLD_BASELINE")

    # S2: what the baseline says of each lesion, and its prior record
    prior = {}
    for i in whole:
        w = None
        if P.recorded(i, b):
            w = b
        if w is None or P.only_ne(i, b):
            for e in P.earlier(b):
                if s - e.day <= 28 and P.recorded(i, e) and not P.only_ne(i, e):
                    w = e
                    problems.add("BASELINE_SPREAD")
                    break
        line.base_record[i] = w
        prior[i] = w
        if w is None:
            for e in P.earlier(b):
                if P.recorded(i, e):
                    prior[i] = e
                    break

    # S4: roles
    diseased, unseen, nopart = set(), set(), set()  # unseen: known but unseen
    late = set()
    for i in whole:
        if prior[i] is None:
            continue
        what = P.read_record(i, prior[i], b.day)
        if what == "into":
            nopart.add(i)
            continue
        if what == "unproven":
            late.add(i)
            continue
        if what == "nothing":
            continue
        if line.base_record[i] is None:
            last = max(f.day for f in P.records(i, prior[i]))
            if any(
                p["kinds"] & {"resection", "transplantation"}
                and i in p["lesions"]
                and last < p["day"] <= b.day
                for p in P.procedures
            ):
                continue
            problems.add("UNMENTIONED_AT_BASELINE")
        elif what in ("unsized", "unsized-apart"):
            problems.add("UNSIZED_NODE")
        if what == "diseased":
            diseased.add(i)
        else:
            unseen.add(i)
            if what == "unsized-apart":
                nopart.add(i)

    # S4: who may be a target
    def fit(i):
        w = line.base_record[i]
        if P.lesion[i]["kind"] not in ("nodule", "node") or w is None or i not in diseased:
            return False
        f = w.findings.get(i)
        if f is not None and f.equivocal:
            return False
        st = P.state(i, w, "plain", None)
        if st.status != "measured" or st.ne or st.size is None or st.size < P.smallest_target(i):
            return False
        if P.lesion[i]["treated"]:
            if not c["treated_ok"]:
                return False
            if f is not None and f.pattern == "atypical" and f.arterial:
                return False
        return True

    def group(i):
        return "nodes" if P.lesion[i]["kind"] == "node" else ("organ", P.lesion[i]["organ"])

    def choose(pool):
        sized = {i: P.state(i, line.base_record[i], "plain", None).size for i in pool}
        by_organ = {}
        for i in sorted(pool, key=lambda i: (-sized[i], i)):
            by_organ.setdefault(group(i), []).append(i)
        leaders = sorted((l[0] for l in by_organ.values()), key=lambda i: (-sized[i], i))[:5]
        seconds = sorted(
            (by_organ[group(i)][1] for i in leaders if len(by_organ[group(i)]) > 1),
            key=lambda i: (-sized[i], i),
        )
        return (leaders + seconds)[:5]

    if named_targets is not None:
        targets = set(named_targets)
        if any(not fit(i) for i in targets):
            problems.add("UNFIT_TARGET")
        groups = [group(i) for i in targets]
        if len(targets) > 5 or any(groups.count(g) > 2 for g in groups):
            problems.add("TOO_MANY_TARGETS")
    else:
        targets = set(choose([i for i in whole if fit(i) and i not in listed]))
    if named_nontargets is not None:
        nontargets = set(named_nontargets)
    else:
        nontargets = ((diseased | unseen) - nopart) - targets
    line.targets = [i for i in P.order if i in targets]
    line.nontargets = [i for i in P.order if i in nontargets]

    # S4, last paragraph: effusions proved late
    late -= listed
    for i in late:
        for v in line.followups:
            if i in v.findings and v.findings[i].cytology == "positive":
                line.proof[i] = v.day
                break
    unlisted_ok = named_nontargets is None

    def nontargets_at(v):
        more = [i for i in line.proof if unlisted_ok and line.proof[i] <= v.day]
        return line.nontargets + more

    line.nontargets_at = nontargets_at

    # S3: the measure that other tumour of the liver keeps as a target
    for i in whole:
        w = line.base_record[i]
        if w is not None and any(f.viable is not None for f in P.records(i, w)):
            line.kept[i] = "viable"

    # problems that the baseline's records raise
    for i in whole:
        w = line.base_record[i]
        if w is None:
            continue
        rec = P.records(i, w)
        for f in rec:
            if P.natural_measure(i, f) == "viable" and not f.arterial:
                problems.add("NO_ARTERIAL_BASELINE")
            if f.viable is not None and f.longest is not None and f.viable > f.longest:
                problems.add("VIABLE_EXCEEDS_WHOLE")
        if P.lesion[i]["kind"] in ("nodule", "node"):
            if not P.known_fragments(i, w):
                f = rec[0]
                if f.status == "measured" and f.size(P.natural_measure(i, f)) is None:
                    problems.add("NO_SIZE")
    for i in line.targets:
        w = line.base_record[i]
        if w is not None:
            st = P.state(i, w, "target", line)
            if st is not None and not st.ne and st.size is None:
                problems.add("NO_SIZE")

    # S4, S5: total at baseline
    B = None
    if line.targets:
        B = 0
        for i in line.targets:
            w = line.base_record[i]
            st = P.state(i, w, "target", line) if w is not None else None
            if st is None or st.ne or st.size is None:
                B = None
                break
            B += st.size
        if B == 0:
            B = None
        if B is None:
            problems.add("BASELINE_INCOMPLETE")
    if P.order and not line.targets and not line.nontargets:
        problems.add("NO_DISEASE_AT_BASELINE")

    # ------------------------------------------------ S6: candidates
    never = set(line.targets) | set(line.nontargets) | diseased | unseen | nopart | listed
    candidates = [i for i in whole if i not in never]

    def candidate_at(i, v):
        return not (unlisted_ok and i in line.proof and v.day > line.proof[i])

    def detected(i, v):
        if not candidate_at(i, v) or not P.recorded(i, v) or P.all_into(i, v) is not None:
            return False

        # some part of it is recorded as seen, not of size 0 (a viable size of 0 also without arterial phase);
        # a nodule at an examination without arterial phase is otherwise detected, of unknown size
        def sight(f):
            return (
                f.into is None
                and f.status in ("measured", "too small", "present", "progressed")
                and (f.status == "too small" or f.size(P.natural_measure(i, f)) != 0)
            )

        if not any(sight(f) for f in P.records(i, v)):
            return False
        st = P.state(i, v, "plain", line)
        if P.is_node(i):
            if st.size is not None:
                return st.size >= P.smallest_diseased_node(i)
            return st.status in ("present", "progressed") and not P.apart_hilar(i)
        if P.cyto_needed(i) and prior[i] is not None:
            before = P.state(i, prior[i], "plain", None)
            if before.status != "absent" and (before.ne or before.size != 0):
                if st.status == "progressed":
                    return True
                return (
                    st.size is not None
                    and not before.ne
                    and before.size is not None
                    and 5 * st.size >= 6 * before.size
                    and st.size - before.size >= 5 * MM
                )
        return True

    found = {i: [v for v in line.followups if detected(i, v)] for i in candidates}
    new_from = {}  # id -> day of t0
    by_growth_only = {}  # id -> day of t0
    for i in candidates:
        if not found[i]:
            continue
        t0 = found[i][0]
        later = [v for v in line.followups if v.day >= t0.day]
        if P.liver_nodule(i) and c["hcc"]:
            how = hcc_rule(P, i, prior[i], found[i], later)
            if how:
                new_from[i] = t0.day
                if how == {"growth"} and any(
                    i in v.findings and v.findings[i].biopsy == "negative" for v in later
                ):
                    by_growth_only[i] = t0.day
        elif P.cyto_needed(i):
            if any(
                candidate_at(i, v) and i in v.findings and v.findings[i].cytology == "positive"
                for v in later
            ):
                new_from[i] = t0.day
        else:
            before = None
            if P.is_node(i) and prior[i] is not None and i in prior[i].findings:
                f = prior[i].findings[i]
                if f.status != "absent" and f.into is None:
                    st = P.part_state(i, prior[i], "plain", None)
                    if not st.ne and st.size is not None and st.size < P.smallest_diseased_node(i):
                        before = st.size
            for v in found[i]:
                f = v.findings.get(i)
                if f is not None and f.equivocal:
                    continue
                if before is None:
                    new_from[i] = t0.day
                    break
                own = (
                    P.part_state(i, v, "plain", line) if f is not None and f.into is None else None
                )
                if own is None or own.ne or own.size is None or own.size - before < 5 * MM:
                    continue
                if own.size >= P.smallest_target(i) or v.day > t0.day:
                    new_from[i] = t0.day
                    break

    # ------------------------------------------------ S5-S7, in date order
    N = B
    rows, past = [], []  # past: (day, response) of what is not passed over
    for v in line.followups:
        pr = set()
        nts = nontargets_at(v)
        word = P.reported(v)

        for f in v.findings.values():
            if f.viable is not None and f.longest is not None and f.viable > f.longest:
                pr.add("VIABLE_EXCEEDS_WHOLE")
        for i in candidates:
            if not candidate_at(i, v):
                continue
            f = v.findings.get(i)
            if (
                f is not None
                and P.liver_nodule(i)
                and c["hcc"]
                and not f.arterial
                and f.pattern in ("typical", "atypical")
            ):
                pr.add("PATTERN_WITHOUT_ARTERIAL")
            if P.is_node(i) and P.recorded(i, v):
                st = P.state(i, v, "plain", line)
                if not st.ne and st.size is None and st.status == "measured":
                    pr.add("UNSIZED_NODE")
            if i in by_growth_only and by_growth_only[i] <= v.day:
                pr.add("BIOPSY_NEGATIVE")

        # partial examination (S2)
        ours = set(line.targets) | set(nts)
        is_detected = any(v in found[i] for i in candidates)
        partial = bool(
            ours
            and v.findings
            and word is None
            and not v.unchanged
            and not is_detected
            and not any(P.root(i) in ours for i in v.findings)
        )
        if partial:
            pr.add("PARTIAL_EXAMINATION")
        if any(P.treated(i, v, line) for i in ours):
            pr.add("TREATED_ON_STUDY")

        # targets
        total, target = None, "NONE"
        seen_targets = []
        if line.targets:
            for i in line.targets:
                ok, st = P.target_state(i, v, line)
                if ok:
                    seen_targets.append(st)
                elif st is not None and not st.ne and st.size is None and not P.treated(i, v, line):
                    pr.add("NO_SIZE")
            if seen_targets:
                total = sum(st.size for st in seen_targets)
            C = total or 0
            complete = len(seen_targets) == len(line.targets)
            rose = B is not None and 5 * C >= 6 * N and C > N and C - N >= c["floor"]
            if B is None:
                target = "NE"
            elif not complete:
                target = "PD" if rose and any(not st.gone for st in seen_targets) else "NE"
            elif all(st.gone for st in seen_targets):
                target = "CR"
            elif rose:
                target = "PD"
            elif 10 * C <= 7 * B:
                target = "PR"
            else:
                target = "SD"
            if target == "PD" and C - N < 5 * MM:
                pr.add("RISE_UNDER_5MM")
        nadir = N
        if line.targets and B is not None and len(seen_targets) == len(line.targets):
            N = min(N, total)

        # non-targets
        nt_words = {}
        for i in nts:
            nt_words[i], st = P.nontarget_state(i, v, line)
            if nt_words[i] in ("GONE", "PERSISTS") and grew(P, line, i, v, st):
                pr.add("NONTARGET_GREW")
        if not nts:
            nontarget = "NONE"
        elif "PROGRESSED" in nt_words.values():
            nontarget = "PD"
        elif "NE" in nt_words.values():
            nontarget = "NE"
        elif "PERSISTS" in nt_words.values():
            nontarget = "NON-CR/NON-PD"
        else:
            nontarget = "CR"

        # new lesions and recurrence (S6)
        causes = set()
        if any(day <= v.day for day in new_from.values()):
            causes.add("new lesion")
        if not partial:
            cr_day = cr_standing(past)
            if cr_day is not None:
                if any(not st.gone for st in seen_targets):
                    causes.add("recurrence")
                for i in nts:
                    if nt_words[i] not in ("PROGRESSED", "PERSISTS"):
                        continue
                    if P.is_node(i) and nt_words[i] != "PROGRESSED":
                        continue
                    if i in line.proof and cr_day < line.proof[i]:
                        continue  # only after a CR at or after its proof
                    causes.add("recurrence")
        if causes:
            new = "YES"
        elif any(v in found[i] for i in candidates if i not in new_from):
            new = "EQUIVOCAL"
        else:
            new = "NO"

        # response (S7)
        computed = overall(target, nontarget, new)
        disease = any(not st.gone for st in seen_targets) or any(
            w in ("PROGRESSED", "PERSISTS") for w in nt_words.values()
        )
        response, source, agrees = verdict(computed, word, disease, pr, past)
        row = dict(
            v=v,
            total=total,
            nadir=nadir,
            target=target,
            nontarget=nontarget,
            new=new,
            computed=computed,
            word=word,
            response=response,
            source=source,
            agrees=agrees,
            problems=pr,
            partial=partial,
        )
        row["causes"] = causes_of(row, causes)
        rows.append(row)
        if not partial:
            past.append((v.day, response))

    line.rows, line.B, line.problems = rows, B, problems
    return finish(P, line)


def hcc_rule(P, i, before, found, later):
    """S6, first row: the ways in which a liver nodule becomes new ({} where it does not)."""
    cavity = P.lesion[i]["treated"]
    if before is not None and i in before.findings:
        f = before.findings[i]
        if f.status != "absent" and f.arterial and f.viable == 0:
            cavity = True
    how, pattern = set(), None
    for v in later:
        f = v.findings.get(i)
        if f is None:
            continue
        if f.pattern == "malignant" or (f.pattern in ("typical", "atypical") and f.arterial):
            pattern = f.pattern
        if f.biopsy == "positive":
            how.add("biopsy")
        if f.into is not None:
            continue
        size = P.hcc_size(f, cavity)
        if size is not None and size >= 10 * MM:
            if pattern in ("typical", "malignant"):
                how.add("pattern")
            if cavity:
                how.add("cavity")
        # growth, like with like, from the first detection that has the measure
        for measure in ["viable"] if cavity else ["longest", "viable"]:
            now = P.hcc_size(f, cavity, measure)
            if now is None:
                continue
            firsts = [
                w
                for w in found
                if w.day < v.day
                and i in w.findings
                and w.findings[i].into is None
                and P.hcc_size(w.findings[i], cavity, measure) is not None
            ]
            if firsts:
                if now - P.hcc_size(firsts[0].findings[i], cavity, measure) >= 10 * MM:
                    how.add("growth")
                break  # longest where both have it, else viable
    return how


def grew(P, line, i, v, st):
    """S5: NONTARGET_GREW."""
    if st is None or st.ne or st.size is None or len(st.measures) != 1:
        return False
    smallest = None
    places = [w for w in line.followups if w.day < v.day]
    if line.base_record.get(i) is not None:
        places = [line.base_record[i]] + places
    for w in places:
        word, e = P.nontarget_state(i, w, line)
        if e is None or e.ne or e.size is None or word == "NE":
            continue
        if e.measures and e.measures != st.measures:
            continue
        smallest = e.size if smallest is None else min(smallest, e.size)
    return smallest is not None and 5 * st.size >= 6 * smallest and st.size - smallest >= 5 * MM


def cr_standing(past):
    """The day of the latest CR since which no PD came, or None."""
    for day, r in reversed(past):
        if r == "PD":
            return None
        if r == "CR":
            return day
    return None


def overall(target, nontarget, new):
    """S7: the table."""
    if new == "YES" or target == "PD" or nontarget == "PD":
        return "PD"
    if target == "CR":
        return "CR" if nontarget in ("CR", "NONE") else "PR"
    if target in ("PR", "SD", "NE"):
        return target
    if nontarget == "NONE":
        return "NED"
    return nontarget


def verdict(computed, word, disease, pr, past):
    """S7: reported verdicts -> (response, source, agrees)"""
    if word is None:
        return computed, "computed", None
    if word == computed:
        return computed, "computed", True
    if computed not in ("NE", "NED", "NON-CR/NON-PD"):
        return computed, "computed", False
    if word == "NE" and computed != "NED":
        return computed, "computed", False
    if word in ("CR", "NED") and disease:
        pr.add("CR_OVER_DISEASE")
        return computed, "computed", False
    if word in ("PR", "SD") and cr_standing(past) is not None:
        pr.add("RESPONSE_AFTER_CR")
    return word, "reported", None


def causes_of(row, causes):
    if row["response"] != "PD":
        return []
    if row["source"] == "reported":
        return ["reported"]
    out = []
    if row["target"] == "PD":
        out.append("target")
    if row["nontarget"] == "PD":
        out.append("nontarget")
    for c in ("new lesion", "recurrence"):
        if c in causes:
            out.append(c)
    return out


def finish_without_baseline(P, line, problems):
    """S2, S7: every follow-up NE; a reported verdict stands in."""
    rows, past = [], []
    for v in line.followups:
        pr = set()
        for f in v.findings.values():
            if f.viable is not None and f.longest is not None and f.viable > f.longest:
                pr.add("VIABLE_EXCEEDS_WHOLE")
        word = P.reported(v)
        response, source, agrees = verdict("NE", word, False, pr, past)
        row = dict(
            v=v,
            total=None,
            nadir=None,
            target="NE",
            nontarget="NE",
            new="NO",
            computed="NE",
            word=word,
            response=response,
            source=source,
            agrees=agrees,
            problems=pr,
            partial=False,
        )
        row["causes"] = causes_of(row, set())
        rows.append(row)
        past.append((v.day, response))
    line.rows, line.B, line.problems = rows, None, problems
    return finish(P, line)


def best(seq, confirmed):
    """S8.  seq: (day from the line's start, response), up to and with the first PD."""
    words = [r for _, r in seq]
    if not confirmed:
        if "CR" in words:
            return "CR"
        if "PR" in words:
            return "PR"
        if any(r == "SD" and d >= 42 for d, r in seq):
            return "SD"
    else:
        for a, (d, r) in enumerate(seq):
            for z in range(a + 1, len(seq)):
                between = words[a + 1 : z]
                if (
                    r == "CR"
                    and words[z] == "CR"
                    and seq[z][0] >= d + 28
                    and all(x in ("CR", "NE") for x in between)
                    and between.count("NE") <= 1
                ):
                    return "CR"
        for a, (d, r) in enumerate(seq):
            for z in range(a + 1, len(seq)):
                between, span = words[a + 1 : z], words[a : z + 1]
                back = any(x == "CR" and "PR" in span[k + 1 :] for k, x in enumerate(span))
                if (
                    r == "PR"
                    and words[z] in ("PR", "CR")
                    and seq[z][0] >= d + 28
                    and all(x in ("CR", "PR", "NE") for x in between)
                    and between.count("NE") <= 1
                    and not back
                ):
                    return "PR"
        if any(r in ("CR", "PR", "SD") and d >= 42 for d, r in seq):
            return "SD"
    if any(r == "NON-CR/NON-PD" and d >= 42 for d, r in seq):
        return "NON-CR/NON-PD"
    if "NED" in words:
        return "NED"
    if "PD" in words:
        return "PD"
    return "NE" if words else "ND"


def finish(P, line):
    seq, progression = [], None
    for row in line.rows:
        if row["partial"]:
            continue
        seq.append((row["v"].day - line.start, row["response"]))
        if row["response"] == "PD":
            progression = {"date": row["v"].date, "causes": row["causes"]}
            break
    line.progression = progression
    return {
        "line": line.number,
        "agents": list(line.spec["agents"]),
        "start": line.spec["start"],
        "baseline": None if line.baseline is None else line.baseline.date,
        "targets": line.targets,
        "nontargets": line.nontargets,
        "baseline_total_mm": mm(line.B),
        "timepoints": [
            {
                "date": r["v"].date,
                "day": r["v"].day - line.start,
                "total_mm": mm(r["total"]),
                "nadir_mm": mm(r["nadir"]),
                "target": r["target"],
                "nontarget": r["nontarget"],
                "new_lesion": r["new"],
                "computed": r["computed"],
                "reported": r["word"],
                "agrees": r["agrees"],
                "response": r["response"],
                "source": r["source"],
                "problems": sorted(r["problems"]),
            }
            for r in line.rows
        ],
        "best_response": best(seq, False),
        "confirmed_best_response": best(seq, True),
        "progression": progression,
        "exposure": None,
        "rechallenge_of": None,
        "problems": sorted(line.problems),
    }


def exposure(lines, k):
    """S9 -> (word, number of the line it names or None)"""
    me = lines[k]
    last = {}
    for a in me.names:
        for j in range(k - 1, -1, -1):
            if a in lines[j].names:
                last[a] = j
                break
    if not last:
        return "first exposure", None
    drugs = {a: j for a, j in last.items() if a not in _PROCEDURE_NAMES}
    if not drugs:
        return "repeat", lines[max(last.values())].number
    m = lines[max(drugs.values())]
    ended = m.spec.get("end_reason")
    if ended is None and m.progression is not None:
        ended = "progression"
    word = {"progression": "rechallenge", "toxicity": "resumption"}.get(ended, "reintroduction")
    return word, m.number


def oracle(case, criteria="mrecist"):
    P = Patient(case, criteria)
    lines = []
    for spec in sorted(case_list(case, "lines"), key=lambda l: day_number(l["start"])):
        line = Line()
        line.spec, line.start, line.number = spec, day_number(spec["start"]), len(lines) + 1
        line.names = {n for a in spec["agents"] for n in agent_names(a)}
        line.next = None
        if lines:
            lines[-1].next = line.start
        lines.append(line)
    out = []
    for k, line in enumerate(lines):
        doc = assess_line(P, line)
        doc["exposure"], doc["rechallenge_of"] = exposure(lines, k)
        out.append(doc)
    problems = set()
    for v in P.visits:
        for i, f in v.findings.items():
            # S3: a viable size recorded for a nodule elsewhere
            if f.viable is not None and P.lesion[i]["kind"] == "nodule" and not P.liver_nodule(i):
                problems.add("VIABLE_OUTSIDE_LIVER")
    return {
        "format": "mrecist-assessment/1",
        "patient": case["patient"],
        "criteria": criteria,
        "lines": out,
        "problems": sorted(problems),
    }
