"""Pages in German: read as others are, and compared by what their words mean in English."""

from pathlib import Path

from upheld.documents.importing.german import in_english
from upheld.documents.importing.importing import as_toml, import_file

PAGE = Path(__file__).parent / "pages" / "massnahmen.md"
MEANT = {
    "Besucher tragen": "physical/visitors_confined",
    "Administratoren melden": "access/mfa_required",
    "Kennwörter werden": "access/password_storage_strong",
    "Benutzerkonten": "authorization/leavers_removed",
    "Vergebene": "authorization/review_current",
    "Daten verschiedener": "separation/tenant_isolated",
    "Die Übertragung": "transfer/app_traffic_encrypted",
    "Alle Beschäftigten": "people/confidentiality_signed",
    "Software wird": "change/install_approved",
    "Von allen": "backup/taken_on_schedule",
    "Die Rücksicherung": "backup/restore_proven",
    "Auf Endgeräten": "assets/endpoint_malware_protected",
    "Die Auslastung": "operations/capacity_measured",
    "Sicherheitsvorfälle": "incidents/response_within_target",
    "Auftraggeber": "privacy/subprocessor_disclosed_first",
    "Notebooks": "assets/endpoint_encrypted",
}


def test_a_german_page_is_read_and_its_words_are_compared_by_what_they_mean():
    imported = import_file(PAGE)
    document = imported.document
    assert (document.language, document.title) == ("de", "Anlage 1: Maßnahmen nach Art. 32 DSGVO")
    assert imported.left_out[0] == "Diese Anlage beschreibt die Maßnahmen der Beispiel GmbH."  # and neither question nor plea
    proposed = {found.promise.text: [proposal.measure for proposal in found.proposals] for found in imported.found}
    found = [measure in measures for text, measures in proposed.items() for begun, measure in MEANT.items() if text.startswith(begun)]
    assert (len(document.promises), len(found), sum(found) >= 15) == (16, 16, True), found
    assert "in German; its words were compared" in imported.notes[-1]
    kept = as_toml(document)
    assert "Benutzerkonten ausgeschiedener Beschäftigter" in kept and 'language = "de"' in kept  # as published, not as compared


def test_joined_words_mean_what_their_parts_do():
    assert in_english("Zugriffsrechte") == "access right"
    assert in_english("Passwortänderungen, Türen") == "password change door"
    assert in_english("Berlin ruft") == "berlin ruft"  # what is not known stays
