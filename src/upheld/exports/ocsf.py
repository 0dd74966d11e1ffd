"""How measures stand as OCSF compliance findings (class 2003): one line of JSON a measure, as security tools take them in."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from upheld.checks.verdict import State
from upheld.exports.position import Position, Tested

OCSF_VERSION = "1.5.0"
CLASS, CATEGORY = 2003, 2
CREATE = 1
_SEVERITY = {"low": 2, "medium": 3, "high": 4, "critical": 5}
_SEVERITY_WORDS = {1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical"}
# Compliance: 0 Unknown, 1 Pass, 2 Warning, 3 Fail. What is under an exception fails all the same.
_COMPLIANCE = {State.UPHELD: (1, "Pass"), State.AT_RISK: (2, "Warning"), State.EXCEPTED: (3, "Fail"), State.BROKEN: (3, "Fail")}
_STATUS = {State.UPHELD: (4, "Resolved"), State.AT_RISK: (1, "New"), State.EXCEPTED: (3, "Suppressed")}


def findings(position: Position) -> Iterator[dict[str, Any]]:
    """Yield a compliance finding for each measure, in order of their ids."""
    return (_finding(position, each) for each in position.tested.values())


def _finding(position: Position, tested: Tested) -> dict[str, Any]:
    judged_at = tested.verdict.judged_until_at if tested.verdict else position.judged_at
    status_id, status = _STATUS.get(tested.state, (1, "New"))
    severity = 1 if tested.state is State.UPHELD or tested.measure is None else _SEVERITY[tested.measure.severity]
    return {
        "activity_id": CREATE,
        "activity_name": "Create",
        "category_uid": CATEGORY,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Compliance Finding",
        "type_uid": CLASS * 100 + CREATE,
        "type_name": "Compliance Finding: Create",
        "time": _milliseconds(judged_at),
        "severity_id": severity,
        "severity": _SEVERITY_WORDS[severity],
        "status_id": status_id,
        "status": status,
        "status_code": tested.state.value,
        "status_detail": tested.found,
        "message": f"{tested.title}: {tested.state}",
        "metadata": {
            "version": OCSF_VERSION,
            "product": {"name": "Upheld", "vendor_name": "Upheld", "version": version("upheld")},
            "log_name": position.origin,
            "uid": str(uuid5(NAMESPACE_URL, f"{position.origin}\x1focsf\x1f{tested.id}\x1f{judged_at.isoformat()}")),
        },
        "finding_info": _info(position, tested),
        "compliance": _compliance(position, tested),
        "unmapped": _unmapped(tested),
    }


def _info(position: Position, tested: Tested) -> dict[str, Any]:
    verdict = tested.verdict
    return {
        "uid": str(uuid5(NAMESPACE_URL, f"{position.origin}\x1ffinding\x1f{tested.id}")),
        "title": tested.title,
        "desc": tested.fact,
        "first_seen_time": _milliseconds(verdict.from_at) if verdict else None,
        "last_seen_time": _milliseconds(verdict.judged_until_at) if verdict else None,
        "data_sources": sorted({f"{piece['source']}/{piece['table']}" for piece in verdict.evidence}) if verdict else [],
    }


def _compliance(position: Position, tested: Tested) -> dict[str, Any]:
    promised = [each for document in position.documents for each in document.promises if tested.id in each.promise.measures]
    clauses = sorted(
        {clause for each in promised for clause in each.promise.clauses} | set(tested.measure.clauses if tested.measure else ())
    )
    status_id, status = _COMPLIANCE.get(tested.state, (0, "Unknown"))
    return {
        "control": tested.id,
        "desc": tested.fact,
        "requirements": [f"{each.promise.id} {each.promise.text}" for each in promised],
        "standards": clauses,
        "status_id": status_id,
        "status": status,
        "status_detail": tested.found,
    }


def _unmapped(tested: Tested) -> dict[str, Any]:
    verdict = tested.verdict
    if verdict is None:
        return {}
    counts = {"population": verdict.population, "pass": verdict.passed, "fail": verdict.failed}
    return {**counts, "unknown": verdict.unknown, "excepted": verdict.excepted, "ledger_entry": tested.entry}


def _milliseconds(at: Any) -> int:
    return int(at.timestamp() * 1000)
