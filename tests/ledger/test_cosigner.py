"""Being a witness: one history a log, whoever asks, however often, at once, after a restart, or with a database of yesterday."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests.ledger.given import Ledger, kinds, restore, snapshot
from tests.ledger.others import THEIRS, OtherLog, numbered

from upheld import clock
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import cosignature, fork, keys, models, sequencer
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.continuity import key_directory
from upheld.ledger.witness import cosigner, request, watching
from upheld.ledger.witness.cosigner import NotCosigned
from upheld.ledger.witness.request import MalformedRequest, Request


@pytest.fixture
def log() -> OtherLog:
    return OtherLog(numbered(40))


@pytest.fixture
def witness(ledger: Ledger, log: OtherLog):
    """Our own key, as a witness for the other log."""
    return watching.watch(log.signer.key)


def refused(body: bytes) -> NotCosigned:
    with pytest.raises(NotCosigned) as caught:
        cosigner.add_checkpoint(body)
    return caught.value


def last_size() -> int:
    return watching.watching()[0].size


def test_a_checkpoint_that_goes_on_is_cosigned_with_the_time(witness, log, noon):
    for old, new in ((0, 3), (3, 4), (4, 4), (4, 40)):
        answer = cosigner.add_checkpoint(log.request(old, new))
        found = cosignature.verify(log.note(new) + answer, [witness], int(noon.timestamp()))
        assert found == {witness: int(noon.timestamp())}
        assert last_size() == new


def test_an_empty_log_is_cosigned_too(witness):
    empty = OtherLog([])
    assert cosigner.add_checkpoint(empty.request(0, 0))
    assert last_size() == 0


def test_taking_on_a_log_and_giving_it_up_is_in_the_ledger(witness, log, ledger):
    assert watching.watch(log.signer.key) == witness
    watching.unwatch(THEIRS)
    with pytest.raises(watching.NotWatched):
        watching.unwatch(THEIRS)
    sequencer.sequence()
    assert kinds(ledger)[1:] == ["log.watched", "log.unwatched"]
    assert refused(log.request(0, 1)).status == 404


def test_a_log_given_up_and_taken_on_again_goes_on_from_what_was_seen(witness, log):
    cosigner.add_checkpoint(log.request(0, 7))
    watching.unwatch(THEIRS)
    watching.watch(log.signer.key)
    assert (refused(OtherLog(numbered(9, "x")).request(0, 9)).status, last_size()) == (409, 7)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"old 0\n\nnonsense\n", 400),
        (b"old 1\n\n" + OtherLog(numbered(3)).note(0), 400),
        (Request(0, (), keys.sign(Checkpoint("stranger.example/1", 1, bytes(32)), OtherLog().signer).encode()).text(), 404),
        (Request(0, (), OtherLog(numbered(3), seed=bytes([9] * 32)).note(3)).text(), 403),
        (Request(0, (), OtherLog(numbered(3)).note(3)[:-9] + b"AAAAAAAA\n").text(), 403),
        (Request(0, (bytes(32),), OtherLog(numbered(3)).note(3)).text(), 422),
        (Request(0, (), OtherLog(numbered(3)).note(3)).text() + b"x" * request.MAX_BYTES, 400),
    ],
)
def test_what_is_no_request_is_refused_with_the_status_that_the_specification_gives(witness, body, status):
    assert refused(body).status == status
    assert last_size() == 0


def test_another_size_than_the_last_is_a_conflict_that_tells_it(witness, log):
    cosigner.add_checkpoint(log.request(0, 7))
    for old, new in ((0, 9), (6, 9), (0, 5), (8, 9)):
        found = refused(log.request(old, new))
        assert (found.status, found.body, found.media_type) == (409, b"7\n", "text/x.tlog.size")


@pytest.mark.parametrize(("held", "size"), [(7, 7), (7, 20), (8, 20), (7, 8)])
def test_a_fork_is_refused_and_where_it_can_be_shown_it_is_kept_as_a_proof(witness, log, ledger, held, size):
    cosigner.add_checkpoint(log.request(0, held))
    other = OtherLog(numbered(40, "other"))
    for _ in range(2):
        assert refused(other.request(held, size)).status in (409, 422)
    assert last_size() == held
    if held == 8:  # a proof from a power of two leaves out the root that it begins at, and there nothing can be shown
        assert not models.ForkFound.objects.exists()
        return
    proof = fork.parse(bytes(models.ForkFound.objects.get().proof))
    first, second = fork.contradict(proof)
    assert (first.size, second.size) == (held, size)
    for note in (proof.held, proof.other):
        checkpoints.verify(note, THEIRS, [log.signer.key])
    assert watching.watching()[0].forked
    sequencer.sequence()
    assert kinds(ledger).count("log.forked") == 1


def test_an_honest_log_is_never_shown_to_fork(witness, log):
    cosigner.add_checkpoint(log.request(0, 7))
    assert refused(Request(7, tuple(log.path(6, 20)), log.note(20)).text()).status == 422
    assert refused(Request(7, (), log.note(20)).text()).status == 422
    assert not models.ForkFound.objects.exists()
    assert cosigner.add_checkpoint(log.request(7, 20))


def test_of_many_at_once_one_history_wins(witness, log):
    """Two histories of one log, each handed in twenty times from as many threads."""
    forks = [OtherLog(numbered(40, mark)) for mark in ("", "a")]
    told: list[tuple[int, bytes]] = []

    def ask(which: int) -> None:
        try:
            told.append((which, cosigner.add_checkpoint(forks[which].request(0, 20 + which))))
        except NotCosigned:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(number % 2,)) for number in range(40)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(told) == 1
    assert last_size() == 20 + told[0][0]


def test_a_database_of_yesterday_takes_nothing_back(witness, log, ledger, tmp_path: Path):
    cosigner.add_checkpoint(log.request(0, 7))
    snapshot(ledger, tmp_path / "backup")
    cosigner.add_checkpoint(log.request(7, 30))
    restore(ledger, tmp_path / "backup")
    assert refused(OtherLog(numbered(40, "other")).request(7, 30)).body == b"30\n"


def test_a_witness_that_lost_what_it_saw_cosigns_nothing(witness, log):
    cosigner.add_checkpoint(log.request(0, 7))
    for path in (key_directory() / "witnessed").glob("*.mark"):
        path.write_bytes(b"garbled")
        assert refused(log.request(7, 9)).status == 503
        path.unlink()
    assert refused(log.request(0, 9)).status == 503
    assert watching.watching()[0].lost
    watching.unwatch(THEIRS)
    watching.watch(log.signer.key)
    assert refused(log.request(0, 9)).status == 503


def test_a_clock_that_went_back_says_no_earlier_time(witness, log, noon):
    cosigner.add_checkpoint(log.request(0, 7))
    with clock.at(noon - timedelta(seconds=1)):
        assert refused(log.request(7, 8)).status == 503
    with clock.at(noon + timedelta(seconds=1)):
        assert cosigner.add_checkpoint(log.request(7, 8))


def test_a_key_rotated_by_the_log_is_taken_on_beside_the_old_one(witness, log):
    cosigner.add_checkpoint(log.request(0, 7))
    rotated = OtherLog(log.leaves, seed=bytes([7] * 32))
    assert refused(rotated.request(7, 9)).status == 403
    watching.watch(rotated.signer.key)
    assert cosigner.add_checkpoint(rotated.request(7, 9))
    assert cosigner.add_checkpoint(log.request(9, 10))
    watching.watch(rotated.signer.key, instead=True)
    assert refused(log.request(10, 11)).status == 403
    assert cosigner.add_checkpoint(rotated.request(10, 11))


def test_what_is_kept_does_not_grow_by_signatures_of_others(witness, log):
    note = log.note(3) + b"".join(checkpoints.Signature("x.example", bytes(4), bytes(2000)).line().encode() for _ in range(20))
    assert cosigner.add_checkpoint(Request(0, (), note).text())
    [path] = (key_directory() / "witnessed").glob("*.mark")
    assert len(checkpoints.parse(path.read_bytes())[1]) == 2


HASH = b"A" * 43 + b"="
NO_REQUESTS = [
    b"", b"old 0", b"old 00\n\nx", b"old -1\n\nx", b"old +1\n\nx", b"old 1_0\n\nx", "old ١\n\nx".encode(),
    b"old 9223372036854775808\n\nx", b"Old 0\n\nx", b"old 0\nAAAA\n\nx", b"old 0\n" + HASH + b"=\n\nx",
    b"old 0\n" + (HASH + b"\n") * 64 + b"\nx", b"old 0\n\xff\n\nx",
]  # fmt: skip


@pytest.mark.parametrize("body", NO_REQUESTS)
def test_bytes_that_are_no_request_are_told(body):
    with pytest.raises(MalformedRequest):
        request.parse(body)


def test_the_specifications_own_request_is_read():
    text = (
        "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\njrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
        "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\n"
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    ).encode()
    found = request.parse(text)
    assert (found.old, len(found.path), checkpoints.parse(found.note)[0].size) == (20852014, 4, 20852163)
    assert found.text() == text
