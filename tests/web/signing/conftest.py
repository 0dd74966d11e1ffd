"""Cheap hashes of passwords for every test here, and the language of one test not left to the next."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from tests.cheap import cheap_hashes

__all__ = ["cheap_hashes", "english_again"]


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """A request's language stays with its thread until the next request, which in a test may be none."""
    yield
    translation.deactivate()
