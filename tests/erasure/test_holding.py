"""A legal hold refuses an erasure with its reason, names nobody where others read, and ends by itself."""

import json
from datetime import timedelta

import pytest
from tests.erasure.company import DAY, MARKERS, WEDNESDAY, Company, everywhere, forget_rita

from upheld import clock
from upheld.erasure.holding import hold, release
from upheld.erasure.perform import erase
from upheld.erasure.plan import Refused, plan
from upheld.ledger import openings, sequencer
from upheld.vault import erasures
from upheld.vault.keys import here


def test_who_is_under_a_hold_is_not_erased_by_whatever_name(company: Company) -> None:
    with clock.at(WEDNESDAY):
        made = hold("P-1042X", here(), reason="claim 12/2026", until=WEDNESDAY + 30 * DAY)
        before = everywhere(company)
        for called in ("P-1042X", "rita.markerquill@acme.example", "ritamarkerq"):
            with pytest.raises(Refused, match=r"claim 12/2026 \(hold [0-9a-f]{16}, until 2026-06-05\)"):
                erase(plan(called, here()), here(), basis="GDPR 17(1)(b)")
        assert everywhere(company) == before
        assert erasures.listed(here()) == []
        release(made.id, here())
    with clock.at(WEDNESDAY):
        plan("P-1042X", here()).require_allowed("GDPR 17(1)(b)")


def test_a_hold_past_its_end_holds_nobody(company: Company) -> None:
    with clock.at(WEDNESDAY - DAY):
        hold("P-1042X", here(), reason="claim 12/2026", until=WEDNESDAY - timedelta(hours=1))
    with clock.at(WEDNESDAY):
        plan("P-1042X", here()).require_allowed("GDPR 17(1)(b)")


def test_entries_about_holds_and_erasures_name_nobody(company: Company) -> None:
    with clock.at(WEDNESDAY):
        made = hold("P-1042X", here(), reason="Rita Markerquill against ACME", until=WEDNESDAY + DAY)
        release(made.id, here())
    forget_rita()
    log = sequencer.current()
    entries = [json.loads(data) for data in log.entries(0, log.size())]
    about = [each for each in entries if each["kind"].split(".")[0] in ("hold", "erasure", "key", "history", "text")]
    assert {each["kind"] for each in about} >= {
        "hold.set",
        "hold.released",
        "history.erased",
        "key.destroyed",
        "erasure.performed",
        "erasure.checked",
    }
    assert not [marker for marker in MARKERS for each in about if marker.lower() in json.dumps(each).lower()]


def test_a_basis_that_names_the_person_is_refused(company: Company) -> None:
    found = plan("P-1042X", here())
    for basis in ("", "asked by Rita Markerquill", "mail of rita.markerquill@acme.example", "ritamarkerq left"):
        with clock.at(WEDNESDAY), pytest.raises(Refused, match="names nobody"):
            erase(found, here(), basis=basis)
    assert openings.entries_naming("person", "P-1042X")


def test_a_hold_needs_a_reason_and_an_end_that_lies_ahead(company: Company) -> None:
    with clock.at(WEDNESDAY):
        for reason, until in (("", WEDNESDAY + DAY), ("claim", WEDNESDAY)):
            with pytest.raises(Refused):
                hold("P-1042X", here(), reason=reason, until=until)
