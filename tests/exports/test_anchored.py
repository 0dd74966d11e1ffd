"""Bundles beside what third parties say, and across a change of key: the auditor's own policy decides what counts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.exports.given import NOW, Company, InMemory
from tests.labs import start

from upheld import clock, outgoing
from upheld.exports.bundle.scope import About
from upheld.lab.time_stamps import TimeStamps
from upheld.ledger import anchors, cosignature, policy, rotating, sequencer, stamping, store
from upheld.ledger.checkpoint import COSIGNATURE, VerificationKey, parse
from upheld.ledger.keys import FileSigner
from upheld.ledger.policy import Policy, Quorum
from upheld.ledger.verify.bundle import bundle
from upheld.ledger.verify.bundle.logs import Brought
from upheld.ledger.verify.report import Report


def verified(members: dict[str, bytes], trusted: Policy) -> Report:
    report, _ = bundle.verify(InMemory(members), Brought(trusted, now=NOW))
    return report


def test_who_trusts_the_older_key_follows_it_to_the_newer_one(company):
    old = company.policy
    with clock.at(NOW):
        rotating.rotate("a new year")
    made = company.make(About.PROMISE, "mini:2").members
    report = verified(made, old)
    assert report.failed == []
    assert "rotations of the key: 1, each signed by both keys" in report.checked
    assert verified(made, company.policy).failed == []
    stranger = FileSigner("example.com/ledger/main/1", bytes(32)).key
    assert not verified(made, policy.trusting([stranger])).holds


def test_once_a_witness_cosigned_the_same_bundle_made_again_meets_a_policy_that_asks_for_one(company: Company):
    signer = FileSigner("witness.example", bytes(range(32)))
    witness = VerificationKey("witness.example", signer.key.public, COSIGNATURE)
    asks = replace(company.policy, witnesses=(witness,), quorum=Quorum(1, (witness,)))
    first = company.make(About.PROMISE, "mini:2")
    assert any("is not the quorum" in line for line in verified(first.members, asks).failed)
    checkpoint, at = parse(first.members["log-1/checkpoint"])[0], int(NOW.timestamp())
    signed = signer.sign(cosignature.message(checkpoint, at))
    anchors.keep_cosignature(store.current(), first.size, cosignature.signature(witness, at, signed))
    again = company.make(About.PROMISE, "mini:2", checkpoint=first.size)
    assert again.manifest == first.manifest
    report = verified(again.members, asks)
    assert report.failed == []
    assert any("witness.example witnessed it" in line for line in report.checked)


@pytest.mark.lab
def test_a_time_stamp_is_verified_under_an_authority_of_the_auditors_own(company, monkeypatch):
    monkeypatch.setenv(outgoing.ALLOWED, "127.0.0.0/8")
    with start(TimeStamps) as authority:
        stamping.add("lab", authority.url, authority.roots)
        sequencer.sequence()
        stamping.stamp(store.current())
        roots = authority.roots
    made = company.make(About.PROMISE, "mini:2").members
    (answer,) = (path for path in made if path.endswith(".tsr"))
    trusted = replace(company.policy, authorities=(roots,))
    report = verified(made, trusted)
    assert report.failed == []
    assert any(f"existed at {datetime.now(UTC):%Y-%m-%d}" in line for line in report.checked)
    assert "1 time stamps: your policy names no authority" in verified(made, company.policy).skipped
    spoilt = {**made, answer: made[answer][:-40] + bytes(40)}
    assert any(answer in line for line in verified(spoilt, trusted).failed)
