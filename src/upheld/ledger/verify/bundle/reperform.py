"""Running the queries of a bundle on its own rows, in a process of its own, and holding what comes out against the ledger.

Nothing but the PyPI package duckdb is needed. The SQL is a stranger's: see `engine.py` for what it may not do.
"""

import json
import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from upheld.ledger.verify.bundle import deciding, engine, judgements, parameters, rows
from upheld.ledger.verify.bundle.bundle import Bundle
from upheld.ledger.verify.bundle.deciding import Counts
from upheld.ledger.verify.bundle.engine import Limits, Question, Table, Tally
from upheld.ledger.verify.bundle.evidence import MAX_TEXT_BYTES, Evidence
from upheld.ledger.verify.bundle.judgements import Judgement
from upheld.ledger.verify.bundle.measures import Measure
from upheld.ledger.verify.layout import Unreadable
from upheld.ledger.verify.report import Rejected

SAME, DIFFERS, CANNOT = "same", "differs", "cannot"


@dataclass
class Reperformed:
    """What came of judging again: `same`, `differs`, or `cannot` be done; `why` says what differs, or why not."""

    measure: str
    as_of: str
    state: str
    result: str
    why: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return it as a line for people."""
        shown = {SAME: "same      ", DIFFERS: "DIFFERS   ", CANNOT: "CANNOT    "}[self.result]
        return f"  {shown}{self.measure} as of {self.as_of}: {self.state}" + "".join(f"\n            {why}" for why in self.why)


def reperform(bundle: Bundle, limits: Limits | None = None) -> list[Reperformed]:
    """Return what came of judging again each judgement of the bundle, which `bundle.verify` has read."""
    found = []
    by_instant: dict[datetime, list[Judgement]] = {}
    for each in bundle.verdicts.all:
        by_instant.setdefault(each.as_of, []).append(each)
    for as_of in sorted(by_instant):
        found += _at(bundle, as_of, by_instant[as_of], limits)
    return sorted(found, key=lambda each: (each.measure, each.as_of))


def _at(bundle: Bundle, as_of: datetime, judged: Sequence[Judgement], limits: Limits | None) -> list[Reperformed]:
    asked = {each.measure.id: _question(bundle, each) for each in judged}
    questions = [each for each in asked.values() if isinstance(each, Question)]
    tables = _tables(bundle.evidence, as_of, judged) if questions else []
    answers = _answers(tables, questions, limits or Limits().fitting(tables)) if questions else {}
    return [_compared(each, asked[each.measure.id], answers) for each in judged]


def _question(bundle: Bundle, judged: Judgement) -> Question | str:
    """Return what to run for a judgement, or why it cannot be run; "" where nothing ran then either."""
    if judged.lacking:
        return judged.lacking
    if not judged.counts.ran:
        return ""
    evidence = bundle.evidence
    derived = _derived(judged, evidence)
    held = [evidence.rows[key] for each in judged.evidence if (key := (each.table, each.source)) in evidence.rows]
    lost = [f"{count:,} rows of {each.table} from {each.source} were {why}" for each in held for why, count in each.untold.items()]
    lost = [each for each in lost if not each.endswith("masked")]
    lost += [f"{name} is computed by Python of the product" for name in derived if evidence.derived[name][1] is None]
    if lost:
        return "; ".join(lost)
    query = parameters.filled(judged.measure.query, judged.parameters, judged.as_of)
    made = [(name, parameters.filled(evidence.derived[name][1] or "", (), judged.as_of)) for name in derived]
    ran = _read(bundle, judged.ran) if judged.ran else ""
    excepted = tuple(sorted(subject for subject, until in judged.exceptions.items() if until > judged.as_of))
    return Question(judged.measure.id, query, ran, tuple(made), excepted, tuple(tuple(sorted(gap.items())) for gap in judged.gaps))


def _derived(judged: Judgement, evidence: Evidence) -> list[str]:
    """Return the derived tables that a judgement was made on, in the order of computing."""
    wanted = {of.removeprefix("derived ") for of in judged.digests if of.startswith("derived ")}
    queue = list(wanted)
    while queue:
        more = {name for name in evidence.contracts[queue.pop()].inputs if name in evidence.derived} - wanted
        wanted |= more
        queue += more
    return [name for name in evidence.derived if name in wanted]


def _read(bundle: Bundle, path: str) -> str:
    try:
        return bundle.layout.read(path, MAX_TEXT_BYTES).decode("utf-8")
    except (Unreadable, UnicodeDecodeError) as error:
        raise Rejected(f"{path} cannot be read: {error}") from error


def _tables(evidence: Evidence, as_of: datetime, judged: Sequence[Judgement]) -> list[Table]:
    """Return the tables as of `as_of`: those that these judgements have evidence of, and empty those that they may do without."""
    known = {(piece.table, piece.source) for each in judged for piece in each.evidence}
    spared = {name for each in judged for name in evidence.bases(_optional(each.measure, evidence))}
    found = []
    for name in sorted({table for table, _ in known} | (spared & evidence.contracts.keys())):
        held = [evidence.rows[key] for key in sorted(known) if key[0] == name and key in evidence.rows]
        now = [values for each in held for values in rows.standing(each, as_of)]
        whole = all((name, each.source) in evidence.through_time for each in held)
        past = [values for each in held for values in rows.through_time(each, as_of)] if whole else None
        found.append(Table(evidence.contracts[name], now, past))
    return found


def _optional(measure: Measure, evidence: Evidence) -> list[str]:
    return [name for name in measure.optional if name in evidence.contracts]


def _answers(tables: Sequence[Table], questions: Sequence[Question], limits: Limits) -> dict[str, Tally]:
    """Ask `questions` in a process of its own, which a crash, a hang or a flood of memory ends and nothing else."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return _all(questions, dict(engine.run(tables, questions, limits)))
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, tables, questions, limits), daemon=True)
    process.start()
    theirs.close()
    answers: dict[str, Tally] = {}
    try:
        for _ in range(len(questions) + 1):
            if not ours.poll(limits.load_seconds if not answers else limits.seconds * 4 + 10):
                break
            said: dict[str, Any] = json.loads(ours.recv_bytes(limits.answer_bytes))
            answers[said["measure"]] = Tally.said(said)
            if said["measure"] == "":
                break
    except (EOFError, OSError, ValueError, KeyError, TypeError):
        pass  # what it did not answer is told as such below
    finally:
        process.kill()
        process.join()
        ours.close()
    return _all(questions, answers)


