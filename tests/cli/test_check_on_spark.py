"""`upheld check --engine spark` where Spark cannot start: said, and nothing is kept."""

from importlib.util import find_spec

import pytest

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed: pip install '.[spark]'"),
]


def test_without_java_it_says_so_and_keeps_nothing(company):
    company("collect")
    company.environment |= {"JAVA_HOME": "/nonexistent", "PATH": "/nonexistent"}
    answer = company("check", "--engine", "spark")
    assert answer.returncode == 2 and "needs a Java runtime" in answer.stderr and "Traceback" not in answer.stderr
    assert {each["state"] for each in company.json("show")["documents"][0]["promises"]} == {"unproven"}
