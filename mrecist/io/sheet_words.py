"""The words of worksheets: what headings, organs, roles and results are called, in seven languages.

English, German, French, Spanish, Italian, Japanese and Chinese. Words are compared without case,
accents and punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType

from .._base.words import Kind, Status
from ..rulebook.organs import LIVER, organ
from ..tables.column_schema import FINDING_COLUMNS, REPORTED_BY

__all__ = [
    "DERIVED",
    "KINDS",
    "LABORATORY",
    "MEASURES",
    "ORGANS",
    "READERS",
    "ROLES",
    "STATUSES",
    "VISIT",
    "folded",
    "heading_meaning",
    "is_known_word",
    "organ_named",
    "unit_said",
]

_MARKS = re.compile(r"[\s_.:/\\#°*-]+")
_UNIT = re.compile(
    r"(?<![\[( _,])[\[( _,]*+\b(?:in )?"
    r"(mm|cm|millimet(?:er|re)s?|centimet(?:er|re)s?)\b[\])]*\s*$", re.I
)  # fmt: skip
NUMBERED = frozenset({"date", "size"})
"""What a sheet may have several columns of, with a number behind the word."""
_NUMBER_AT_END = re.compile(r" ?[0-9]{1,2}$")


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """A word without case, accents and punctuation, spaces as one."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in parts if not unicodedata.combining(each))
    return _MARKS.sub(" ", unicodedata.normalize("NFKC", plain)).strip()


def _table(rows: dict[str, str]) -> dict[str, str]:
    """Folded words by what they mean, from lists of words separated by commas."""
    return {folded(word): name for name, words in rows.items() for word in words.split(",")}


