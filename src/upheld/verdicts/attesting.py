"""All that the database says of collections, change files and verdicts, held against the ledger."""

from upheld.sources.attesting import contradictions, redirected
from upheld.sources.models import CollectedTable, HistoryFile
from upheld.verdicts.models import MeasureVerdict
from upheld.verdicts.standing import contradicted


def disagreements() -> list[str]:
    """Return a sentence for each thing that the database says otherwise than the ledger's entries; empty when they agree."""
    told = CollectedTable.objects.select_related("collection__source")
    files = HistoryFile.objects.filter(compacted_into=None).select_related("collection__source")
    found = [f"{table} from {source}: {why}" for (table, source), why in sorted(contradictions(told, files).items())]
    forged = contradicted(MeasureVerdict.objects.filter(until_at=None))
    found += redirected()
    return found + [f"verdict of {measure}: the database says otherwise than its entry of the ledger" for measure in sorted(forged)]
