"""The verifier in the reader's own browser: what holds is told so, and every forged file is refused. One window for all of it."""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256

import pytest
from tests.ledger import forging_entries, forging_notes, forging_proofs
from tests.ledger.forging import OWNER, STRANGER
from tests.ledger.given import ORIGIN
from tests.verifying import Verifier, verifier

from upheld.ledger import keys, tree
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.proof import Proof

pytestmark = pytest.mark.lab
KEY = OWNER.key.text()
GOOD = Proof(3, forging_proofs.PATH, forging_proofs.NOTE, forging_proofs.ENTRIES[3])


@pytest.fixture(scope="module")
def browser() -> Iterator[Verifier]:
    """The script, in one window for all tests here."""
    with verifier() as found:
        yield found


def said(browser: Verifier, file: bytes, key: str = KEY) -> str:
    return browser.says(file, key)


def test_a_proof_holds(browser):
    assert said(browser, GOOD.text()).endswith("the entry is number 3 of 7 under it; the entry is canonical and well-formed: "
        "verdict.changed at 2026-05-04T12:00:00.000000Z")  # fmt: skip


def proofs() -> Mapping[str, Proof]:
    """Forged proofs, each with its entry in it."""
    cases = {f"{number} {what}": replace(proof, entry=entry) for number, (what, proof, entry, _) in forging_proofs.CASES.items()}
    return cases | {"another entry": replace(GOOD, entry=forging_proofs.ENTRIES[4])}


@pytest.mark.parametrize("what", proofs())
def test_a_forged_proof_is_refused(browser, what):
    assert said(browser, proofs()[what].text()).startswith("REFUSED ")


def under(note: bytes) -> bytes:
    """Return a proof under `note`, which is of the log with 700 entries, for its first one."""
    leaves = [tree.leaf_hash(data) for data in forging_proofs.GENUINE]
    return Proof(0, tree.inclusion_proof(0, len(leaves), forging_proofs.nodes(leaves)), note, forging_proofs.GENUINE[0]).text()


@pytest.fixture(scope="module")
def genuine() -> bytes:
    """A proof of the first of 700 entries."""
    return under(forging_notes.NOTE.encode())


@pytest.mark.parametrize("number", sorted(forging_notes.NOTES))
def test_a_forged_checkpoint_is_refused(browser, genuine, number):
    head = genuine[: genuine.index(b"\n\n") + 2]
    _, note, _ = forging_notes.NOTES[number]
    assert said(browser, genuine).startswith("the checkpoint of 700 entries")  # the control
    assert said(browser, head + note.encode("utf-8", "surrogatepass")).startswith("REFUSED "), note


@pytest.mark.parametrize("number", sorted(set(forging_entries.TEXTS) - {54}))  # 54 is about two entries
def test_an_entry_that_should_never_have_been_logged_is_named(browser, number):
    entry = forging_entries.TEXTS[number][1]
    note = keys.sign(Checkpoint(ORIGIN, 1, tree.leaf_hash(entry)), OWNER).encode()
    assert said(browser, Proof(0, (), note, entry).text()).startswith("REFUSED ")


WEAK = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


@pytest.mark.parametrize("point", WEAK)
def test_a_key_that_any_signature_fits_is_not_taken(browser, point):
    raw = b"\x01" + bytes.fromhex(point)
    digest = sha256(ORIGIN.encode() + b"\n" + raw).digest()
    key = f"{ORIGIN}+{digest[:4].hex()}+{base64.b64encode(raw).decode()}"
    assert said(browser, GOOD.text(), key).startswith("REFUSED The key is one under which any")


OTHERS = [
    (STRANGER.key.text(), "not signed by the key"),
    ("", "written name"),
    (KEY[:-4] + "AAA=", "has the id|not a log's key"),
    ("a+b+c", "written name"),
]


@pytest.mark.parametrize(("key", "why"), OTHERS)
def test_another_key_is_not_enough(browser, key, why):
    found = said(browser, GOOD.text(), key)
    assert found.startswith("REFUSED ") and re.search(why, found), found


@pytest.mark.parametrize("file", [b"", b"PK", b"PK\x03\x04" + b"\0" * 100, b"\n\n", b"\xff" * 99, GOOD.text()[:-30], GOOD.text() * 2])
def test_what_is_no_proof_at_all_is_refused(browser, file):
    assert said(browser, file).startswith("REFUSED ")
