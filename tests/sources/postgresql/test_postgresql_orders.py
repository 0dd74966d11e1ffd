"""Orders to a real PostgreSQL, by the shipped functions and a role that can do nothing else."""

from collections.abc import Iterator

import psycopg
import pytest
from click.testing import CliRunner
from tests.labs import start
from tests.sources.ordering import FIRST, Company, order

from upheld import clock
from upheld.cli.can import can
from upheld.cli.enforce import enforce
from upheld.evidence.collection import Collecting
from upheld.lab.postgres import ENFORCER, OWNER, PASSWORD, Postgres
from upheld.sources import addressing, configured, journal
from upheld.sources.collecting import collect
from upheld.sources.enforcing import Verb
from upheld.sources.models import Enforcement

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def crm() -> Iterator[tuple[Postgres, dict[str, str]]]:
    """A cluster, and the settings of a source that may write to it."""
    with start(Postgres, configuration=["log_statement = 'all'"]) as postgres:
        postgres.run(
            f"CREATE ROLE ada LOGIN PASSWORD '{PASSWORD}'",
            f"CREATE ROLE bob LOGIN CREATEROLE PASSWORD '{PASSWORD}'",
            f"CREATE ROLE boss LOGIN SUPERUSER PASSWORD '{PASSWORD}'",
            'CREATE ROLE "odd ""name" LOGIN',
            "CREATE ROLE sales NOLOGIN",
            "CREATE ROLE europe NOLOGIN",
            "CREATE ROLE admins NOLOGIN CREATEROLE",
            "GRANT sales TO europe",
            "GRANT sales, europe TO ada",
            "CREATE SCHEMA shop",
            "CREATE TABLE shop.orders (number integer)",
            "CREATE TABLE shop.customers (number integer)",
            "GRANT SELECT ON ALL TABLES IN SCHEMA shop TO ada",
            "GRANT USAGE ON SCHEMA shop TO ada",
        )
        yield postgres, {"system": "crm", **postgres.settings, **postgres.let_write()}


@pytest.fixture
def source(crm, company: Company):
    """The cluster as a source, not read yet."""
    return company.add("crm", "postgresql", crm[1], collected=False)


def oid(postgres: Postgres, name: str) -> str:
    with postgres.session(OWNER) as session:
        return str(session.execute("SELECT oid FROM pg_roles WHERE rolname = %s", [name]).fetchall()[0][0])


def test_the_functions_are_all_that_is_needed(crm, source):
    assert {right.allowed for right in journal.rights(source)} == {True}


def test_a_role_is_disabled_and_enabled_whatever_its_name(crm, source, company):
    postgres, _ = crm
    for name in ("ada", 'odd "name'):
        came = company.order(source, order("disable", oid(postgres, name)))
        assert came == ("carried_out", True, f"{name} may not sign in (NOLOGIN)")
    assert not postgres.sign_in("ada", PASSWORD)
    assert company.order(source, order("enable", oid(postgres, "ada"))).outcome == "carried_out"
    assert postgres.sign_in("ada", PASSWORD)


def test_memberships_and_rights_are_taken_and_what_is_left_is_said(crm, source, company):
    postgres, _ = crm
    ada = oid(postgres, "ada")
    came = company.order(source, order("revoke", ada, "sales", oid(postgres, "sales")))
    assert came == ("carried_out", True, "ada does not hold sales, and still reaches it through a role that it is in")
    came = company.order(source, order("revoke", ada, "europe", oid(postgres, "europe")))
    assert came == ("carried_out", True, "ada does not hold europe")
    for right in ("table:SELECT:shop.*", "schema:USAGE:shop"):
        assert company.order(source, order("revoke", ada, right)) == ("carried_out", True, f"ada does not hold {right}")
    with postgres.session("ada") as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("SELECT * FROM shop.orders")
    assert company.order(source, order("revoke", oid(postgres, "bob"), "attribute:CREATEROLE")).outcome == "carried_out"
    assert company.order(source, order("grant", ada, "europe", oid(postgres, "europe"))).outcome == "carried_out"


def test_sessions_are_ended_and_later_ones_are_another_matter(crm, source, company):
    postgres, _ = crm
    ada = oid(postgres, "ada")
    with postgres.session("ada") as first, postgres.session("ada") as second:
        assert journal.plan(source, order("end_sessions", ada)).said.startswith("2 sessions of ada last")
        assert company.order(source, order("end_sessions", ada)) == ("carried_out", True, "no session of ada lasts")
        for session in (first, second):
            with pytest.raises(psycopg.OperationalError):
                session.execute("SELECT 1")


def test_a_new_password_is_in_no_log_of_the_server(crm, source, company):
    postgres, _ = crm
    done = journal.enforce(source, order("reset_secret", oid(postgres, "ada")), key="ada/1")
    assert (done.order.outcome, done.order.changed) == ("carried_out", True)
    assert not postgres.sign_in("ada", PASSWORD)
    assert postgres.sign_in("ada", done.secret)
    log = (postgres.folder / "db" / "log" / "postgresql.log").read_text()
    assert "set_verifier" in log
    assert done.secret not in log
    company.order(source, order("reset_secret", oid(postgres, "ada")), secret=PASSWORD)


def test_superusers_and_administrative_rights_are_refused_in_words(crm, source, company):
    postgres, _ = crm
    for verb, name, group in (
        ("disable", "boss", ""), ("reset_secret", "boss", ""), ("end_sessions", "boss", ""),
        ("disable", OWNER, ""), ("disable", ENFORCER, ""),
        ("grant", "ada", "admins"), ("grant", "ada", "pg_read_server_files"), ("grant", "ada", "boss"),
    ):  # fmt: skip
        with postgres.session("boss"):
            came = company.order(source, order(verb, oid(postgres, name), group, oid(postgres, group) if group else ""))
        assert came.outcome == "refused", (verb, name, group)
        assert "do not" in came.said