def _all(questions: Sequence[Question], answers: dict[str, Tally]) -> dict[str, Tally]:
    """Return an answer for each of `questions`: why there is none, where it has none."""
    why = answers[""].error if "" in answers else "it crashed, hung or took too much of the machine, and was ended"
    return {each.measure: answers.get(each.measure, Tally(error=why)) for each in questions}


def _serve(to: Connection, tables: Sequence[Table], questions: Sequence[Question], limits: Limits) -> None:
    os.environ.clear()
    for measure, tally in engine.run(tables, questions, limits):
        to.send_bytes(json.dumps({"measure": measure, **tally.plain()}).encode())
    to.close()


def _compared(judged: Judgement, asked: Question | str, answers: dict[str, Tally]) -> Reperformed:
    found = Reperformed(judged.measure.id, rows.text(judged.as_of), judged.state, SAME)
    if asked == "":
        found.why.append("nothing ran then, for want of evidence, and nothing was run now")
        return found
    if isinstance(asked, str):
        found.result = CANNOT
        found.why.append(asked)
        return found
    tally = answers[judged.measure.id]
    if tally.error:
        found.result = CANNOT
        found.why.append(tally.error)
        return found
    found.why += _differences(judged, tally)
    found.result = DIFFERS if found.why else SAME
    return found


def _differences(judged: Judgement, tally: Tally) -> list[str]:
    counts, found = judged.counts, []
    said = (counts.population, counts.passed, counts.failed, counts.unknown, counts.excepted)
    now = (tally.population, tally.passed, tally.failed, tally.unknown, tally.excepted)
    names = ("population", "pass", "fail", "unknown", "excepted")
    found += [
        f"{name}: the ledger says {was:,}, the query gives {is_:,}" for name, was, is_ in zip(names, said, now, strict=True) if was != is_
    ]
    digest = judgements.outcome_digest(tally.population, tally.passed, {each[0]: each[1] for each in tally.subjects})
    if judged.salt is not None and (digest := judgements.salted(digest, judged.salt)) != judged.digests.get("outcomes"):
        found.append(f"outcome: the ledger says {judged.digests.get('outcomes', '')[:16]}..., the query gives {digest[:16]}...")
    if judged.subjects is not None:
        told = {(each.subject, each.ok, each.label, each.detail, each.excepted) for each in judged.subjects}
        if told != set(tally.subjects):
            found.append("the subjects that do not pass, or what is said of them, are others than the bundle names")
    if tally.flips_at != (judged.flips_at and rows.text(judged.flips_at)):
        found.append(f"the next pass to end: the bundle says {judged.flips_at}, the query gives {tally.flips_at}")
    if tally.otherwise:
        found.append(f"the query as it ran gives something else than the measure's own: {tally.otherwise}")
    again = Counts(tally.population, tally.passed, tally.failed, tally.unknown, tally.excepted)
    flips_at = datetime.fromisoformat(tally.flips_at) if tally.flips_at else None
    due = deciding.state(judged.measure, again, judged.evidence, judged.parameters, judged.as_of, flips_at)
    if due != judged.state:
        found.append(f"the ledger says {judged.state}, and it comes to {due}")
    return found
