"""The key store: random keys, three states that are never confused, and older copies of it dead after each destruction."""

import multiprocessing
import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from upheld import clock
from upheld.vault import epoch, holds, sealing
from upheld.vault.epoch import EpochLost
from upheld.vault.key import KeyDestroyed, KeyHeld, KeyUnknown, Scope, State, Whose
from upheld.vault.keys import Vault

ALICE, BOB = Whose(Scope.SUBJECT, "person", "psn_alice"), Whose(Scope.SUBJECT, "person", "psn_bob")
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """Yield an empty key store."""
    made = Vault(tmp_path)
    yield made
    made.store.close()


def made(vault: Vault, whose: Whose) -> str:
    """Return the id of the key for `whose`, made if there was none."""
    key = vault.made_for([whose])[whose]
    assert key is not None
    return key.id


def test_a_key_is_random_and_found_again_by_whom_it_is_for(vault: Vault, tmp_path: Path) -> None:
    key = vault.made_for([ALICE])[ALICE]
    assert key == vault.of(ALICE) == Vault(tmp_path).of(ALICE)
    assert vault.of(BOB) is None
    acting = Whose(Scope.ACTOR, "person", "psn_alice")
    assert vault.of(acting) is None
    assert made(vault, acting) != made(vault, ALICE)


def test_a_store_never_names_whom_its_keys_are_for(vault: Vault) -> None:
    made(vault, ALICE)
    vault.dossier([("person", "psn_alice")])
    holds.add(vault, [("person", "psn_alice")], "the case of psn_alice", NOON)
    vault.store.forget()
    assert not [file for file in vault.store.directory.iterdir() if b"psn_alice" in file.read_bytes()]


def test_destroyed_and_unknown_are_two_things(vault: Vault) -> None:
    key_id = made(vault, ALICE)
    assert vault.state(key_id) is State.ACTIVE
    vault.destroy([key_id])
    assert vault.state(key_id) is State.DESTROYED
    with pytest.raises(KeyDestroyed, match="what it sealed is erased"):
        vault.open(key_id)
    with pytest.raises(KeyUnknown, match="that is no erasure"):
        vault.open("0" * 32)
    assert vault.of(ALICE) is None
    assert made(vault, ALICE) != key_id


def test_others_stay_readable_and_are_wrapped_anew(vault: Vault) -> None:
    gone, stays = made(vault, ALICE), made(vault, BOB)
    before = vault.open(stays).secret
    done = vault.destroy([gone])
    assert (done.keys, done.rewrapped, done.epoch) == (1, 2, 2)  # Bob's key, and the secret of the index
    assert vault.open(stays).secret == Vault(vault.store.directory).open(stays).secret == before
    assert sorted(file.name for file in vault.store.directory.glob("epoch-*")) == ["epoch-2.key"]
    assert vault.destroy([gone]).keys == 0


def test_an_older_copy_of_the_store_opens_nothing(vault: Vault, tmp_path: Path) -> None:
    gone, stays = made(vault, ALICE), made(vault, BOB)
    copy, whole = tmp_path / "copy", tmp_path / "whole"
    for folder in (copy, whole):
        folder.mkdir(mode=0o700)
        with sqlite3.connect(folder / "vault.sqlite3") as into:
            vault.store.read.backup(into)
        (folder / "vault.sqlite3").chmod(0o600)
    shutil.copy(epoch.path(vault.store, 1), whole)  # the control: with the epoch key of its time, a copy opens everything
    assert Vault(whole).open(gone).secret == vault.open(gone).secret
    vault.destroy([gone])
    shutil.copy(epoch.path(vault.store, 2), copy / "epoch-1.key")
    for key_id in (gone, stays):
        with pytest.raises(EpochLost, match="of different times"):
            Vault(copy).open(key_id)


def test_another_processs_cache_ends_with_a_destruction(vault: Vault) -> None:
    other = Vault(vault.store.directory)
    key_id = made(vault, ALICE)
    assert other.open(key_id).id == key_id
    vault.destroy([key_id])
    with pytest.raises(KeyDestroyed):
        other.open(key_id)
    assert other.of(ALICE) is None