def test_the_role_that_writes_can_do_nothing_else(crm):
    postgres, _ = crm
    with postgres.session(ENFORCER) as session:
        for statement in (
            "ALTER ROLE ada NOLOGIN",
            "SELECT * FROM pg_authid",
            "SELECT * FROM shop.orders",
            "CREATE TABLE mine (n integer)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement)


def test_a_role_that_is_gone_is_gone_for_certain(crm, source, company):
    postgres, _ = crm
    postgres.run("CREATE ROLE brief LOGIN")
    brief = oid(postgres, "brief")
    postgres.run("DROP ROLE brief")
    assert company.order(source, order("disable", brief)) == ("carried_out", False, "there is no such role any more")
    assert company.order(source, order("enable", brief)).outcome == "refused"


def test_a_right_that_is_taken_away_refuses_and_is_told(crm, source, company):
    postgres, _ = crm
    postgres.run("REVOKE EXECUTE ON FUNCTION upheld.set_login(oid, boolean) FROM upheld_enforcer")
    try:
        told = {right.verb: right.allowed for right in journal.rights(source)}
        came = company.order(source, order("disable", oid(postgres, "ada")))
    finally:
        postgres.run("GRANT EXECUTE ON FUNCTION upheld.set_login(oid, boolean) TO upheld_enforcer")
    assert (told[Verb.DISABLE], told[Verb.REVOKE]) == (False, True)
    assert (came.outcome, "permission denied for function set_login" in came.said) == ("refused", True)


def test_people_name_accounts_and_entitlements_as_they_were_collected(crm, source):
    postgres, _ = crm
    collect(source)
    found = addressing.order(source, Verb.REVOKE, "ada", "europe")
    assert found == order("revoke", oid(postgres, "ada"), "europe", oid(postgres, "europe"))


def test_who_is_connected_is_collected_and_unknown_without_the_right(crm, source):
    postgres, _ = crm
    kind = configured.connect(source)
    with postgres.session("ada") as session:
        session.execute("SET application_name = 'psql'")
        into = Collecting("crm", configured.declared(source), clock.now())
        kind.collect(into)
        postgres.run("REVOKE pg_monitor FROM upheld_reader")
        try:
            blind = Collecting("crm", configured.declared(source), clock.now())
            kind.collect(blind)
        finally:
            postgres.run("GRANT pg_monitor TO upheld_reader")
    seen = {(row["identifier"], row["account_id"], row["interactive"], row["remote"]) for row in into.seen["sessions"].rows.values()}
    assert ("ada", oid(postgres, "ada"), True, False) in seen
    assert all(row["started_at"] is not None for row in into.seen["sessions"].rows.values())
    assert {gap.column for gap in blind.gaps if gap.table == "sessions" and gap.kind == "denied"} == {
        "started_at", "active_at", "from_address", "remote",
    }  # fmt: skip


def test_the_command_says_what_came_of_it_and_by_its_exit_status(crm, source):
    postgres, _ = crm
    postgres.run("CREATE ROLE cleo LOGIN", "GRANT sales TO cleo")
    collect(source)

    def run(command, *words):
        result = CliRunner().invoke(command, words)
        return result.exit_code, result.output or str(result.exception)

    assert run(can, "crm")[1].startswith("disable       yes       it may call upheld.set_login(oid,boolean)\n")
    dry = run(enforce, "crm", "revoke", "cleo", "sales", "--dry-run")
    assert dry == (0, "Nothing was changed. cleo holds sales; it may call upheld.revoke_role(oid,oid)\n")
    for _ in range(2):
        assert run(enforce, "crm", "revoke", "cleo", "sales", "--key", "k1") == (0, "done and read back: cleo does not hold sales\n")
    assert Enforcement.objects.get(key="k1").tries == 1
    assert "stands for another order" in run(enforce, "crm", "disable", "cleo", "--key", "k1")[1]
    assert "brought no account 'nobody'" in run(enforce, "crm", "disable", "nobody")[1]
    assert run(enforce, "crm", "grant", "cleo")[0] == 2
    refused = run(enforce, "crm", "disable", OWNER)
    assert (refused[0], "which these functions do not touch" in refused[1]) == (1, True)


def test_a_role_is_made_for_somebody_and_administers_nothing(crm, source, company):
    postgres, _ = crm
    assert company.create(source, "eve") == ("carried_out", True, "eve is there, as the account of its person")
    assert postgres.sign_in("eve", FIRST)
    assert company.seen(source, "eve") == ("77", True, None)
    log = (postgres.folder / "db" / "log" / "postgresql.log").read_text()
    assert "create_login" in log and FIRST not in log
    with postgres.session(OWNER) as session:
        made = session.execute("SELECT rolcreaterole, rolcreatedb, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'eve'").fetchone()
    assert made == (False, False, False, False)
    for name, why in (("eve", "already"), ("e" * 64, "too long"), ("pg_eve", "not for people"), ("upheld_eve", "not for people")):
        came = company.create(source, name)
        assert (came.outcome, why in came.said) == ("refused", True), came
    odd = """o'd"d; DROP ROLE eve; --"""
    assert (company.create(source, odd).outcome, postgres.sign_in(odd, FIRST)) == ("carried_out", True)
    assert "make it by hand" in company.create(source, "two", number="7 8").said
