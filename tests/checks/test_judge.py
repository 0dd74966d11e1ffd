"""Worst first: what each verdict is, and the sentence that people read."""

from datetime import timedelta

from tests.checks.example import BY_TIME, QUERY, account, measure, used
from tests.judged import AS_OF, Judged, at_risk, broken, excepted, unproven, upheld

from upheld.checks.verdict import State

ENABLED = [account("ada", enabled=True), account("bob", enabled=True)]
MIXED = [account("ada", enabled=True), account("bob", enabled=False), account("carl")]


def test_all_that_pass_uphold(judged: Judged) -> None:
    verdict = judged(measure(), accounts=ENABLED)
    assert verdict == upheld(2)
    assert verdict.reason == "All 2 accounts pass."


def test_one_that_fails_breaks_and_is_named_though_others_are_unknown(judged: Judged) -> None:
    verdict = judged(measure(), accounts=MIXED)
    assert verdict == broken(3, [("bob", "an account")])
    assert verdict.reason == "1 of 3 accounts fails: BOB (an account). 1 is unknown."
    assert (verdict.passed, verdict.failed, verdict.unknown) == (1, 1, 1)


def test_unknown_is_neither_upheld_nor_broken_and_says_who_was_not_allowed_to_see(judged: Judged) -> None:
    verdict = judged(measure(), accounts=[MIXED[0], MIXED[2]], denied={"accounts.enabled": "the bind account may not read it"})
    assert verdict == unproven("1 of 2 accounts cannot be judged: CARL (an account).")
    assert verdict.reason.endswith("Test was refused accounts.enabled (the bind account may not read it).")


def test_nobody_is_not_everybody(judged: Judged) -> None:
    assert judged(measure(), accounts=[]) == unproven("no accounts are in scope, and 0 of 0 proves nothing", 0)


def test_nobody_is_fine_where_the_measure_says_why(judged: Judged) -> None:
    verdict = judged(measure(more='may_be_empty = "a company may have none"'), accounts=[])
    assert verdict == upheld(0)
    assert verdict.reason == "There are no accounts in scope, which is fine here: A company may have none."


def test_a_table_that_nobody_fills_proves_nothing_and_is_not_looked_at(judged: Judged) -> None:
    assert judged(measure(), systems=[]) == unproven("No source fills accounts, which this measure needs.", 0)


def test_an_optional_table_that_nobody_fills_is_told_and_does_not_block(judged: Judged) -> None:
    query = QUERY + "LEFT JOIN systems AS system ON system.id = account.system_id"
    verdict = judged(measure(query, more='optional = ["systems"]'), accounts=ENABLED)
    assert verdict == upheld(2)
    assert verdict.untested == ("systems",)
    assert verdict.reason == "All 2 accounts pass. Not tested, as no source fills it: systems."


def test_stale_evidence_proves_nothing_but_what_it_shows_failing_is_broken(judged: Judged) -> None:
    assert judged(measure(), accounts=ENABLED, stale=["accounts"]) == unproven(
        "accounts from test is stale: it was last read completely on"
    )
    assert judged(measure(), accounts=MIXED, stale=["accounts"]) == broken(3, [("bob", "an account")])


def test_a_table_that_was_never_read_completely_proves_nothing(judged: Judged) -> None:
    assert judged(measure(), accounts=ENABLED, partial=["accounts"]) == unproven(
        "test has never read accounts completely (the connection dropped)."
    )


def test_an_approved_exception_is_shown_and_never_counted_as_upheld(judged: Judged) -> None:
    verdict = judged(measure(), accounts=MIXED[:2], exceptions={"bob": AS_OF + timedelta(days=3)})
    assert verdict == excepted(2, [("bob", "an account")])
    assert verdict.reason == (
        "1 of 2 accounts fails under approved exceptions: BOB (an account). The first exception ends on 7 May 2026, 12:00 UTC."
    )
    assert (verdict.passed, verdict.failed, verdict.excepted) == (1, 0, 1)


