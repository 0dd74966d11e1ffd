"""A version's page shows what is different, to those who may see it, and the buttons of those who may act."""

from pathlib import Path

import pytest
from tests.web.test_pages import assert_well_made, text
from tests.world import account, browser, person

from upheld.accounts.role import Role
from upheld.documents.document import SHIPPED
from upheld.registers.governance.publication_models import DocumentVersion
from upheld.registers.governance.publishing import approve_document, draft_document, publish_document
from upheld.workspace import Workspace


@pytest.fixture
def version(ledger: Workspace) -> DocumentVersion:
    """The second version of the shipped document, waiting; Lea drafted it, Dora approved the first."""
    lea, dora = account("lea", Role.SECURITY_LEAD), account("dora", Role.DPO)
    first = draft_document(by=person(lea), document="iso", summary="The first.")
    approve_document(first, by=person(dora))
    publish_document(DocumentVersion.objects.get(), by=person(lea), grace_hours=24)
    file = Path(ledger.documents / "iso.toml")
    shipped = (SHIPPED / "iso.toml").read_text(encoding="utf-8")
    file.write_text(shipped.replace("Every project, of whatever kind,", "Every <b>large</b> project", 1), encoding="utf-8")
    return draft_document(by=person(lea), document="iso", summary="Small projects are left out.")


def test_the_page_shows_changed_words_and_who_must_act(version: DocumentVersion) -> None:
    shown = browser(by("dora")).get(f"/documents/versions/{version.pk}/").content.decode()
    assert_well_made(shown)
    assert "<ins>&lt;b&gt;large&lt;/b&gt; project</ins>" in shown
    assert "1 changed." in text_of(shown)
    assert "governance.approve-document?record=" in shown.replace("/?", "?")
    own = browser(by("lea")).get(f"/documents/versions/{version.pk}/").content.decode()
    assert "/act/governance.approve-document/" not in own and "somebody else has to do this" in own


def test_a_draft_is_not_for_everybody_and_the_version_in_force_is(version: DocumentVersion) -> None:
    eve = browser(account("eve", Role.EMPLOYEE))
    assert eve.get(f"/documents/versions/{version.pk}/").status_code == 404
    in_force = DocumentVersion.objects.exclude(pk=version.pk).get()
    assert "after 24 hours" in text(eve.get(f"/documents/versions/{in_force.pk}/"))
    assert eve.get("/documents/iso/").content.decode().count("/documents/versions/") == 1


def by(name: str):
    from upheld.accounts.models import Account

    return Account.objects.get(mail=f"{name}@example.org")


def text_of(page: str) -> str:
    return " ".join(page.split())
