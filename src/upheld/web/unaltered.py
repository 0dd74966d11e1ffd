"""Whether an outcomes file is the one that was judged: its digest, its counts and its failing subjects against the verdict's."""

from datetime import UTC
from pathlib import Path

import duckdb

from upheld.checks.engines.tally import digest
from upheld.checks.keeping import digest_of
from upheld.evidence.duck import lent, put_in
from upheld.verdicts.models import Finding, MeasureVerdict
from upheld.verdicts.resuming import vouched
from upheld.workspace import current

NOT_READABLE = "This file cannot be read, so it is not what was judged: {file}. Run upheld check, which writes it anew."
NOT_THE_SAME = "This file is not what was judged: {file}. Run upheld check, which writes it anew."

_COUNTS = """
SELECT count(*), count(*) FILTER (ok), count(*) FILTER (NOT ok AND NOT excepted), count(*) FILTER (NOT ok AND excepted),
       count(*) FILTER (ok IS NULL) FROM read_parquet($file)
"""
# As the engine writes it; see docs/design/verdicts.md.
_LINES = """
SELECT string_agg(subject || chr(31) || coalesce(CAST(ok AS VARCHAR), 'unknown'), chr(10) ORDER BY subject)
FROM read_parquet($file) WHERE ok IS NOT TRUE
"""
_NAMED = """
SELECT subject, coalesce(nullif(label, ''), subject), coalesce(detail, '') FROM read_parquet($file)
WHERE NOT ok AND subject IN (SELECT unnest($subjects))
"""


def alteration(file: Path, verdict: MeasureVerdict) -> str:
    """Return a sentence about the outcomes `file` where it is not what `verdict` was decided on; "" when it is.

    Where the ledger still vouches for what the last judgement kept, the file must have the very bytes that were written: labels and
    details of those that pass, too. In any case what the verdict's digest holds must be the same, counts and each subject that does not
    pass, and so must labels and details of those that fail, as the findings have them.
    """
    written = vouched(current().outcomes).get(file)
    if written is not None and digest_of(file) != written:
        return NOT_THE_SAME.format(file=file)
    try:
        same = _is_same(file, verdict)
    except (duckdb.Error, UnicodeDecodeError):
        return NOT_READABLE.format(file=file)
    return "" if same else NOT_THE_SAME.format(file=file)


def _is_same(file: Path, verdict: MeasureVerdict) -> bool:
    with lent() as connection:
        asked = str(file)
        counts = connection.execute(put_in(_COUNTS, file=asked)).fetchone()
        lines = connection.execute(put_in(_LINES, file=asked)).fetchone()
        named = _findings(verdict)
        shown = connection.execute(put_in(_NAMED, file=asked, subjects=list(named))).fetchall() if named else []
    if counts != (verdict.population, verdict.passed, verdict.failed, verdict.excepted, verdict.unknown):
        return False
    judged = verdict.digests.get("outcomes", "")
    if judged and digest(verdict.population, verdict.passed, (lines and lines[0]) or "") != judged:
        return False
    return {subject: (label, detail) for subject, label, detail in shown} == named


def _findings(verdict: MeasureVerdict) -> dict[str, tuple[str, str]]:
    """Return label and detail of each subject that this judgement found to fail, as its finding keeps them."""
    found = Finding.objects.filter(measure=verdict.measure, last_seen_at=verdict.judged_until_at.astimezone(UTC))
    return {each.subject: (each.label, each.detail) for each in found}
