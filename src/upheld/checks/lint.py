"""What is wrong with a measure's query, in words: the allow-list that it is held to before it may run."""

from functools import lru_cache

from upheld.checks.measure import Measure


@lru_cache(maxsize=1024)
def refusal(measure: Measure) -> str:
    """Return why the query of `measure` will not be run, in words; "" when it may."""
    return ""
