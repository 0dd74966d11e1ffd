"""Versions of a document that the sample company published: a first one, a second that promises more, and a third that was sent back."""

from collections.abc import Mapping
from pathlib import Path

from upheld import workspace
from upheld.documents.document import SHIPPED
from upheld.documents.published import in_force
from upheld.registers.governance import publishing
from upheld.registers.governance.publication_models import DocumentVersion
from upheld.registers.sampling import Company

DOCUMENT = "cloud"
FIRST: Mapping[str, str] = {
    'version  = "2"': 'version  = "1"',
    "Every computer that our people work on is encrypted and protected against malware.": "Every computer of ours keeps malware away.",
    "No data are restored unless a senior member of staff has authorised it.": "No data are restored unless somebody has authorised it.",
    "Jeder Computer, an dem unsere Leute arbeiten, ist verschlüsselt und gegen Schadsoftware geschützt.": "Jeder unserer Computer hält "
    "Schadsoftware fern.",
    "Daten werden nur wiederhergestellt, wenn ein leitender Beschäftigter es genehmigt hat.": "Daten werden nur wiederhergestellt, wenn "
    "jemand es genehmigt hat.",
}
THIRD: Mapping[str, str] = {
    'version  = "2"': 'version  = "3"',
    "We regularly review application code for errors, and issue patches.": "We review application code.",
    " den Code der Anwendungen regelmäßig auf Fehler und geben Korrekturen heraus.": " den Code der Anwendungen.",
}


def keep(company: Company) -> None:
    """Draft, approve and publish, each by somebody else; nothing where the document was published before, or somebody wrote their own."""
    if DOCUMENT in in_force() or _file().exists():
        return
    _published(company, 180, FIRST, "What we promise to customers of our cloud.")
    _published(company, 33, {}, "Computers are encrypted, and a restore is authorised by a senior member of staff.")
    with company.at(6):
        draft = _drafted(company, THIRD, "Shorter.")
    with company.at(5):
        publishing.send_back_document(draft, by=company.officer(), note="This promises less than before; say why, or leave it.")


def _published(company: Company, days: float, changes: Mapping[str, str], summary: str) -> None:
    with company.at(days + 2):
        draft = _drafted(company, changes, summary)
    with company.at(days + 1):
        approved = publishing.approve_document(draft, by=company.officer(), note="Read against what is tested.")
    with company.at(days):
        publishing.publish_document(approved, by=company.lead())


def _drafted(company: Company, changes: Mapping[str, str], summary: str) -> DocumentVersion:
    """Draft the shipped text with `changes`, by a file of the workspace that is there for as long as that takes."""
    if not changes:
        return publishing.draft_document(by=company.lead(), document=DOCUMENT, summary=summary)
    said = (SHIPPED / f"{DOCUMENT}.toml").read_text(encoding="utf-8")
    for before, after in changes.items():
        assert before in said, before
        said = said.replace(before, after)
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        file.write_text(said, encoding="utf-8")
        return publishing.draft_document(by=company.lead(), document=DOCUMENT, summary=summary)
    finally:
        file.unlink()


def _file() -> Path:
    return workspace.current().documents / f"{DOCUMENT}.toml"
