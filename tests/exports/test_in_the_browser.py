"""Bundles in the reader's own browser: a genuine one holds, whatever was changed in one is refused, and so is every hostile zip file."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Error
from tests.exports.given import by_the_operator
from tests.exports.test_hostile_archive import HOSTILE, MEMBERS
from tests.ledger.forging import OWNER
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


MANIFESTS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a name twice": (lambda said: said.replace(b'"logs":', b'"logs":["elsewhere.example/log"],"logs":', 1), "canonical"),
    "a size beyond all": (lambda said: re.sub(rb'"size":\d+', b'"size":1e400', said, count=1), "not JSON|no integer|canonical"),
    "a size that no number holds": (lambda said: re.sub(rb'"size":\d+', b'"size":9007199254740993', said, count=1), "no integer|canonical"),
    "a size with a point": (lambda said: re.sub(rb'"size":(\d+)', rb'"size":\1.0', said, count=1), "canonical"),
    "a number of a million digits": (
        lambda said: re.sub(rb'"size":\d+', b'"size":' + b"9" * 1_000_000, said, count=1),
        "no integer|canonical",
    ),
    "a million levels": (lambda said: said.replace(b'"members":[', b'"members":[' + b"[" * 1_000_000 + b"]" * 1_000_000 + b",", 1), "deep"),
    "a log twice": (lambda said: re.sub(rb'"logs":\[([^\]]+)\]', rb'"logs":[\1,\1]', said, count=1), "a log twice"),
    "a list": (lambda said: b"[" + said + b"]", "kind"),
    "nothing": (lambda said: b"null", "kind"),
}
PATHS = ["../README.md", "/etc/passwd", "C:\\x", "a//b", "a/../b", "a\u202eb", "__proto__/", "log-2/checkpoint"]


def test_a_bundle_that_its_own_maker_made_to_deceive_is_refused(one_promise, company, browser, tmp_path):
    key = signers.policy(store.current()).keys[-1].key.text()
    manifest = one_promise["manifest.json"]
    genuine = zipped(by_the_operator(one_promise, manifest), tmp_path / "b.zip")
    assert "this very bundle was made" in browser.says(genuine, key)  # the control: signed anew, it holds
    for what, (change, why) in MANIFESTS.items():
        assert change(manifest) != manifest, what
        said = in_time(browser, zipped(by_the_operator(one_promise, change(manifest)), tmp_path / "b.zip"), key)
        assert said.startswith("REFUSED ") and re.search(why, said), (what, said)
    for path in PATHS:
        said = in_time(browser, zipped(by_the_operator(one_promise | {path: b"x"}), tmp_path / "b.zip"), key)
        assert said.startswith("REFUSED The manifest names a member twice, or one that is none"), (path, said)
    assert browser.says(genuine, OWNER.key.text()) == "REFUSED The checkpoint is not signed by the key that you trust"


def test_two_checkpoints_in_one_bundle_are_refused(one_promise, members, company, browser, tmp_path):
    key = signers.policy(store.current()).keys[-1].key.text()
    earlier, note = members["log-1/checkpoint"], one_promise["log-1/checkpoint"]
    later = by_the_operator(one_promise)["log-1/checkpoint"]
    assert earlier != later
    for checkpoint in (later + note, note + b"\n" + later, later, note.replace(b"\n\n", b"\n\n" + later.split(b"\n\n")[1], 1)):
        said = browser.says(zipped(one_promise | {"log-1/checkpoint": checkpoint}, tmp_path / "b.zip"), key)
        assert said.startswith("REFUSED "), checkpoint


def test_what_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(one_promise, company, browser, tmp_path):
    key = signers.policy(store.current()).keys[-1].key.text()
    for name, size in (("manifest.json", 200 << 20), ("log-1/checkpoint", 2 << 20), ("log-1/entries/0.tlog-proof", 3 << 20)):
        said = in_time(browser, zipped(one_promise | {name: bytes(size)}, tmp_path / "b.zip"), key)
        assert said == f'REFUSED "{name}" is too long', said
    deep = in_time(browser, zipped(one_promise | {"manifest.json": b"[" * (7 << 20)}, tmp_path / "b.zip"), key)
    assert deep.startswith("REFUSED The manifest is not JSON"), deep


def in_time(browser: Verifier, file: bytes, key: str) -> str:
    """What is said of `file`, within ten seconds."""
    browser.page.set_default_timeout(10_000)
    began = time.monotonic()
    said = browser.says(file, key)
    assert time.monotonic() - began < 10
    return said


def test_what_was_written_is_read(good, browser):
    assert browser.read(good) == {name: content.decode() for name, content in MEMBERS.items()}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", sorted(HOSTILE.keys() - {"a bomb"}))  # which says what it is, and is small enough here
def test_what_no_bundle_is_gets_refused(good, browser, case):
    with pytest.raises(Error, match=r"zip file|damaged|longer than|UTF-8"):
        browser.read(HOSTILE[case][0](good))


def test_at_every_byte_a_flipped_bit_is_refused_or_changes_nothing_and_a_cut_is_refused(good, browser):
    assert browser.odd(good) == []
