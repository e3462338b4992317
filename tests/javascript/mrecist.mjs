// A small independent implementation of part of the rules, used to try out the conformance suite.
//
//   node mrecist.mjs CASE.json [--criteria mrecist|mrecist-5mm|recist-1.1]
//
// Reads one case (`mrecist-case/1`), prints one assessment (`mrecist-assessment/1`). It was written from the two
// contracts alone, the page of semantics and the page of documents; "section 4" below is a section of the former.
// Covered: windows and baselines, sizes, roles, totals, target and non-target response, new lesions, the response of a
// time point. Not covered, and absent from what is printed: best response, progression, exposure, rule ids, reasons,
// problems. A case is taken to be valid: nothing here looks for mistakes in it.
//
// It follows the first edition of the rules. Of the second it knows nothing: no visits of several examinations, no
// work-up of several days, no partial examinations, no lesions that split or merge or are treated on study, none that
// are unchanged or known from before, no viable size of other tumour of the liver, no verdict by named criteria, no
// treated cavity, no malignant pattern, no node that crossed the line, no effusion proved late.
//
// Every length is a whole number of micrometres, far below 2**53, so plain numbers are exact.

import { readFileSync } from "node:fs";

const MM = 1000;

// ---------------------------------------------------------------------------------------- section 1: the criteria

const MRECIST = {
  viable: true, // liver nodules by what is viable of them
  floor: 0, // least rise of the total, beside the fifth
  nodule: 10 * MM, // smallest target nodule
  targetNode: 15 * MM,
  targetHilar: 20 * MM,
  diseasedNode: 10 * MM,
  diseasedHilar: 20 * MM,
  hilarNeedsSize: true, // a porta hepatis node of unknown size is not taken for disease
  normalNode: 10 * MM, // a node below this is gone
  tooSmall: 5 * MM,
  hccRule: true, // how a new liver nodule comes to count
  cytology: true, // effusions need proof
  treatedMayBeTarget: true,
  perOrgan: 2,
  inAll: 5,
};

const CRITERIA = {
  "mrecist": MRECIST,
  "mrecist-5mm": { ...MRECIST, floor: 5 * MM },
  "recist-1.1": {
    ...MRECIST, viable: false, floor: 5 * MM, targetHilar: 15 * MM, diseasedHilar: 10 * MM, hilarNeedsSize: false,
    hccRule: false, cytology: false, treatedMayBeTarget: false,
  },
};

// ---------------------------------------------------------------------------------- numbers, dates, and the reading

const SIZES = new Set(["viable_mm", "longest_mm", "short_axis_mm"]);

// JSON.parse turns a number into a double. To keep the digits as they were written, the numbers under the size keys are
// put in quotes first; strings are matched whole, so that nothing inside one is touched.
function parseCase(text) {
  JSON.parse(text); // text that is not JSON fails here, before any change
  const keyed = /("[^"\\]*(?:\\.[^"\\]*)*")(?:(\s*:\s*)(-?\d[\d.eE+-]*))?/g;
  return JSON.parse(text.replace(keyed, (all, key, colon, number) =>
    number !== undefined && SIZES.has(JSON.parse(key)) ? `${key}${colon}"${number}"` : all));
}

// Decimal text in mm, to whole micrometres, half to even.
function micrometres(text) {
  if (text === undefined || text === null) return null;
  const [, sign, whole, fraction = "", exponent = "0"] =
    /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(String(text).trim());
  const digits = (whole + fraction).replace(/^0+/, "");
  const shift = Number(exponent) - fraction.length + 3;
  if (digits === "" || -shift > digits.length) return 0; // zero, or less than a tenth of a micrometre
  let value = BigInt(digits);
  if (shift >= 0) {
    value *= 10n ** BigInt(shift);
  } else {
    const unit = 10n ** BigInt(-shift);
    const rest = 2n * (value % unit);
    value /= unit;
    if (rest > unit || (rest === unit && value % 2n === 1n)) value += 1n;
  }
  return Number(sign ? -value : value);
}

const millimetres = (length) => (length === null ? null : length / MM);

// A study day is a day already; an ISO date becomes days since 1970.
const dayOf = (date) => (typeof date === "number" ? date : Date.parse(`${date}T00:00:00Z`) / 86_400_000);

const byDay = (a, b) => a.day - b.day;
const byId = (a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)); // order of code points

