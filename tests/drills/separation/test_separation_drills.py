"""Each of these measures is shown to notice: the real thing is broken, and healed."""

import pytest
from tests.drills.drilled import goes_red_and_heals

from upheld.drills.catalogue import drilled

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("measure", sorted(each for each in drilled() if each.startswith("separation/")))
def test_a_break_is_caught_and_named(measure: str) -> None:
    goes_red_and_heals(measure)
