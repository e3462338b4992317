"""What the texts of a chart mean: organs, and the names of drugs and procedures."""

from __future__ import annotations

import re

# --- organs --------------------------------------------------------------------------------------

SIDES = {"left", "right", "both", "bilateral"}
SINGULAR = {
    "lungs": "lung",
    "kidneys": "kidney",
    "ovaries": "ovary",
    "breasts": "breast",
    "adrenals": "adrenal",
}
OF_THE_LIVER = {
    *("liver", "hepatic", "hepar", "lobe", "lobes", "segment", "segments", "seg", "sgt"),
    *("sector", "caudate", "quadrate", "dome", "parenchyma", "medial", "lateral", "anterior"),
    *("posterior", "superior", "inferior", "upper", "lower", "left", "right"),
    *("the", "of", "in", "and"),
}
NAMES_OF_THE_LIVER = {"liver", "hepatic", "hepar"}
WORDS_FOR_SEGMENT = {"segment", "segments", "seg", "sgt"}
COUINAUD = {
    *("1", "2", "3", "4", "5", "6", "7", "8", "4a", "4b"),
    *("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "iva", "ivb"),
}
S_COUINAUD = {"s" + segment for segment in COUINAUD}


def organ_name(text: str) -> str:
    """The organ that a text names, the liver by any of its words being `liver`."""
    spaced = re.sub(r"[.,;:()\-/_]", " ", text.lower())
    words = [word for word in spaced.split() if word not in SIDES]
    joined = " " + " ".join(words) + " "
    for glands in (" adrenal glands ", " adrenal gland "):
        joined = joined.replace(glands, " adrenal ")
    words = [SINGULAR.get(word, word) for word in joined.split()]
    return "liver" if is_liver(words) else " ".join(words)


def is_liver(words: list[str]) -> bool:
    """Whether all words fit the liver and some word is certain of it."""
    known = OF_THE_LIVER | COUINAUD | S_COUINAUD
    if any(word not in known for word in words):
        return False
    if NAMES_OF_THE_LIVER.intersection(words):
        return True
    if "upper" in words or "lower" in words:
        return False
    if "caudate" in words or S_COUINAUD.intersection(words):
        return True
    return bool(WORDS_FOR_SEGMENT.intersection(words) and COUINAUD.intersection(words))


# --- agents --------------------------------------------------------------------------------------

OTHER_NAMES = {
    "sorafenib": ("nexavar", "sor", "bay 43-9006"),
    "lenvatinib": ("lenvima", "len", "lenv", "e7080"),
    "regorafenib": ("stivarga", "reg", "bay 73-4506"),
    "cabozantinib": ("cabometyx", "cometriq", "cab", "cabo", "xl184"),
    "ramucirumab": ("cyramza", "ram", "imc-1121b"),
    "atezolizumab": ("tecentriq", "ate", "atezo", "mpdl3280a"),
    "bevacizumab": ("avastin", "bev", "beva"),
    "durvalumab": ("imfinzi", "dur", "durva", "medi4736"),
    "tremelimumab": ("imjudo", "tre", "treme"),
    "nivolumab": ("opdivo", "niv", "nivo"),
    "ipilimumab": ("yervoy", "ipi"),
    "pembrolizumab": ("keytruda", "pem", "pembro"),
    "tislelizumab": ("tevimbra",),
    "sintilimab": ("tyvyt",),
    "donafenib": ("zepsun",),
}
WITHOUT_OTHER_NAMES = (
    *("camrelizumab", "rivoceranib", "apatinib", "anlotinib", "penpulimab", "toripalimab"),
    *("doxorubicin", "oxaliplatin", "capecitabine", "gemcitabine", "cisplatin", "fluorouracil"),
    *("sunitinib", "brivanib", "erlotinib", "tivantinib", "linifanib", "everolimus"),
)
DRUGS = {
    **{name: [name] for name in (*OTHER_NAMES, *WITHOUT_OTHER_NAMES)},
    **{other: [name] for name, others in OTHER_NAMES.items() for other in others},
    "stride": ["durvalumab", "tremelimumab"],
}
ATEZOLIZUMAB_BEVACIZUMAB = ("t+a", "a+b", "atezo/bev")

PROCEDURES = {
    **dict.fromkeys(("tace", "ctace", "debtace"), "TACE"),
    **dict.fromkeys(("tare", "sirt", "y90", "radioembolisation"), "TARE"),
    **{name: name for name in ("tae", "rfa", "mwa", "ablation", "cryoablation", "pei")},
    **{name: name for name in ("sbrt", "radiotherapy", "resection", "transplantation")},
}
PROCEDURE_NAMES = frozenset(PROCEDURES.values())

UNIT = r"(?:mg|g|ug|mcg|µg|μg)"
DOSE = re.compile(r"\s*\d+(?:[.,]\d+)?\s*" + UNIT + r"(?![a-z0-9]).*$")
SLASH_OF_A_DOSE = re.compile(rf"({UNIT})\s*/\s*(?=(?:kg|m2|m²|day|d|week|wk|h)\b)", re.I)
BETWEEN = re.compile(r"[+/&,]|\band\b", re.I)


def agent_names(text: str) -> list[str]:
    """The drugs and procedures of a text; a text that names none is one agent as it is written."""
    if re.sub(r"\s+", "", text.lower()) in ATEZOLIZUMAB_BEVACIZUMAB:
        return ["atezolizumab", "bevacizumab"]
    guarded = SLASH_OF_A_DOSE.sub("\\1\0", text)
    parts = [names_of_part(part.replace("\0", "/")) for part in BETWEEN.split(guarded)]
    if len(parts) > 1 and all(parts):
        return [name for part in parts for name in part]
    return names_of_part(text) or ["as written: " + " ".join(text.lower().split())]


def names_of_part(part: str) -> list[str]:
    """The canonical names of one part, empty where it is not known."""
    text = part.strip().lower()
    for each in (text, DOSE.sub("", text)):
        name = " ".join(each.split())
        if name in DRUGS:
            return DRUGS[name]
        procedure = re.sub(r"[\s\-]", "", name).replace("z", "s")
        if procedure in PROCEDURES:
            return [PROCEDURES[procedure]]
    return []