function readFinding(raw) {
  return {
    status: raw.status ?? "measured", // a finding without status has a size
    viable: micrometres(raw.viable_mm),
    longest: micrometres(raw.longest_mm),
    shortAxis: micrometres(raw.short_axis_mm),
    typical: raw.pattern === "typical",
    cytology: raw.cytology === "positive",
    biopsy: raw.biopsy === "positive",
    equivocal: raw.equivocal ?? false,
  };
}

function readLesion(raw) {
  const lesion = {
    id: raw.id,
    kind: raw.kind,
    organ: organOf(raw.organ),
    hilar: raw.hilar ?? false,
    enhancing: (raw.enhancement ?? "arterial") === "arterial",
    treated: raw.treated ?? false,
  };
  lesion.liverNodule = lesion.kind === "nodule" && lesion.organ === "liver"; // section 3
  return lesion;
}

function readTimepoint(raw) {
  return {
    date: raw.date,
    day: dayOf(raw.date),
    arterial: raw.arterial_phase ?? true,
    reported: raw.reported ?? null,
    findings: new Map(raw.findings.map((f) => [f.lesion, readFinding(f)])),
  };
}

// Section 3: two sides of a paired organ are one organ, and the liver is known by its words.
const SIDES = new Set(["left", "right", "both", "bilateral"]);
const SINGULAR = {
  "lungs": "lung", "kidneys": "kidney", "ovaries": "ovary", "breasts": "breast", "adrenals": "adrenal",
};
const LIVER = ["liver", "hepatic", "hepar"];
const SEGMENT = ["segment", "segments", "seg", "sgt"];
const LIVER_WORD = new RegExp("^(liver|hepatic|hepar|lobes?|segments?|seg|sgt|sector|caudate|quadrate|dome|parenchyma|" +
  "medial|lateral|anterior|posterior|superior|inferior|upper|lower|the|of|in|and)$");
const COUINAUD = /^([1-8]|4[ab]|i{1,3}|iv[ab]?|vi{0,3})$/;

function organOf(text) {
  const words = text.toLowerCase().replace(/[.,;:()\-/_]/g, " ").split(/\s+/).filter((word) => word && !SIDES.has(word));
  if (isLiver(words)) return "liver";
  return ` ${words.join(" ")} `.replace(/(?<= )adrenal glands?(?= )/g, "adrenal").trim().split(" ")
    .map((word) => Object.hasOwn(SINGULAR, word) ? SINGULAR[word] : word).join(" ");
}

function isLiver(words) {
  const has = (some) => words.some((word) => some.includes(word));
  const lettered = (word) => word.startsWith("s") && COUINAUD.test(word.slice(1));
  const known = (word) => LIVER_WORD.test(word) || COUINAUD.test(word) || lettered(word);
  if (!words.every(known) || (has(["upper", "lower"]) && !has(LIVER))) return false;
  const segment = has(SEGMENT) && words.some((word) => COUINAUD.test(word));
  return has(LIVER) || has(["caudate"]) || words.some(lettered) || segment;
}

// ------------------------------------------------------------------------------------------------ the case in hand

class Case {
  constructor(document, criteria) {
    this.c = criteria;
    this.lesions = document.lesions.map(readLesion);
    this.timepoints = document.timepoints.map(readTimepoint).sort(byDay);
    this.lines = document.lines.map((raw) => ({ raw, day: dayOf(raw.start) })).sort(byDay);
  }

  assess() {
    return this.lines.map((_, k) => this.assessLine(k));
  }

  // ------------------------------------------------------------------------------------------ section 2: windows

  window(k) {
    const { raw, day } = this.lines[k];
    const baseline = raw.baseline !== undefined && raw.baseline !== null
      ? this.timepoints.find((t) => t.day === dayOf(raw.baseline))
      : this.timepoints.findLast((t) => t.day <= day);
    const after = baseline ? baseline.day : -Infinity;
    const until = k + 1 < this.lines.length ? this.lines[k + 1].day : Infinity;
    return { baseline: baseline ?? null, followups: this.timepoints.filter((t) => t.day > after && t.day <= until) };
  }

  // -------------------------------------------------------------------------------------------- section 3: sizes

