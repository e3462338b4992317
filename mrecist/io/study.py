"""A study as tables, wherever it was read from: findings, lines, procedures, markers, and the rest.

    study = mrecist.io.read_sdtm("study/", reader="INVESTIGATOR")
    study.assess("mrecist").lines

Nothing clinical is decided here. What was not read as it stands is listed in `problems`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import attrs
import numpy as np

from .._base.text import several
from .._base.words import Measure
from ..cohort.adam_rows import Origin
from ..cohort.asked import AnyCriteria, Asked, asked_for
from ..cohort.engine import assess_read
from ..cohort.kept import asked_names, read_kept, without_kept
from ..cohort.one_patient import patient_of
from ..cohort.responses import Responses
from ..documents.case import to_case
from ..model import Marker, Patient
from ..rulebook.adam import category
from ..rulebook.criteria import MRECIST, Criteria, criteria_named
from ..tables import intake
from ..tables.files import spare_inputs
from ..tables.intake import Read, told
from ..tables.mistakes import CohortError
from ..tables.plain_columns import columns_of
from ..tables.reader import named
from .errors import AskError
from .problems import Notes, table
from .sized_nodules import sized_nodules
from .study_rows import labelled, of_reader, whose
from .tables_out import write_tables

if TYPE_CHECKING:
    from ..cohort.immune_responses import ImmuneResponses
    from ..cohort.lesion_responses import LesionResponses
    from ..rulebook.immune_criteria import ImmuneCriteria
    from ..rulebook.lesion_criteria import LesionCriteria
    from ..tables.kinds import Arrays
    from .sdtm_out import Sdtm

__all__ = ["DECISION_COLUMNS", "MARKER_COLUMNS", "REPORTED_COLUMNS", "STATUS_COLUMNS", "Study"]

Frame = Mapping[str, Any]
MARKER_COLUMNS = ("patient", "date", "name", "value", "unit")
DECISION_COLUMNS = ("patient", "line", "date", "accepted")
REPORTED_COLUMNS = ("patient", "reader", "date", "test", "criteria", "response", "source", "row")
STATUS_COLUMNS = ("patient", "date", "code", "display", "source")
_EMPTY = Notes()
_KINDS = ("csv", "parquet")


@attrs.frozen(eq=False, repr=False)
class Study:
    """The tables of a study, each a mapping of columns.

    `findings`, `lines` and `procedures` are those that `assess_cohort` takes; `markers` are
    laboratory values, `reported` every verdict that came with the data, `status` what a clinician
    said of the course, which is no verdict, `decisions` whose reading of a line was accepted.
    `problems` lists what was left out or read in a way to know of (patient, source, row, code,
    detail), `errors` the mistakes of patients who are not judged. `readers`: who read the images.
    `files`: those that it was read from, which `write` spares. `origin`: the identifier of the
    study, and the results that findings were read from.
    """

    source: str
    findings: Frame
    lines: Frame | None = None
    procedures: Frame | None = None
    markers: Frame = attrs.field(factory=partial(table, MARKER_COLUMNS), kw_only=True)
    reported: Frame = attrs.field(factory=partial(table, REPORTED_COLUMNS), kw_only=True)
    status: Frame = attrs.field(factory=partial(table, STATUS_COLUMNS), kw_only=True)
    decisions: Frame = attrs.field(factory=partial(table, DECISION_COLUMNS), kw_only=True)
    problems: Frame = attrs.field(factory=_EMPTY.problem_table, kw_only=True)
    errors: Frame = attrs.field(factory=_EMPTY.error_table, kw_only=True)
    readers: Sequence[str] = attrs.field(default=(), kw_only=True)
    origin: Origin = attrs.field(factory=Origin, kw_only=True)
    files: Sequence[str] = attrs.field(default=(), kw_only=True)

    @classmethod
    def of_tables(
        cls, findings: Any, lines: Any = None, procedures: Any = None, markers: Any = None
    ) -> Study:
        """The study that tables hold: mappings of columns, or frames of any kind.

        Args:
            findings: One row per finding, as for `assess_cohort`.
            lines: One row per line of therapy.
            procedures: One row per local treatment.
            markers: One row per laboratory value.

        Returns:
            The study, of as many readers as the column `reader` names.
        """
        own = columns_of(findings)
        others = (None if each is None else columns_of(each) for each in (lines, procedures))
        readers = tuple(dict.fromkeys(own.get("reader", ())))
        study = cls("tables", own, *others, readers=readers)
        return study if markers is None else attrs.evolve(study, markers=columns_of(markers))

    @classmethod
    def of_cases(cls, documents: Iterable[Any]) -> Study:
        """The study that case documents, or charts, hold; dose events are not kept.

        Where they name readers, each case is one reader's, and the tables have a column `reader`,
        as `assess_readings` takes them.

        Args:
            documents: Case documents as plain values, or charts.

        Returns:
            The study.

        Raises:
            CaseError: A document that is not valid, or one patient twice; where cases name readers,
                one patient and reader twice, or facts that differ from reader to reader.
        """
        from .of_charts import tables_of

        findings, lines, procedures, markers = tables_of(documents)
        readers = tuple(dict.fromkeys(findings.get("reader", ())))
        return cls("cases", findings, lines, procedures, markers=markers, readers=readers)

    def reading(self, reader: str) -> Study:
        """The part of one reader, where the tables hold several.

        Args:
            reader: The name of the reader.

        Returns:
            A study of this reader alone, with the facts that all readers share.

        Raises:
            ValueError: There is no such reader, or no column `reader`.
        """
        if "reader" not in self.findings:
            raise ValueError("the study has one reader: there is no column reader")
        if reader not in self.readers:
            raise ValueError(f"there is no reader {reader!r} among {', '.join(self.readers)}")
        lines = of_reader(self.lines, reader, shared=True)
        return attrs.evolve(
            self,
            findings=of_reader(self.findings, reader),
            lines=lines,
            procedures=of_reader(self.procedures, reader, or_none=True),
            readers=[reader],
        )

    # ---- judged

    @overload
    def assess(  # type: ignore[overload-overlap]
        self,
        criteria: LesionCriteria | Literal["lr-tr-2018", "lr-tr-2024", "recicl"],
        *,
        errors: str = "raise",
        keep: Iterable[str] = (),
        patients: Any = None,
    ) -> LesionResponses[Arrays]: ...

    @overload
    def assess(  # type: ignore[overload-overlap]
        self,
        criteria: ImmuneCriteria | Literal["irecist", "imrecist-hcc", "imrecist"],
        *,
        errors: str = "raise",
        keep: Iterable[str] = (),
        patients: Any = None,
    ) -> ImmuneResponses: ...

    @overload
    def assess(
        self,
        criteria: Criteria | str = MRECIST,
        *,
        errors: str = "raise",
        keep: Iterable[str] = (),
        patients: Any = None,
    ) -> Responses: ...

    def assess(
        self,
        criteria: AnyCriteria = MRECIST,
        *,
        errors: str = "raise",
        keep: Iterable[str] = (),
        patients: Any = None,
    ) -> Responses | LesionResponses[Arrays] | ImmuneResponses:
        """Every verdict on the study: `assess_cohort` on its tables.

        Args:
            criteria: As for `assess_cohort`.
            errors: `"raise"` raises every mistake; `"collect"` judges all patients without a
                mistake, and lists the mistakes, also those of the data as they came, in
                `Responses.errors`.
            keep: Further columns of `lines` or `patients`, as for `assess_cohort`.
            patients: One row per patient, for `keep`; a table without the column `patient`, such as
                DM or ADSL, is read by USUBJID.

        Returns:
            The verdicts as tables of arrays, of the kind that `assess_cohort` gives.

        Raises:
            AskError: The criteria measure viable tumour and no liver nodule of the study has a
                viable size, or the study has several readers.
            CohortError: Mistakes, every one.
            CriteriaError: Criteria that are not known.
        """
        asked = asked_for(criteria)
        if errors not in ("raise", "collect"):
            raise ValueError(f'errors must be "raise" or "collect", got {errors!r}')
        if "reader" in self.findings:
            what = f"the study has {several(len(self.readers), 'reader')}"
            raise AskError(
                f"{what}, each judged alone: judge all by assess_readings, or one of them",
                f'study.reading("{self.readers[0]}")',
                f"--reader '{self.readers[0]}'",
            )
        names = asked_names(keep)
        kept = read_kept(self.lines, None if patients is None else whose(patients), names)
        data = kept.noted(self._read(without_kept(self.lines, names)))
        if asked.by_lesion is None and asked.beneath.liver_nodule_size is Measure.VIABLE:
            self._ask_what_is_measured(data, asked)
        panel = asked.carried(kept, data, assess_read(data, asked.beneath, asked.immune))
        if errors == "raise" and len(data.mistakes):
            raise CohortError(list(told(data)))
        return asked.answer(data, panel, origin=self.origin)

    def _read(self, lines: Any = None) -> Read:
        """The tables read, with the mistakes of the data as they came among those of the tables."""
        lines = self.lines if lines is None else lines
        data = intake.read(self.findings, lines, self.procedures)
        places = {str(name): place for place, name in enumerate(data.patients.ids.tolist())}
        owners = data.owner("patient", np.arange(len(data.findings.day)))
        columns = (self.errors[name] for name in ("patient", "source", "row", "error"))
        for patient, source, row, message in zip(*columns, strict=True):
            place = places.get(named(patient) or "", -2)
            rows = np.flatnonzero(owners == place)[:1]
            where = source if row is None else f"{source} row {row}"
            data.mistakes.add(rows, "patient", f"{message} ({where})")
            data.patients.refused[owners[rows]] = True
        return data

    def _ask_what_is_measured(self, data: Read, criteria: Asked) -> None:
        sized, viable, patients = sized_nodules(data)
        if sized and not viable:
            what = f"{several(sized, 'liver nodule')} of {several(patients, 'patient')}"
            verb = "has a plain diameter" if sized == 1 else "have plain diameters"
            raise AskError(
                f"{what} {verb} only, and {criteria.name} measures viable tumour: assess by "
                "recist-1.1, or, if these are of the enhancing part",
                'measures="viable"',
                "--measures viable",
            )

    # ---- one patient

    def cases(self) -> Iterator[dict[str, Any]]:
        """The case document of each patient without a mistake, in the order of the findings.

        Of several readers one after the other; each case then names its reader.
        """
        return map(to_case, self.charts())

    def charts(self) -> Iterator[Patient]:
        """The charts of `patients`, with the markers."""
        markers = self._markers()
        for patient in self.patients():
            yield attrs.evolve(patient, markers=markers.get(patient.id, ()))

    def patients(self) -> Iterator[Patient]:
        """The chart of each patient without a mistake, of several readers one after the other."""
        if "reader" in self.findings:
            for reader in self.readers:
                own = self.reading(reader)
                read = set(map(str, own.findings["patient"]))
                for patient in own.patients():
                    if patient.id in read:
                        yield attrs.evolve(patient, reader=reader)
            return
        data = self._read()
        assess_read(data, MRECIST)  # which finds the mistakes that only charts show
        labels = self._labels()
        for place in np.flatnonzero(~data.patients.refused).tolist():
            patient = patient_of(data, place)
            said = labels.get(patient.id)
            yield patient if said is None else labelled(patient, said)

    def _labels(self) -> dict[str, dict[str, str]]:
        """What the findings say of lesions in free text, by patient and lesion."""
        if "label" not in self.findings:
            return {}
        labels: dict[str, dict[str, str]] = {}
        columns = (self.findings[name] for name in ("patient", "lesion", "label"))
        for patient, lesion, label in zip(*columns, strict=True):
            said = named(label)
            if said is not None:
                labels.setdefault(named(patient) or "", {}).setdefault(named(lesion) or "", said)
        return labels

    def _markers(self) -> dict[str, list[Marker]]:
        markers: dict[str, list[Marker]] = {}
        columns = (self.markers[name] for name in MARKER_COLUMNS)
        for patient, *values in zip(*columns, strict=True):
            markers.setdefault(str(patient), []).append(Marker(*values))
        return markers

    # ---- written

    def to_sdtm(
        self,
        *,
        study: str | None = None,
        computed_rs: bool = False,
        criteria: Criteria | str = MRECIST,
    ) -> Sdtm:
        """What was collected as SDTM data sets, of the patients without a mistake.

        Args:
            study: The identifier of the study, where it is not that of the data.
            computed_rs: Whether to add to RS the response of each follow-up of each line (RSGRPID)
                that is computed: derived records (RSDRVFL) with RSCAT as in ADaM and no evaluator,
                which `read_sdtm` leaves out.
            criteria: By what responses are computed.

        Returns:
            The data sets, and in `unsaid` what they cannot say.

        Raises:
            ValueError: Patients whose dates are study days.
            AskError: What `assess` asks, where responses are to be computed: of several readers,
                each is judged alone.
        """
        from .sdtm_out import sdtm_of

        computed = self._computed(criteria) if computed_rs else None
        names = (self.decisions[name] for name in DECISION_COLUMNS)
        accepted = {(str(patient), str(reader), int(line) if date is None else str(date))
                    for patient, line, date, reader in zip(*names, strict=True)}  # fmt: skip
        return sdtm_of(self._charts(), study or self.origin.study, self.files, accepted, computed)

    def _computed(
        self, criteria: Criteria | str
    ) -> dict[str, dict[str, list[tuple[int, str, str]]]]:
        """By patient and date, the line, the category and the word of each computed response."""
        criteria = criteria_named(criteria)
        found = self.assess(criteria, errors="collect").timepoints
        made: dict[str, dict[str, list[tuple[int, str, str]]]] = {}
        columns = (found[name] for name in ("patient", "date", "line", "computed"))
        for patient, date, line, word in zip(*columns, strict=True):
            told = (int(line), category(criteria), word)
            made.setdefault(str(patient), {}).setdefault(str(date), []).append(told)
        return made

    def _charts(self) -> Iterator[tuple[str | None, Patient]]:
        """The charts of every reader, each with its reader."""
        only = self.readers[0] if len(self.readers) == 1 else None
        return ((chart.reader or only, chart) for chart in self.charts())

    def write(self, folder: str | os.PathLike[str], kind: str = "csv") -> list[str]:
        """Write each table that has rows, and `problems`, into a folder; return the paths written.

        Args:
            folder: Where the files go; made where it is not there.
            kind: `"csv"` or `"parquet"`.

        Returns:
            One path per table.

        Raises:
            TableFileError: A file that the study was read from would be written over; nothing is
                written.
            ValueError: Another kind.
        """
        if kind not in _KINDS:
            raise ValueError(f'kind must be "csv" or "parquet", got {kind!r}')
        made = {}
        for name in (
            "findings",
            "lines",
            "procedures",
            "markers",
            "reported",
            "status",
            "decisions",
            "problems",
            "errors",
        ):
            columns = getattr(self, name)
            rows = 0 if columns is None else len(columns["patient"])
            if rows or name in ("findings", "problems"):
                made[os.path.join(folder, f"{name}.{kind}")] = columns
        spare_inputs(made, self.files)
        Path(folder).mkdir(parents=True, exist_ok=True)
        write_tables(made)
        return [*made]

    def __repr__(self) -> str:
        told = [several(len(set(self.findings["patient"])), "patient")]
        lines = 0 if self.lines is None else len(self.lines["patient"])
        told += [several(lines, "line")] * bool(lines)
        dates = zip(self.findings["patient"], self.findings["date"], strict=True)
        told.append(several(len(set(dates)), "time point"))
        problems, errors = len(self.problems["patient"]), len(self.errors["patient"])
        told += [several(problems, "problem")] * bool(problems)
        told += [several(errors, "error")] * bool(errors)
        return f"<Study from {self.source}: {', '.join(told)}>"
