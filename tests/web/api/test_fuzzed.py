"""Every operation of the API, tried by schemathesis with what its description allows and what it does not: never a failure of ours."""

import os
from datetime import timedelta

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from tests.world import account, person

from upheld.accounts import tokens
from upheld.accounts.role import Role

# All tests have little time: every twelfth operation is tried, once, each way another one. UPHELD_FUZZ=50 tries each of them fifty times.
EXAMPLES = int(os.environ.get("UPHELD_FUZZ", "0"))
STEP = 1 if EXAMPLES else 12


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_nothing_that_is_sent_makes_the_product_fail(ledger: object, mode: GenerationMode) -> None:
    lea = account("lea", *(role for role in Role if role not in (Role.AUDITOR, Role.CUSTOMER)))
    token = tokens.make(lea, name="fuzz", only_reads=False, lasts=timedelta(days=1), by=person(lea).actor)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler(), headers={"Authorization": f"Bearer {token}"})
    tried = 0
    for place, found in enumerate(schema.get_all_operations()):
        if place % STEP == list(GenerationMode).index(mode) * STEP // 2:
            tried += _try(found.ok(), mode, token)
    assert tried >= 15


def _try(operation: APIOperation, mode: GenerationMode, token: str) -> int:
    calls = 0

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES or 1, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def check(case: Case) -> None:
        nonlocal calls
        calls += 1
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=[not_a_server_error])

    check()
    return calls