  byViable(lesion) {
    return this.c.viable && lesion.liverNodule && lesion.enhancing;
  }

  // Nothing seen of the lesion at this time point, whatever was written of it (steps 1 and 2).
  unseen(lesion, t) {
    const finding = t.findings.get(lesion.id);
    return !finding || finding.status === "not evaluable" || (this.byViable(lesion) && !t.arterial);
  }

  // The size in micrometres; null where it is not evaluable or not known.
  size(lesion, t) {
    if (this.unseen(lesion, t)) return null;
    const finding = t.findings.get(lesion.id);
    if (finding.status === "absent") return 0;
    if (finding.status === "too small") return this.c.tooSmall;
    if (lesion.kind === "node") return finding.shortAxis;
    return this.byViable(lesion) ? finding.viable : finding.longest;
  }

  gone(lesion, size) {
    return size === 0 || (size !== null && lesion.kind === "node" && size < this.c.normalNode);
  }

  needsProof(lesion) {
    return this.c.cytology && lesion.kind === "effusion";
  }

  // Positive cytology on or before this day, anywhere in the case: the one thing that crosses windows (section 2).
  proven(lesion, day) {
    return this.timepoints.some((t) => t.day <= day && t.findings.get(lesion.id)?.cytology);
  }

  // -------------------------------------------------------------------------------------------- section 4: roles

  smallestDiseased(node) {
    return node.hilar ? this.c.diseasedHilar : this.c.diseasedNode;
  }

  smallestTarget(lesion) {
    if (lesion.kind !== "node") return this.c.nodule;
    return lesion.hilar ? this.c.targetHilar : this.c.targetNode;
  }

  diseased(lesion, baseline) {
    const finding = baseline.findings.get(lesion.id);
    if (!finding || finding.status === "absent") return false;
    const size = this.size(lesion, baseline);
    if (size === 0) return false;
    if (lesion.kind === "node") {
      if (size !== null) return size >= this.smallestDiseased(lesion);
      if (lesion.hilar && this.c.hilarNeedsSize) return false;
      return finding.status === "present" || finding.status === "progressed";
    }
    return !this.needsProof(lesion) || this.proven(lesion, baseline.day);
  }

  known(lesion, baseline) {
    return baseline.findings.get(lesion.id)?.status === "not evaluable" || this.diseased(lesion, baseline);
  }

  mayBeTarget(lesion, baseline) {
    if (lesion.kind !== "nodule" && lesion.kind !== "node") return false;
    if (lesion.treated && !this.c.treatedMayBeTarget) return false;
    if (!this.diseased(lesion, baseline)) return false;
    const finding = baseline.findings.get(lesion.id);
    const size = this.size(lesion, baseline);
    return finding.status === "measured" && !finding.equivocal && size !== null && size >= this.smallestTarget(lesion);
  }

  chooseTargets(lesions, baseline) {
    const largerFirst = (a, b) => this.size(b, baseline) - this.size(a, baseline) || byId(a, b);
    const organs = new Map(); // all nodes together are one organ
    for (const lesion of lesions.filter((l) => this.mayBeTarget(l, baseline)).sort(largerFirst)) {
      const organ = lesion.kind === "node" ? "node" : `organ ${lesion.organ}`;
      organs.set(organ, [...(organs.get(organ) ?? []), lesion]);
    }
    const chosen = [];
    for (let rank = 0; rank < this.c.perOrgan; rank++) { // the leaders of the organs, then their seconds
      const round = [...organs.values()].flatMap((inOrgan) => inOrgan.slice(rank, rank + 1)).sort(largerFirst);
      chosen.push(...round.slice(0, this.c.inAll - chosen.length));
    }
    return new Set(chosen);
  }

  roles(raw, baseline) {
    const named = (ids) => ids && new Set(this.lesions.filter((l) => ids.includes(l.id)));
    let targets = named(raw.targets ?? null);
    let nontargets = named(raw.nontargets ?? null);
    targets ??= baseline
      ? this.chooseTargets(this.lesions.filter((l) => !nontargets?.has(l)), baseline)
      : new Set();
    nontargets ??= new Set(this.lesions.filter((l) => baseline && !targets.has(l) && this.known(l, baseline)));
    const inOrder = (role) => this.lesions.filter((l) => role.has(l)); // the order of the case
    return { targets: inOrder(targets), nontargets: inOrder(nontargets) };
  }

