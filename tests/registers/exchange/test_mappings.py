"""How the columns of files that come again are read is kept as a record, and checked when it is."""

import pytest

from upheld.actions.errors import Ill, NoSuchRecord
from upheld.registers.exchange.actions import change_mapping, keep_mapping
from upheld.registers.exchange.finding import mapping_called
from upheld.registers.governance.models import Contact, Project


def test_a_mapping_is_kept_changed_and_found_again(lead):
    mapping = keep_mapping(by=lead, name="from-hr", of="governance.contact", columns=["title = Behörde", "how = Telefon = Fax"])
    assert mapping_called("from-hr", Contact).said == {"title": "Behörde", "how": "Telefon = Fax"}
    change_mapping(mapping, by=lead, columns=["title = Name"])
    assert mapping_called("from-hr", Contact).said == {"title": "Name"}
    with pytest.raises(NoSuchRecord, match="saved are: none"):
        mapping_called("from-hr", Project)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"of": "governance.wishes"}, "There is no register governance.wishes"),
        ({"columns": ["title"]}, "'title' is no line"),
        ({"columns": ["colour = Farbe"]}, "fields are kind, title"),
        ({"make": "governance.make-coffee"}, "There is no action"),
    ],
)
def test_a_mapping_that_leads_nowhere_is_refused(lead, given, told):
    with pytest.raises(Ill, match=told):
        keep_mapping(**{"by": lead, "name": "one", "of": "governance.contact", "columns": ["title = Name"], **given})


def test_a_name_is_taken_once(lead):
    keep_mapping(by=lead, name="one", of="governance.contact", columns=["title = Name"])
    with pytest.raises(Ill, match="There is a mapping one"):
        keep_mapping(by=lead, name="one", of="governance.contact", columns=["title = Name"])
