"""The words and numbers that generated charts are made of, those at the thresholds among them."""

from __future__ import annotations

from decimal import Decimal

IDS = ["A", "B", "C", "T1", "T2", "PV", "N1", "a", "é", "Z9"]
KINDS = ["nodule", "node", "thrombus", "effusion", "infiltrative", "other"]
LIVER = [
    *("liver", "segment VIII", "Liver, segment 4", "S8", "right hepatic lobe", "S4/8", "caudate"),
    *("hepatic dome", "left lobe of the liver", "liver upper lobe", "Seg. 4a", "dome of hepar"),
]
NOT_LIVER = [
    *("lung", "Lungs", "left lung", "adrenal gland", "adrenals", "bone", "peritoneum", "8"),
    *("hepatic vein", "liver hilum", "right upper lobe segment 3", "upper lobe S3"),
    *("kidney (left)", "caudate, lower", "right lobe", "left adrenal glands", "dome"),
]
ORGANS = {
    "node": ["lymph node", "mediastinum", "porta hepatis", "axilla", "liver hilum"],
    "thrombus": ["portal vein", "hepatic vein", "liver"],
    "effusion": ["pleura", "peritoneum", "ascites"],
}
AGENTS = [
    *("sorafenib", "Nexavar", "BAY 43-9006", "SOR", "sorafenib 400 mg", "lenvatinib", "E7080"),
    *("Lenvima 12mg qd", "LEN", "regorafenib", "Stivarga 160 mg", "cabozantinib", "XL184", "CABO"),
    *("ramucirumab 8 mg/kg", "IMC-1121B", "atezolizumab+bevacizumab", "T+A", "A+B", "atezo/bev"),
    *("Tecentriq 1200 mg + Avastin 15 mg/kg", "STRIDE", "durvalumab and tremelimumab"),
    *("nivolumab, ipilimumab", "NIVO & IPI", "pembrolizumab", "TACE", "cTACE", "DEB-TACE"),
    *("deb tace", "SIRT", "Y-90", "radioembolization", "RFA", "SBRT", "TACE + lenvatinib"),
    *("resection", "study drug X", "Study  Drug x", "herbs + hope", "donafenib", "Tevimbra"),
]
PROCEDURES = [
    *("TACE", "DEB-TACE", "RFA", "Resection", "resection", "transplantation", "SBRT", "TARE"),
    *("drainage", "MWA", "SIRT"),
]
REMOVALS = ["resection", "transplantation"]
VERDICTS = ["CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "NED"]
ENDS = ["progression", "toxicity", "completed", "choice", "deterioration", "death", "other"]
GAPS = [14, 27, 28, 28, 29, 35, 42, 42, 43, 56, 56, 84]
STARTS_AFTER = [0, 0, 1, 7, 14, 27, 28, 29]

_NODULE = "0 3 4 4.5 5 6 8 9.6 9.999 10 10.5 12 15 18 20 22 25 30 30 40 50 60"
_NODE = "0 4 5 7 9 9.5 10 10.5 12 14 14.5 15 18 19.5 19.999 20 22 25 30"
_FACTORS = "0 0.5 0.699 0.7 0.7 0.701 0.9 1 1 1 1.199 1.2 1.2 1.25 1.5 2"
NODULE_SIZES = [Decimal(each) for each in _NODULE.split()]
NODE_SIZES = [Decimal(each) for each in _NODE.split()]
FACTORS = [Decimal(each) for each in _FACTORS.split()]
STEPS = [Decimal(each) for each in ("5", "10", "10", "4.9", "4.999", "9.999", "-5", "11")]
