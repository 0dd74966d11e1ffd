"""What is in the log tells nobody anything: a million guesses against it find nothing, where a plain hash gives itself away at once."""

import hashlib
import json
import os

from django.db import connection
from tests.erasure.company import BOB, RITA, Company, forget_rita

from upheld.ledger import canonical, commitment, openings, sequencer
from upheld.ledger.openings import unsealed

CANDIDATES = int(os.environ.get("UPHELD_CANDIDATES", "20000"))  # a million in benchmarks/erasure.py


def candidates() -> list[str]:
    """Return mail addresses and numbers that somebody would try, the true ones among them."""
    names = [f"person{number}@acme.example" for number in range(CANDIDATES - 4)]
    return [*names, "rita.markerquill@acme.example", "Rita Markerquill", "P-1042X", "P-2"]


def logged() -> set[str]:
    """Return every digest of 64 hex digits that any entry holds."""
    log = sequencer.current()
    entries = [json.loads(data) for data in log.entries(0, log.size())]
    found: set[str] = set()
    for each in entries:
        found |= set(each.get("pii", {}).values())
        found |= {each[role]["tag"] for role in ("actor", "subject") if "tag" in each.get(role, {})}
    return found


def guesses(candidate: str) -> list[str]:
    """Return what would be in the log if a value stood there as some hash that needs no secret."""
    plain, as_json = candidate.encode(), canonical.write(candidate)
    return [hashlib.sha256(said).hexdigest() for said in (plain, as_json, b"upheld/commit/1\x00" + as_json)]


def test_guessing_finds_nothing_in_the_log_and_the_true_value_in_a_plain_hash(company: Company) -> None:
    log, values = logged(), candidates()
    assert len(log) >= 8
    control = hashlib.sha256(b"rita.markerquill@acme.example").hexdigest()
    found = {candidate for candidate in values for guess in guesses(candidate) if guess in log | {control}}
    assert found == {"rita.markerquill@acme.example"}  # the control alone
    assert not log & {control}


def test_a_stolen_database_links_nobody_after_erasure_even_with_the_keys_that_are_left(company: Company) -> None:
    """Whoever copied the workspace before, and gets all keys afterwards, can still not open or link what was hers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry, field, key, link, sealed FROM ledger_opening")
        stolen = cursor.fetchall()
    hers = set(openings.entries_naming(*RITA))
    assert hers
    before = {str(unsealed(entry, field, key, bytes(sealed)).value) for entry, field, key, _, sealed in stolen if entry in hers}  # type: ignore[union-attr]
    assert "rita.markerquill@acme.example" in before  # the control: with the keys of then it opens
    forget_rita()
    after = [unsealed(entry, field, key, bytes(sealed)) for entry, field, key, _, sealed in stolen]
    assert {str(one.value) for one in after if one} == {"bob.steady@acme.example", "P-2"}
    assert openings.entries_naming(*RITA) == []
    assert openings.entries_naming(*BOB)


def test_two_commitments_to_one_value_have_nothing_in_common(company: Company) -> None:
    ids = company.enter()
    first, second = (openings.opened(entry)["mail"] for entry in (ids[0], company.enter()[0]))
    assert first.value == second.value
    assert commitment.commit(ids[0], "mail", first.value, first.opening) != commitment.commit(ids[0], "mail", first.value, second.opening)
