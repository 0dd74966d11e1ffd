"""Each of these measures is shown to notice: the real thing is broken, and healed."""

import pytest
from tests.drills.drilled import goes_red_and_heals

pytestmark = pytest.mark.lab


@pytest.mark.parametrize(
    "measure",
    [
        "cryptography/endpoint_conforms",
        "cryptography/key_destruction_witnessed",
        "cryptography/key_registered",
        "cryptography/key_within_cryptoperiod",
        "cryptography/legal_rules_met",
    ],
)
def test_a_break_is_caught_and_named(measure: str) -> None:
    goes_red_and_heals(measure)
