"""A verifier's policy, as JSON and as C2SP tlog-policy has it: what it means, and what is no policy."""

import json
from datetime import timedelta

import pytest
from tests.ledger.others import OtherLog, a_witness

from upheld.ledger.policy import MalformedPolicy, Policy, Quorum
from upheld.ledger.policy_file import FORMAT, read, write
from upheld.ledger.rotation import KeyRange

OLD, NEW = (OtherLog([], seed=bytes([n] * 32)).signer.key for n in (1, 2))
X1, X2, X3, Y1, Y2, Y3 = (a_witness(number).key for number in range(1, 7))
# The example of the specification, with keys.
LINES = f"""
# two organisations
log {OLD.text()} https://log.example/
witness X1 {X1.text()}
witness X2 {X2.text()}   https://x2.example/
\twitness X3 {X3.text()}
group X-witnesses 2 X1 X2 X3

witness Y1 {Y1.text()}
witness Y2 {Y2.text()}
witness Y3 {Y3.text()}
group Y-witnesses any Y1 Y2 Y3
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def of(**members) -> str:
    return json.dumps({"format": FORMAT, "logs": [OLD.text()], **members})


def test_json_says_keys_with_sizes_witnesses_and_ages():
    found = read(
        of(
            logs=[{"key": OLD.text(), "until": 7}, {"key": NEW.text(), "after": 7}],
            witnesses=[X1.text(), X2.text()], quorum=1, authorities=["PEM"], max_age_days=30, patience_hours=72,
        )
    )  # fmt: skip
    assert found == Policy(
        (KeyRange(OLD, -1, 7), KeyRange(NEW, 7)), (X1, X2), Quorum(1, (X1, X2)), ("PEM",), timedelta(days=30), timedelta(hours=72)
    )
    assert read(of()) == Policy((KeyRange(OLD),))


def test_what_is_written_is_read_back():
    policy = Policy((KeyRange(OLD, -1, 7), KeyRange(NEW, 7)), (X1, X2), Quorum(2, (X1, X2)), ("PEM",))
    assert read(write(policy, 2)) == policy


@pytest.mark.parametrize(
    ("by", "met"),
    [
        ({X1, X2, Y1}, True), ({X1, X3, Y3}, True), ({X1, X2, X3}, False), ({X1, Y1, Y2, Y3}, False), (set(), False),
        ({X1, X2, X3, Y1, Y2, Y3}, True),
    ],
)  # fmt: skip
def test_groups_count_as_the_specification_has_it(by, met):
    assert read(LINES).quorum.met(frozenset(by)) is met


def test_a_quorum_of_none_and_of_one():
    head = LINES.partition("group")[0]
    assert read(head + "quorum none\n").quorum.met(frozenset())
    assert not read(head + "quorum X1\n").quorum.met(frozenset({X2}))
    assert read(head + "quorum X1\n").quorum.met(frozenset({X1}))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "at least one line 'log'"),
        (LINES + "quorum X1\n", "exactly one line 'quorum'"),
        (LINES.replace("quorum X-and-Y", ""), "exactly one line 'quorum'"),
        (LINES.replace("log ", "lag "), "'lag' is no line"),
        (LINES.replace("quorum X-and-Y", "quorum Z"), "not understood, or names what no line above it"),
        (LINES.replace("witness Y1", "witness X1"), "is taken"),
        (LINES.replace("witness Y1", "witness none"), "is taken"),
        (LINES.replace("2 X1 X2 X3", "4 X1 X2 X3"), "no more than it lists"),
        (LINES.replace("2 X1 X2 X3", "0 X1 X2 X3"), "all, any, or a number"),
        (LINES.replace("2 X1 X2 X3", "+2 X1 X2 X3"), "all, any, or a number"),
        (LINES.replace("2 X1 X2 X3", "2 X1 X1 X3"), "in one group once"),
        (LINES.replace("any Y1 Y2 Y3", "any Y1 Y2 X3"), "in one group once"),
        (LINES.replace("any Y1 Y2 Y3", "all"), "no more than it lists"),
        (LINES.replace(Y1.text(), X1.text()), "count twice"),
        (LINES.replace(Y1.text(), OLD.text()), "a witness's is wanted"),
        (LINES.replace(OLD.text(), X1.text()), "a log's is wanted"),
        ("{", "is not JSON"),
        ("{}", "does not say that its format"),
        (of(logs=[]), "trusts no log"),
        (of(extra=1), "nobody knows: extra"),
        (of(quorum=1), "1 of 0 witnesses"),
        (of(quorum=-1), "whole number from 0"),
        (of(quorum=True), "whole number"),
        (of(max_age_days=10**9), "whole number"),
        (of(logs=[{"key": OLD.text(), "before": 1}]), "object of key, after and until"),
        (of(logs=[7]), "object of key"),
        (of(logs="x"), "is a list"),
        (of(witnesses=[7]), "not text"),
        (of(witnesses=[X1.text(), X1.text()]), "count twice"),
        (of(witnesses=[X1.text()[:-4]]), "a key of the policy"),
        ('{"format": "upheld/trust/1", "format": "upheld/trust/1"}', "one member twice"),
        ("{" * 100_000, "is not JSON"),
    ],
)
def test_what_is_no_policy_is_told(text, why):
    with pytest.raises(MalformedPolicy, match=why):
        read(text)