_HEADINGS = _table({
    "patient": (
        "patient,patient id,patientid,patient no,patient nr,patient number,patient name,pat,pat id,"
        "pat nr,pid,subject,subject id,subjid,usubjid,subject no,id,case,case id,case no,record,"
        "record id,mrn,study id,participant,participant id,"
        "patientin,patienten id,patientennummer,patienten nr,fall,fallnummer,fall nr,"
        "no patient,numero patient,numero de patient,sujet,dossier,no dossier,identifiant,"
        "paciente,id paciente,numero de paciente,sujeto,caso,historia clinica,nhc,"
        "paziente,id paziente,患者,患者id,患者番号,症例,症例番号,病人,病例,病例号,患者编号,病历号"
    ),
    "lesion": (
        "lesion,lesion id,lesionid,lesion no,lesion nr,lesion number,lesion name,lesions,"
        "target lesion,tl,tumor,tumour,tumor id,tumour id,tumor no,tumour no,nodule,nodule id,"
        "nodule no,lnkid,trlnkid,lasion,laesion,lasionen,lasion nr,herd,herd nr,herde,tumorherd,"
        "knoten,lesion n,nodulo,no lesion,lesion cible,nodulo no,lesione,lesioni,id lesione,"
        "病変,病変番号,病変id,病灶,病灶编号,病灶号,结节,結節,腫瘍,肿瘤"
    ),
    "organ": (
        "organ,organ site,site,location,anatomic location,anatomical location,anatomic site,"
        "anatomy,lesion location,lesion site,localisation,localization,body part,body site,"
        "lokalisation,ort,lage,organe,siege,emplacement,organo,localizacion,"
        "ubicacion,sitio,sede,localizzazione,臓器,部位,位置,场所,器官"
    ),
    "segment": "segment,liver segment,couinaud,couinaud segment,lebersegment,segmento,segment "
    "hepatique,区域,肝段",
    "role": (
        "role,target non target,target nontarget,target or non target,t nt,lesion role,category,"
        "lesion category,target,is target,rolle,kategorie,ziellasion,zielherd,categorie,cible,"
        "cible non cible,rol,categoria,diana,bersaglio,ruolo,標的,標的非標的,区分,靶病灶,靶非靶"
    ),
    "type": "type,lesion type,typ,art,tipo,種類,类型",
    "measure": (
        "measure,measurement type,dimension,parameter,axis,what,measured,mass,messung,achse,mesure,"
        "axe,medida,eje,misura,asse,計測,測定,测量"
    ),
    "unit": "unit,units,unit of size,size unit,einheit,einheiten,unite,unites,unidad,unidades,"
    "unita,単位,单位",
    "date": (
        "date,scan date,date of scan,study date,exam date,examination date,date of examination,"
        "imaging date,date of imaging,ct date,mri date,date of ct,date of mri,visit date,"
        "assessment date,date of assessment,study day,day,datum,untersuchungsdatum,ct datum,"
        "mrt datum,datum der untersuchung,scan datum,tag,date de l'examen,date d'examen,"
        "date examen,date de scanner,date du scanner,fecha,fecha del estudio,fecha de tc,"
        "fecha de examen,data,data esame,data dell'esame,data tc,日付,検査日,撮影日,日期,检查日期,"
        "扫描日期"
    ),
    "visit": (
        "visit,visit name,timepoint,time point,tp,examination,exam,study,scan,visite,zeitpunkt,"
        "untersuchung,examen,visita,esame,estudio,時点,来院,访视,时间点"
    ),
    "size": (
        "size,sizes,diameter,longest diameter,longest,ld,length,long axis,lesion size,tumor size,"
        "tumour size,value,result,measurement,diam,longest dimension,maximum diameter,max diameter,"
        "grosse,groesse,durchmesser,langster durchmesser,langsachse,messwert,taille,diametre,"
        "grand axe,plus grand diametre,grand diametre,tamano,diametro,diametro mayor,eje mayor,"
        "dimensione,dimensioni,diametro maggiore,asse maggiore,"
        "大きさ,径,直径,長径,サイズ,大小,长径,最大径,最大直径"
    ),
    "viable_mm": (
        "viable,viable diameter,viable size,viable tumor,viable tumour,enhancing,"
        "enhancing diameter,enhancing size,arterially enhancing,mrecist diameter,vital,"
        "vitaler anteil,vitaler durchmesser,diametre viable,realce,viable diametro,diametro viable,"
        "vitale,diametro vitale,濃染径,生存径,存活径,强化直径"
    ),
    "longest_mm": "whole,whole lesion,whole diameter,whole size,overall size,gesamt,"
    "gesamtdurchmesser,total diameter,entier,entero,intero,全体,全径",
    "short_axis_mm": (
        "short axis,short diameter,short,sad,shortest diameter,perpendicular,kurzachse,"
        "kurzer durchmesser,kurze achse,querdurchmesser,petit axe,petit diametre,eje corto,"
        "diametro menor,asse corto,diametro minore,短径,短轴"
    ),
    "status": "status,state,befund,etat,estado,stato,状態,状态",
    "start": (
        "start,treatment start,start of treatment,start date,therapy start,date of tace,"
        "therapiebeginn,behandlungsbeginn,beginn,debut du traitement,inicio,"
        "inicio del tratamiento,inizio,inizio terapia,治療開始日,治疗开始日期"
    ),
    "agents": "agents,agent,drug,drugs,treatment,therapy,regimen,therapie,behandlung,medikament,"
    "traitement,tratamiento,terapia,治療,治疗",
    "arterial_phase": "arterial phase,arterielle phase,phase arterielle,fase arterial,"
    "fase arteriosa,動脈相,动脉期",
})  # fmt: skip
_OWN = {folded(name): name for name in FINDING_COLUMNS}

READERS = frozenset(_table({
    "": "reader,reader id,reader no,reader name,read by,radiologist,rater,observer,reviewer,"
    "assessor,evaluator,measured by,befunder,befundet von,radiologe,radiologin,untersucher,"
    "auswerter,leser,lecteur,relecteur,radiologue,evaluateur,lector,radiologo,evaluador,observador,"
    "lettore,valutatore,読影者,読影医,評価者,测量者,阅片者,阅片人,评估者"
}))  # fmt: skip
"""What a column is called that says who has measured."""

ROLES = MappingProxyType(_table({
    "target": "target,t,tl,target lesion,yes,ja,ziel,ziellasion,zielherd,cible,oui,diana,si,"
    "objetivo,bersaglio,標的,標的病変,靶病灶,靶",
    "nontarget": "non target,nontarget,nt,ntl,non target lesion,no,nein,nicht ziel,non cible,"
    "nichtziellasion,nicht ziellasion,non,no diana,no objetivo,non bersaglio,非標的,非標的病変,"
    "非靶病灶,非靶",
    "new": "new,n,nl,new lesion,neu,neue lasion,nouveau,nouvelle,nouvelle lesion,nueva,"
    "lesion nueva,nuova,nuova lesione,新規,新病変,新病灶,新发",
}))  # fmt: skip
"""What a lesion is to the line of therapy."""