def test_an_exception_that_is_over_covers_nothing(judged: Judged) -> None:
    assert judged(measure(), accounts=MIXED[:2], exceptions={"bob": AS_OF}) == broken(2, [("bob", "an account")])


def test_what_fails_beside_an_exception_breaks(judged: Judged) -> None:
    rows = [*MIXED[:2], account("dora", enabled=False)]
    verdict = judged(measure(), accounts=rows, exceptions={"bob": AS_OF + timedelta(days=3)})
    assert verdict == broken(3, [("dora", "an account"), ("bob", "an account")])
    assert verdict.reason == "1 of 3 accounts fails: DORA (an account). 1 more fails under an approved exception."


def test_a_break_is_announced_before_it_happens(judged: Judged) -> None:
    example = measure(BY_TIME, more='warn = "5 days"')
    assert judged(example, accounts=[used("ada", 1), used("bob", 20)]) == upheld(2, flips_at=AS_OF + timedelta(days=10))
    verdict = judged(example, accounts=[used("ada", 1), used("bob", 26)])
    assert verdict == at_risk(2, flips_at=AS_OF + timedelta(days=4))
    assert verdict.reason == "All 2 accounts pass, but this breaks on 8 May 2026, 12:00 UTC: BOB (last used 2026-04-08)."


def test_a_query_that_names_one_subject_twice_is_an_error_not_an_outcome(judged: Judged) -> None:
    query = "SELECT 'one' AS subject, user_name AS label, true AS ok, 'x' AS detail FROM accounts"
    assert judged(measure(query), accounts=ENABLED) == unproven("the query gave 2 rows for one subject, 'one'", 0)


def test_a_query_that_names_no_subject_is_an_error(judged: Judged) -> None:
    query = "SELECT mail AS subject, user_name AS label, true AS ok, 'x' AS detail FROM accounts"
    assert judged(measure(query), accounts=ENABLED) == unproven("2 rows without a subject")


def test_a_query_that_fails_says_so(judged: Judged) -> None:
    query = "SELECT id AS subject, user_name AS label, CAST(user_name AS INTEGER) = 1 AS ok, 'x' AS detail FROM accounts"
    assert judged(measure(query), accounts=ENABLED) == unproven("It could not be judged: the query failed: Conversion Error")


def test_a_query_that_is_not_allowed_is_not_run(judged: Judged) -> None:
    query = "SELECT id AS subject, user_name AS label, created_at < now() AS ok, 'x' AS detail FROM accounts"
    assert judged(measure(query), accounts=ENABLED) == unproven("now asks a clock (use $as_of", 0)


def test_further_columns_are_shown(judged: Judged) -> None:
    query = "SELECT id AS subject, user_name AS label, enabled AS ok, 'x' AS detail, system_id AS system FROM accounts"
    (failing,) = judged(measure(query), accounts=[account("bob", enabled=False)]).failing
    assert failing.more == {"system": "crm"}


def test_a_value_weaker_than_the_promise_breaks_whatever_the_subjects_say(judged: Judged) -> None:
    systems = [{"id": "crm", "in_operation": True}]
    verdict = judged("backup/restore_proven", systems=systems, restore_tests=[], parameters={"restore_interval": "9 years"})
    assert verdict.state is State.BROKEN
    assert verdict.reason.startswith("The policy is weaker than the promise: restore_interval is 9 years, but the promise allows at most")


def test_the_digest_of_outcomes_does_not_hang_on_the_order_of_rows(judged: Judged) -> None:
    assert judged(measure(), accounts=MIXED).digests["outcomes"] == judged(measure(), accounts=MIXED[::-1]).digests["outcomes"]


def test_digests_name_every_input(judged: Judged) -> None:
    verdict = judged(measure(), accounts=MIXED)
    other = judged(measure(), accounts=[account("ada", enabled=True), account("bob", enabled=False), account("dora")])
    assert verdict.digests.keys() == {"measure", "evidence", "outcomes"}
    assert verdict.digests["measure"] == measure().digest
    assert verdict.digests["outcomes"] != other.digests["outcomes"]