def test_nothing_of_a_destroyed_key_stays_in_any_file(vault: Vault) -> None:
    key_id = made(vault, ALICE)
    (wrapped,) = vault.store.read.execute("SELECT wrapped FROM key WHERE id = ?", (key_id,)).fetchone()
    old_epoch = epoch.load(vault.store, 1)
    held = b"".join(file.read_bytes() for file in vault.store.directory.iterdir())
    assert wrapped in held  # the control
    assert old_epoch in held
    vault.destroy([key_id])
    left = b"".join(file.read_bytes() for file in vault.store.directory.iterdir())
    assert wrapped not in left
    assert old_epoch not in left


def test_a_hold_keeps_a_key_from_being_destroyed_until_it_is_released_or_over(vault: Vault) -> None:
    key_id, other = made(vault, ALICE), made(vault, BOB)
    with clock.at(NOON):
        hold = holds.add(vault, [("person", "psn_alice")], "claim 12/2026", NOON + timedelta(days=30))
        assert vault.state(key_id) is State.HELD
        assert vault.open(key_id).id == key_id
        with pytest.raises(KeyHeld, match=key_id):
            vault.destroy([other, key_id])
        assert vault.state(other) is State.ACTIVE
        assert [each.reason for each in holds.on(vault, [("person", "psn_alice")])] == ["claim 12/2026"]
        assert holds.on(vault, [("person", "psn_bob")]) == []
        later = made(vault, Whose(Scope.ACTOR, "person", "psn_alice"))
        assert vault.state(later) is State.HELD
        holds.release(vault, hold.id)
        assert vault.state(key_id) is State.ACTIVE
        with pytest.raises(holds.NoHold):
            holds.release(vault, hold.id)
        holds.add(vault, [("person", "psn_alice")], "claim 13/2026", NOON + timedelta(days=30))
    with clock.at(NOON + timedelta(days=31)):
        assert holds.on(vault, [("person", "psn_alice")]) == []
        assert vault.destroy([key_id]).keys == 1


def test_what_is_sealed_opens_only_where_it_belongs(vault: Vault) -> None:
    key = vault.made_for([ALICE])[ALICE]
    assert key is not None
    sealed = sealing.seal(key, b"here", b"clear")
    assert sealing.unseal(key, b"here", sealed) == b"clear"
    for bound, bytes_ in ((b"there", sealed), (b"here", sealed[:-1]), (b"here", sealed[:20] + b"\x00" + sealed[21:])):
        with pytest.raises(sealing.NotOpening):
            sealing.unseal(key, bound, bytes_)


def _destroying_until_killed(directory: Path, key_ids: list[str]) -> None:
    vault = Vault(directory)
    for key_id in key_ids:
        vault.destroy([key_id])


@pytest.mark.parametrize("after", [0.02, 0.04, 0.08])
def test_a_rotation_killed_at_any_moment_loses_no_key_and_revives_none(vault: Vault, after: float) -> None:
    stays = vault.open(made(vault, BOB))
    gone = [made(vault, Whose(Scope.SUBJECT, "person", str(number))) for number in range(100)]
    vault.store.close()
    child = multiprocessing.get_context("fork").Process(target=_destroying_until_killed, args=(vault.store.directory, gone))
    child.start()
    child.join(after)
    if child.is_alive():  # it may be through by then, where nothing waits for a disk
        os.kill(child.pid or 0, signal.SIGKILL)
    child.join()
    again = Vault(vault.store.directory)
    assert again.open(stays.id).secret == stays.secret
    states = [again.state(key_id) for key_id in gone]
    assert states == sorted(states, reverse=True)  # destroyed ones first, then those it had not come to
    again.destroy(gone)
    assert {again.state(key_id) for key_id in gone} == {State.DESTROYED}
    assert len(list(vault.store.directory.glob("epoch-*.key"))) == 1
    assert again.open(stays.id).secret == stays.secret