_NODE = "node"
KINDS = MappingProxyType(
    {folded(str(kind)): kind for kind in Kind}
    | dict.fromkeys(_table({"": "solid,mass,lesion,knoten,nodulo,結節,结节"}), Kind.NODULE)
    | dict.fromkeys(
        _table({"": "lymph node,nodal,ln,lymphknoten,ganglion,ganglio,linfonodo,リンパ節,淋巴结"}),
        Kind.NODE,
    )
    | dict.fromkeys(_table({"": "pvt,pvtt,tumor thrombus,tumour thrombus,tumorthrombus,"
                                "thrombose,trombosis,trombo,腫瘍栓,癌栓"}), Kind.THROMBUS)
    | dict.fromkeys(_table({"": "ascites,pleural effusion,erguss,epanchement,derrame,versamento,"
                                "腹水,胸水"}), Kind.EFFUSION)
    | dict.fromkeys(_table({"": "diffuse,infiltrating,infiltrativ,diffus"}), Kind.INFILTRATIVE)
)  # fmt: skip
"""What kind of lesion a word names."""

_PLACES: dict[tuple[str, Kind | None, bool], str] = {
    (LIVER, Kind.NODULE, False): (
        "liver,hepatic,hepar,left lobe,right lobe,left liver lobe,right liver lobe,caudate lobe,"
        "liver right lobe,liver left lobe,leber,linker leberlappen,rechter leberlappen,foie,"
        "foie droit,foie gauche,higado,fegato,肝,肝臓,肝脏,肝右葉,肝左葉,肝右叶,肝左叶"
    ),
    ("lymph node", Kind.NODE, False): (
        "lymph node,lymph nodes,lymphnode,node,ln,lymphknoten,lk,ganglion,ganglions,"
        "ganglion lymphatique,ganglio,ganglio linfatico,ganglios,linfonodo,linfonodi,リンパ節,"
        "淋巴结"
    ),
    ("porta hepatis lymph node", Kind.NODE, True): (
        "porta hepatis,porta hepatis node,porta hepatis lymph node,porta hepatis ln,"
        "periportal node,periportal lymph node,periportal ln,hepatic hilum node,hepatic hilar node,"
        "hepatic hilum lymph node,hepatic hilar lymph node,leberhilus,lymphknoten leberhilus,"
        "leberpforte,ganglion du hile hepatique,hile hepatique,hilio hepatico,"
        "ganglio del hilio hepatico,ilo epatico,linfonodo dell'ilo epatico,肝門部リンパ節,"
        "肝门淋巴结,肝门部淋巴结"
    ),
    ("portal vein", Kind.THROMBUS, False): (
        "portal vein,portal vein branch,portal vein thrombus,portal vein tumor thrombus,"
        "portal vein tumour thrombus,pvt,pvtt,pfortader,pfortaderthrombose,veine porte,vena porta,"
        "門脈,门静脉,門脈腫瘍栓,门静脉癌栓"
    ),
    ("hepatic vein", Kind.THROMBUS, False): "hepatic vein,lebervene,veine hepatique,vena hepatica,"
    "vena suprahepatica,vena epatica,肝静脈,肝静脉",
    ("inferior vena cava", Kind.THROMBUS, False): "inferior vena cava,ivc,vena cava inferior,"
    "untere hohlvene,veine cave inferieure,vena cava inferiore,下大静脈,下腔静脉",
    ("ascites", Kind.EFFUSION, False): "ascites,aszites,ascite,peritoneal effusion,腹水",
    ("pleural effusion", Kind.EFFUSION, False): "pleural effusion,pleuraerguss,"
    "epanchement pleural,derrame pleural,versamento pleurico,胸水,胸腔积液",
    ("lung", None, False): "lung,lungs,left lung,right lung,pulmonary,lunge,poumon,pulmon,polmone,"
    "肺,肺部",
    ("bone", None, False): "bone,bones,skeleton,knochen,os,hueso,osso,骨,骨骼",
    ("adrenal gland", None, False): "adrenal gland,adrenal,adrenals,left adrenal,right adrenal,"
    "nebenniere,surrenale,glandula suprarrenal,suprarrenal,surrene,副腎,肾上腺",
    ("peritoneum", None, False): "peritoneum,peritoneal,omentum,bauchfell,peritoine,peritoneo,腹膜",
    ("pleura", None, False): "pleura,plevre,胸膜",
    ("spleen", None, False): "spleen,milz,rate,bazo,milza,脾,脾臓,脾脏",
    ("brain", None, False): "brain,gehirn,hirn,cerveau,cerebro,cervello,脳,脑",
    ("kidney", None, False): "kidney,niere,rein,rinon,rene,腎,腎臓,肾,肾脏",
    ("pancreas", None, False): "pancreas,pankreas,膵臓,胰腺",
    ("skin", None, False): "skin,haut,peau,piel,pelle,皮膚,皮肤",
    ("gallbladder", None, False): "gallbladder,gall bladder,gallenblase,vesicule biliaire,"
    "vesicula biliar,colecisti,胆嚢,胆囊",
}
ORGANS = MappingProxyType(
    {folded(word): place for place, words in _PLACES.items() for word in words.split(",")}
)
"""Where a lesion lies: organ, kind where the place tells it, and whether it is a hilar node."""