  // ------------------------------------------------------------------------- section 5: totals, and both responses

  total(targets, t) {
    const sizes = targets.map((l) => this.size(l, t)).filter((size) => size !== null);
    return {
      sum: sizes.length ? sizes.reduce((a, b) => a + b) : null,
      complete: sizes.length === targets.length,
    };
  }

  targetResponse(targets, t, { sum, complete }, baseTotal, nadir) {
    if (targets.length === 0) return "NONE";
    if (baseTotal === null) return "NE";
    const rose = sum !== null && 5 * sum >= 6 * nadir && sum > nadir && sum - nadir >= this.c.floor;
    if (!complete) return rose ? "PD" : "NE";
    if (targets.every((l) => this.gone(l, this.size(l, t)))) return "CR";
    if (rose) return "PD";
    return 10 * sum <= 7 * baseTotal ? "PR" : "SD";
  }

  nontargetState(lesion, t) {
    if (this.unseen(lesion, t)) return "not evaluable";
    const { status } = t.findings.get(lesion.id);
    const size = this.size(lesion, t);
    if (size === null && status === "measured") return "not evaluable";
    if (this.gone(lesion, size)) return "gone";
    const counts = !this.needsProof(lesion) || this.proven(lesion, t.day);
    return status === "progressed" && counts ? "progressed" : "persisting";
  }

  nontargetResponse(nontargets, t) {
    if (nontargets.length === 0) return "NONE";
    const states = nontargets.map((l) => this.nontargetState(l, t));
    if (states.includes("progressed")) return "PD";
    if (states.includes("not evaluable")) return "NE";
    return states.includes("persisting") ? "NON-CR/NON-PD" : "CR";
  }

  // -------------------------------------------------------------------------------------- section 6: new lesions

  // An effusion already there at baseline, without proof that it is malignant.
  unprovenAtBaseline(lesion, baseline) {
    const status = baseline.findings.get(lesion.id)?.status;
    return this.needsProof(lesion) && status !== undefined && status !== "absent";
  }

  detected(lesion, t, baseline) {
    const finding = t.findings.get(lesion.id);
    if (!finding || finding.status === "absent" || finding.status === "not evaluable") return false;
    if (this.unprovenAtBaseline(lesion, baseline) && finding.status !== "progressed") return false;
    const size = this.size(lesion, t);
    if (size === 0) return false;
    if (lesion.kind !== "node") return true;
    return size === null ? !(lesion.hilar && this.c.hilarNeedsSize) : size >= this.smallestDiseased(lesion);
  }

  // The whole nodule where it was measured: the HCC rule is not about its viable part.
  wholeSize(finding) {
    return finding.status === "too small" ? this.c.tooSmall : finding.longest ?? finding.viable;
  }

  confirms(lesion, t, first, baseline) {
    const finding = t.findings.get(lesion.id);
    if (!finding) return false;
    if (this.c.hccRule && lesion.liverNodule) {
      const size = this.wholeSize(finding);
      const atFirst = this.wholeSize(first.findings.get(lesion.id));
      const typical = finding.typical && size !== null && size >= 10 * MM;
      const grown = size !== null && atFirst !== null && size - atFirst >= 10 * MM;
      return typical || grown || finding.biopsy;
    }
    if (this.needsProof(lesion)) return finding.cytology;
    return this.detected(lesion, t, baseline) && !finding.equivocal;
  }

  // For each candidate that shows up: where first, and whether it ever comes to count.
  candidates(baseline, followups, targets, nontargets) {
    return this.lesions
      .filter((l) => !targets.includes(l) && !nontargets.includes(l) && !this.known(l, baseline))
      .flatMap((lesion) => {
        const first = followups.find((t) => this.detected(lesion, t, baseline));
        if (!first) return [];
        const counts = followups.some((t) => t.day >= first.day && this.confirms(lesion, t, first, baseline));
        return [{ lesion, first, counts }];
      });
  }

  newLesion(candidates, t, baseline, recurred) {
    if (recurred || candidates.some(({ first, counts }) => counts && t.day >= first.day)) return "YES";
    return candidates.some(({ lesion }) => this.detected(lesion, t, baseline)) ? "EQUIVOCAL" : "NO";
  }

