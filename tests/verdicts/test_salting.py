"""The ledger's digest of who did not pass: found again by whoever has the salt, guessed by nobody, and gone with the salt."""

import hashlib
import json
from datetime import timedelta

import pytest

from upheld.checks.engines.tally import digest
from upheld.checks.verdict import Outcome, State, Verdict
from upheld.ledger import sequencer
from upheld.ledger.models import Outbox
from upheld.verdicts import salting
from upheld.verdicts.keeping import keep
from upheld.verdicts.models import Judgement, MeasureVerdict

SUBJECT = "hr/ada"
PLAIN = digest(1, 0, f"{SUBJECT}\x1ffalse")


def verdict(measure: str, at) -> Verdict:
    failing = (Outcome(SUBJECT, "Ada", False, "is late", None, False, {}),)
    return Verdict(
        measure, State.BROKEN, "1 of 1", at, population=1, failed=1, failing=failing, digests={"measure": "a" * 64, "outcomes": PLAIN}
    )


@pytest.fixture
def kept(workspace, noon):
    sequencer.init("sample.example/ledger/main/1")
    return keep([verdict("people/a", noon), verdict("people/b", noon)], noon, {})


def told() -> dict[str, str]:
    """The ledger's digest of each measure's outcome."""
    entries = [json.loads(bytes(row.data)) for row in Outbox.objects.order_by("n")]
    facts = [entry["body"] for entry in entries if entry["kind"] == "verdict.changed"]
    return {each["measure"]: next(i["sha256"] for i in each["inputs"] if i["of"] == "outcomes") for each in facts}


def test_the_same_subjects_look_different_in_every_measure_and_judgement(kept, noon):
    first = told()
    assert PLAIN not in first.values() and len(set(first.values())) == 2
    later = noon + timedelta(hours=1)
    again = keep([verdict("people/a", later)], later, {})
    assert salting.salt(again.salts, "people/a") != salting.salt(kept.salts, "people/a")


def test_whoever_has_the_salt_finds_the_digest_again(kept):
    known = salting.salt(kept.salts, "people/a")
    assert told()["people/a"] == hashlib.sha256(known + bytes.fromhex(PLAIN)).hexdigest()


def test_a_destroyed_salt_takes_no_other_with_it(kept):
    before = salting.salt(kept.salts, "people/b")
    assert salting.destroy(["people/a"]) == 1
    after = Judgement.objects.get(pk=kept.pk).salts
    assert (salting.salt(after, "people/a"), salting.salt(after, "people/b")) == (None, before)
    assert MeasureVerdict.objects.get(measure="people/a").digests == {"measure": "a" * 64, "outcomes": ""}
    assert MeasureVerdict.objects.get(measure="people/b").digests["outcomes"] == PLAIN
    assert salting.destroy(["people/a"]) == 0
    assert salting.destroy(["people/b"]) == 1
    assert salting.salt(Judgement.objects.get(pk=kept.pk).salts, "people/b") is None


def test_a_judgement_of_release_0_1_0_keeps_its_plain_digest(kept):
    Judgement.objects.update(salts={})
    assert salting.salted({"outcomes": PLAIN}, salting.salt({}, "people/a")) == {"outcomes": PLAIN}
    assert salting.destroy(["people/a"]) == 0
    assert salting.salt(Judgement.objects.get().salts, "people/a") == b""


def test_a_query_that_did_not_run_has_no_digest_and_gets_none():
    assert salting.salted({"outcomes": "", "measure": "x"}, b"salt") == {"outcomes": "", "measure": "x"}