MEASURES = MappingProxyType(_table({
    "viable_mm": "viable,viable mm,enhancing,arterially enhancing,vital,viable diameter,"
    "enhancing diameter,mrecist,vitale,濃染,存活,强化",
    "longest_mm": "whole,longest,longest mm,ld,total,whole lesion,overall,recist,gesamt,entier,"
    "entero,intero,全体",
    "short_axis_mm": "short,short axis,short axis mm,sad,perpendicular,kurzachse,petit axe,"
    "eje corto,asse corto,短径,短轴",
    "plain": "size,diameter,length,long axis,grosse,durchmesser,taille,diametre,tamano,diametro,"
    "dimensione,大きさ,直径",
}))  # fmt: skip
"""What a row or a column of sizes measures; `plain`: it does not say."""

STATUSES = MappingProxyType({
    word: str(status) for status, words in {
        Status.NOT_EVALUABLE: (
            "ne,n e,nd,n d,not done,not assessable,not evaluable,inevaluable,unevaluable,"
            "not measurable,nicht beurteilbar,nicht auswertbar,n b,non evaluable,no evaluable,"
            "no valorable,non valutabile,評価不能,不可评价,无法评价"
        ),
        Status.ABSENT: (
            "absent,gone,resolved,cr,disappeared,not visible,not seen,verschwunden,"
            "nicht mehr nachweisbar,nicht nachweisbar,disparu,disparue,ausente,resuelta,"
            "desaparecida,scomparsa,assente,消失,なし"
        ),
        Status.TOO_SMALL: (
            "tstm,too small,too small to measure,<5,< 5,<5 mm,< 5 mm,<5mm,zu klein,trop petit,"
            "demasiado pequena,troppo piccola,過小,太小"
        ),
        Status.PRESENT: (
            "present,stable,persisting,persistent,unchanged,non cr non pd,non cr/non pd,vorhanden,"
            "stabil,unverandert,presente,stabile,persistant,あり,存在,稳定,不変"
        ),
        Status.PROGRESSED: (
            "pd,progressed,progression,unequivocal progression,progredient,progression,progresion,"
            "progredita,progressione,増悪,進行,进展"
        ),
    }.items() for word in map(folded, words.split(","))
})  # fmt: skip
"""What a word in a cell for a size says of the lesion."""

_DERIVED_WORDS = (
    "sum,sums,sld,total,totals,sum of diameters,sum of longest diameters,response,overall response,"
    "target response,change,percent change,change from baseline,change from nadir,nadir,"
    "best response,summe,summe der durchmesser,gesamt,ansprechen,veranderung,somme,reponse,"
    "variation,suma,total mm,respuesta,cambio,somma,totale,risposta,合計,効果判定,总和,合计,疗效"
)
DERIVED = frozenset(map(folded, _DERIVED_WORDS.split(",")))
"""What stands where a lesion should, in rows that are computed of others."""

_OF_PATIENT = (
    "afp,alpha fetoprotein,alfa fetoprotein,alpha foetoprotein,alphafetoprotein,afp l3,pivka,"
    "pivka ii,pivkaii,dcp,cea,ca 19 9,bilirubin,albumin,albi,child pugh,ecog,meld,bclc"
)
LABORATORY = frozenset(map(folded, _OF_PATIENT.split(",")))
"""What stands where a lesion should, in rows that are of the patient and not of a lesion."""

