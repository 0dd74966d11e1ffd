"""Measures are judged on rows: see tests/judged.py."""

from tests.judged import judged

__all__ = ["judged"]
