"""Tests against real services: skipped with the reason where the lab is not installed, failing instead where it must be."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TypeVar

import pytest

from upheld.lab.service import NotInstalled, Service, find

Lab = TypeVar("Lab", bound=Service)


def require(*programs: str) -> None:
    """Skip the test that calls this unless `programs` are installed; with UPHELD_REQUIRE_LAB=1, fail it."""
    for program in programs:
        try:
            find(program)
        except NotInstalled as error:
            _leave(str(error))


@contextmanager
def installed() -> Iterator[None]:
    """Turn `NotInstalled` inside the block into a skip, or a failure where the lab is required."""
    try:
        yield
    except NotInstalled as error:
        _leave(str(error))


@contextmanager
def start(service: Callable[..., Lab], **options: object) -> Iterator[Lab]:
    """Start a service of the lab with `options`, and stop it at the end; see `installed` for where it is missing."""
    with installed(), service(**options) as running:
        yield running


def require_module(name: str) -> None:
    """Skip the test that calls this unless the module `name` is installed; with UPHELD_REQUIRE_LAB=1, fail it."""
    if find_spec(name) is None:
        _leave(f"the module {name} is not installed: run `make lab`")


def require_user(name: str) -> None:
    """Skip unless we are root and can become `name`."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        _leave(f"this test asks as {name}, which only root can become")


def _leave(why: str) -> None:
    if os.environ.get("UPHELD_REQUIRE_LAB") == "1":
        pytest.fail(why)
    pytest.skip(why)
