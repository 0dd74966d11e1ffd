"""How far a query may go follows from how large the company is; and what fails by the many is counted whole, and not carried along."""

from upheld.checks.engines.tally import Limits, Tally, digest, digest_of, fitting
from upheld.checks.keeping import merged
from upheld.checks.verdict import Outcome


def test_a_small_company_has_what_it_always_had() -> None:
    assert fitting(0) == fitting(1_000_000) == Limits()


def test_a_company_of_twenty_million_rights_may_have_an_outcome_for_each() -> None:
    large = fitting(21_000_000)
    assert large.rows == 42_000_000
    assert (large.seconds, large.load_seconds) == (630.0, 1_500.0)
    assert large.memory_bytes > Limits().memory_bytes


def test_what_multiplies_rows_is_still_stopped() -> None:
    assert fitting(3_000_000).rows < 3_000_000 * 3


def test_lines_in_pieces_come_to_the_same_digest() -> None:
    assert digest_of(3, 1, ["a\x1ffalse\n", "b\x1ffalse"]) == digest(3, 1, "a\x1ffalse\nb\x1ffalse")


def test_where_names_were_not_kept_nothing_is_exchanged() -> None:
    def failing(*names: str) -> tuple[Outcome, ...]:
        return tuple(Outcome(name, name, False, "") for name in names)

    known = Tally(population=9, failed=9, failing=failing("a", "b"))
    come = Tally(population=1, failed=1, failing=failing("c"), was=Tally())
    assert merged(known, come, named=1) is None
    lines = tuple(f"{name}\x1ffalse" for name in "abdefghij")
    kept = Tally(population=9, failed=9, failing=failing("a", "b"), lines=lines)
    assert merged(kept, come, named=1) is not None, "the control: with the lines it is exchanged"