  // Any target or non-target that is evaluable and not gone.
  someDisease(targets, nontargets, t) {
    const left = (lesion) => {
      const size = this.size(lesion, t);
      return size !== null && !this.gone(lesion, size);
    };
    return targets.some(left) ||
      nontargets.some((l) => ["persisting", "progressed"].includes(this.nontargetState(l, t)));
  }

  // ------------------------------------------------------------------------------------------- a line, in date order

  assessLine(k) {
    const { raw, day } = this.lines[k];
    const { baseline, followups } = this.window(k);
    const { targets, nontargets } = this.roles(raw, baseline);
    const head = {
      line: k + 1, agents: raw.agents, start: raw.start, baseline: baseline ? baseline.date : null,
      targets: targets.map((l) => l.id), nontargets: nontargets.map((l) => l.id),
    };
    if (!baseline) { // section 2, last point
      const timepoints = followups.map((t) => ({
        date: t.date, day: t.day - day, total_mm: null, nadir_mm: null,
        target: "NE", nontarget: "NE", new_lesion: "NO", ...verdict("NE", t.reported),
      }));
      return { ...head, baseline_total_mm: null, timepoints };
    }

    const atBaseline = this.total(targets, baseline);
    const baseTotal = atBaseline.complete && atBaseline.sum !== 0 ? atBaseline.sum : null;
    const candidates = this.candidates(baseline, followups, targets, nontargets);
    let nadir = baseTotal;
    let latest = null; // the latest response that is not NE
    const timepoints = [];
    for (const t of followups) {
      const total = this.total(targets, t);
      const target = this.targetResponse(targets, t, total, baseTotal, nadir);
      const nontarget = this.nontargetResponse(nontargets, t);
      const recurred = latest === "CR" && this.someDisease(targets, nontargets, t);
      const newLesion = this.newLesion(candidates, t, baseline, recurred);
      const judged = verdict(overall(target, nontarget, newLesion), t.reported);
      timepoints.push({
        date: t.date, day: t.day - day, total_mm: millimetres(total.sum), nadir_mm: millimetres(nadir),
        target, nontarget, new_lesion: newLesion, ...judged,
      });
      // This total is a reference for later time points only, and only where no target is missing.
      if (nadir !== null && total.complete) nadir = Math.min(nadir, total.sum);
      if (judged.response !== "NE") latest = judged.response;
    }
    return { ...head, baseline_total_mm: millimetres(baseTotal), timepoints };
  }
}

// ---------------------------------------------------------------------------- section 7: the response of a time point

function overall(target, nontarget, newLesion) {
  if (newLesion === "YES" || target === "PD" || nontarget === "PD") return "PD";
  if (target === "CR") return nontarget === "CR" || nontarget === "NONE" ? "CR" : "PR";
  if (target !== "NONE") return target; // PR, SD, NE
  return nontarget === "NONE" ? "NED" : nontarget;
}

function verdict(computed, reported) {
  const ungraded = ["NE", "NED", "NON-CR/NON-PD"].includes(computed);
  if (ungraded && reported !== null && reported !== "NE") {
    return { computed, reported, agrees: null, response: reported, source: "reported" };
  }
  const agrees = reported === null ? null : reported === computed;
  return { computed, reported, agrees, response: computed, source: "computed" };
}

// ------------------------------------------------------------------------------------------------------ command line

function main(args) {
  const usage = "usage: node mrecist.mjs CASE.json [--criteria mrecist|mrecist-5mm|recist-1.1]";
  const at = args.indexOf("--criteria");
  const [, criteria] = at < 0 ? [null, "mrecist"] : args.splice(at, 2);
  if (args.length !== 1 || !Object.hasOwn(CRITERIA, criteria ?? "")) {
    console.error(usage);
    return 2;
  }
  const text = readFileSync(args[0], "utf8");
  let document;
  try {
    document = parseCase(text);
  } catch {
    return 1;
  }
  if (document?.format !== "mrecist-case/1") return 0; // not a case: nothing to say
  const lines = new Case(document, CRITERIA[criteria]).assess();
  console.log(JSON.stringify({ format: "mrecist-assessment/1", patient: document.patient, criteria, lines }));
  return 0;
}

process.exitCode = main(process.argv.slice(2));
