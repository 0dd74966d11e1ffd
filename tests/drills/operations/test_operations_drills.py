"""Each of these measures is shown to notice: the real thing is broken, and healed."""

import pytest
from tests.drills.drilled import goes_red_and_heals

pytestmark = pytest.mark.lab


@pytest.mark.parametrize(
    "measure",
    [
        "operations/audit_agreed",
        "operations/clocks_agree",
        "operations/logs_complete",
        "operations/logs_monitored",
        "operations/malware_control_works",
        "operations/network_devices_authorised",
        "operations/runbook_exists",
        "operations/utilities_restricted",
    ],
)
def test_a_break_is_caught_and_named(measure: str) -> None:
    goes_red_and_heals(measure)
