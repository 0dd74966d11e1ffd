"""How a measure is judged again is told before anything changes, with the reason."""

import pytest
from tests.stage import shipped

from upheld.checks.planning import Way
from upheld.checks.ways import ways


@pytest.mark.parametrize(
    ("measure", "what", "way", "why"),
    [
        ("access/password_age", "accounts", Way.BY_ROWS, "no subject hangs on two"),
        ("access/password_age", "time", Way.BY_ROWS, "crossed a limit"),
        ("access/password_storage_strong", "time", Way.TAKEN_OVER, "does not ask for the time"),
        ("authorization/privileged_few", "accounts", Way.BY_STEPS, "come to the same; else whole"),
        ("authorization/privileged_few", "people", Way.WHOLE, "no step before"),
    ],
)
def test_each_table_and_time_have_a_way_and_a_reason(measure: str, what: str, way: Way, why: str) -> None:
    told = {each.what: each for each in ways(shipped()[measure])}
    assert (told[what].way, why in told[what].why) == (way, True), told[what]
