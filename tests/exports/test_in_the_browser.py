"""Bundles in the reader's own browser: a genuine one holds, whatever was changed in one is refused, and so is every hostile zip file."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Error
from tests.exports.test_hostile_archive import HOSTILE, MEMBERS
from tests.verifying import Verifier, verifier

from upheld.exports.bundle.writing import write
from upheld.ledger import signers, store
from upheld.ledger.checkpoint import MAX_NOTE_BYTES

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def browser() -> Iterator[Verifier]:
    """The script, in one window for all tests here."""
    with verifier() as found:
        yield found


@pytest.fixture
def good(tmp_path: Path) -> bytes:
    return zipped(MEMBERS, tmp_path / "good.zip")


def zipped(members: Mapping[str, bytes], path: Path) -> bytes:
    path.unlink(missing_ok=True)
    write(members, path)
    return path.read_bytes()


def test_a_bundle_holds_and_whatever_is_changed_in_it_is_refused(one_promise, members, company, browser, tmp_path):
    key = signers.policy(store.current()).keys[-1].key.text()
    for genuine in (one_promise, members):
        assert "the ledger says that this very bundle was made" in browser.says(zipped(genuine, tmp_path / "b.zip"), key)
    assert len(one_promise) > 10 and max(map(len, one_promise.values())) < MAX_NOTE_BYTES
    for name, content in one_promise.items():
        changed = content[:-2] + bytes([content[-2] ^ 1]) + content[-1:] if len(content) > 1 else b"more"
        assert browser.says(zipped(one_promise | {name: changed}, tmp_path / "b.zip"), key).startswith("REFUSED "), name
        if "/entries/" not in name:
            less = {each: data for each, data in one_promise.items() if each != name}
            assert browser.says(zipped(less, tmp_path / "b.zip"), key).startswith("REFUSED "), name
    for name in ("odd.txt", "log-1/odd", "log-2/checkpoint/x", "../odd"):
        assert browser.says(zipped(one_promise | {name: b"x"}, tmp_path / "b.zip"), key).startswith("REFUSED "), name


def test_what_was_written_is_read(good, browser):
    assert browser.read(good) == {name: content.decode() for name, content in MEMBERS.items()}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", sorted(HOSTILE.keys() - {"a bomb"}))  # which says what it is, and is small enough here
def test_what_no_bundle_is_gets_refused(good, browser, case):
    with pytest.raises(Error, match=r"zip file|damaged|longer than|UTF-8"):
        browser.read(HOSTILE[case][0](good))


def test_at_every_byte_a_flipped_bit_is_refused_or_changes_nothing_and_a_cut_is_refused(good, browser):
    assert browser.odd(good) == []
