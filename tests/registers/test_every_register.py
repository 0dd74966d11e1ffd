"""What holds for every register: its ties and columns lead somewhere, leads see all of it, and a stranger is not even asked about."""

import pytest
from django.core.exceptions import EmptyResultSet
from tests.actors import person

from upheld.accounts.role import Role, Verb
from upheld.accounts.scope import scope
from upheld.actions.allowing import thing_of
from upheld.actions.declaring import declared
from upheld.registers.recorded import registers
from upheld.workspace import Workspace

SECRET = {"sanctions"}  # what not even a lead is shown


def test_ties_and_columns_lead_somewhere(ledger: Workspace) -> None:
    for model in registers():
        ties, names = model.ties, {field.name for field in model._meta.concrete_fields}
        for path in (*model.searched, *filter(None, (ties.owner, ties.concerns, ties.team, ties.customer, ties.at))):
            assert not model._default_manager.filter(**{path: "2026-05-04T12:00Z"}).exists(), (model, path)
        assert set(model.listed) <= names and set(model.persons) <= names, model
        assert list(model._default_manager.select_related(*model.joined)) == [], model
        assert model.ties.chapter == model.register().partition(".")[0], model


def test_leads_reach_all_and_a_stranger_nothing(ledger: Workspace) -> None:
    lea, bob, charlie = person("lea", Role.SECURITY_LEAD), person("bob", Role.AUDITOR), person("charlie")
    for model in registers():
        every, thing = model._default_manager.all(), thing_of(model)
        # An auditor writes in the auditor's own space alone.
        assert bob.may(Verb.DO, thing) == (thing == "audit-space") and not charlie.may(Verb.SEE, thing), model
        for verb in Verb:
            if thing in SECRET:
                assert not lea.may(verb, thing), model
                continue
            assert "WHERE" not in str(scope(lea, verb, every, model.ties, thing=model.thing).query), model
            with pytest.raises(EmptyResultSet):
                str(scope(charlie, verb, every, model.ties, thing=model.thing).query)


def test_each_is_kept_by_some_action() -> None:
    made = {action.makes for action in declared().values()}
    assert [model.register() for model in registers() if model not in made] == []
