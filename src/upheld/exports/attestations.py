"""How documents stand as in-toto statements with the predicate test-result: what was tested, with which files, and what passed."""

from typing import Any

from upheld.checks.verdict import State
from upheld.exports.position import Position
from upheld.verdicts.standing import DocumentStanding

STATEMENT, TEST_RESULT = "https://in-toto.io/Statement/v1", "https://in-toto.io/attestation/test-result/v0.1"
# A policy that reads these asks whether a test passed, perhaps with a warning: what is excepted or unproven did neither.
_LISTED = {State.UPHELD: "passedTests", State.AT_RISK: "warnedTests"}


def statement(position: Position, document: DocumentStanding) -> dict[str, Any]:
    """Return the statement about `document`; its subject is the text that was judged, by its digest."""
    tested = [position.tested[name] for name in sorted({name for each in document.promises for name in each.promise.measures})]
    said = {name: [each.id for each in tested if _LISTED.get(each.state, "failedTests") == name] for name in _NAMES}
    result = "FAILED" if said["failedTests"] or document.state not in _LISTED else "WARNED" if said["warnedTests"] else "PASSED"
    return {
        "_type": STATEMENT,
        "subject": [{"name": f"{document.document.id} {document.document.version}", "digest": {"sha256": document.document.digest}}],
        "predicateType": TEST_RESULT,
        "predicate": {
            "result": result,
            "configuration": [
                {"name": f"measures/{each.id}.sql", "digest": {"sha256": each.verdict.digests["measure"]}}
                for each in tested
                if each.verdict and each.verdict.digests.get("measure")
            ],
            **said,
        },
    }


_NAMES = ("passedTests", "warnedTests", "failedTests")