VISIT = re.compile(
    r"(?:baseline|bl|screening|scr|staging|pre|post|nadir|basis|ausgang|verlauf|kontrolle|wk|week|w|"
    r"woche|month|months|m|mo|monat|mois|semaine|semana|mes|mese|settimana|fu|follow up|followup|"
    r"visit|visite|visita|v|cycle|c|ct|mri|mrt|scan|exam|tp|timepoint|time point|controle|control|"
    r"controllo|end of treatment|eot|initial|unscheduled|ベースライン|治療前|治療後|"
    r"基线|治疗前|治疗后|"
    r"第 ?[0-9]+ ?[周回次])(?: (?:fu|follow up|treatment|tace|ct|mri|scan))?"
    r"(?: ?[0-9]{1,3})?(?: ?(?:d|day|weeks?|months?|wochen|monate) ?[0-9]{0,3})?"
)
"""A heading that names an examination without its date."""


@lru_cache(maxsize=1 << 16)
def heading_meaning(text: str) -> str | None:
    """The column that a heading names: one of ours, or `role`, `type`, `measure`, `size`...

    A unit is left out, and a number after a word for dates or sizes.
    """
    if text.lower().startswith(REPORTED_BY):
        return REPORTED_BY + text[len(REPORTED_BY) :].strip()
    without = folded(_UNIT.sub("", text.replace("_", " ")))
    for word in (folded(text), without):
        if word in _OWN or word in _HEADINGS:
            return _OWN.get(word) or _HEADINGS[word]
    found = _HEADINGS.get(_NUMBER_AT_END.sub("", without))
    return found if found in NUMBERED else None


def unit_said(text: str) -> str | None:
    """The unit that a heading ends in, or that a cell names."""
    found = _UNIT.search(text.replace("_", " "))
    return None if found is None else "cm" if found[1].lower().startswith("c") else "mm"


@lru_cache(maxsize=1 << 16)
def organ_named(text: str) -> tuple[str, Kind | None, bool] | None:
    """Organ, kind and hilum of a word for a place; `None` where it is unknown."""
    plain = folded(text)
    if plain in ORGANS:
        return ORGANS[plain]
    english = " ".join(_ENGLISH.get(word, word) for word in plain.replace("肝", "肝 ").split())
    if LIVER in (organ(text), organ(english)):
        return ORGANS[LIVER]
    return _qualified(plain)


def _qualified(plain: str) -> tuple[str, Kind | None, bool] | None:
    """The place of a text that names a node, an effusion or a vein among other words.

    Beside a vein only words that say which part of it: what lies near a vein is no thrombus.
    """
    around = f" {plain} "
    for phrase, place in _INSIDE:
        if f" {phrase} " in around:
            rest = set(around.replace(f" {phrase} ", " ").split())
            if place[1] is not Kind.THROMBUS or rest <= _OF_A_VEIN:
                return place
    return None


_ENGLISH = {
    word: english
    for english, words in {
        "liver": "leber,foie,higado,fegato,肝",
        "liver segment": "lebersegment",
        "liver lobe": "leberlappen",
        "segment": "segmento,segmente",
        "right": "rechts,rechter,rechte,droit,droite,derecho,destro",
        "left": "links,linker,linke,gauche,izquierdo,sinistro",
    }.items()
    for word in words.split(",")
}
_INSIDE = sorted(
    (each for each in ORGANS.items() if each[1][1] not in (None, Kind.NODULE)),
    key=lambda each: (each[1][1] is not Kind.NODE, -len(each[0])),
)
_OF_A_VEIN = frozenset((
    "left", "right", "main", "branch", "trunk", "tumor", "tumour", "thrombus", "thrombosis", "of",
    "the", "rechts", "links", "rechter", "linker", "hauptast", "ast", "stamm", "droite", "gauche",
    "branche", "tronc", "rama", "tronco", "ramo",
))  # fmt: skip


def is_known_word(text: str) -> bool:
    """Whether a text is a heading or another word of these tables that is not plain ASCII."""
    if text.isascii():
        return False
    plain = folded(text)
    return (
        heading_meaning(text) is not None or plain in ORGANS or plain in ROLES
        or plain in STATUSES or plain in DERIVED
    )  # fmt: skip
