"""A real PostgreSQL: exactly what was put in comes out, what is kept from us is unknown, and what breaks off ends nothing."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.checks import here
from tests.labs import start
from tests.stage import declared, shipped

from upheld.checks.judge import judge
from upheld.checks.verdict import State
from upheld.evidence.collection import Collecting, Coverage, GapKind
from upheld.evidence.frame import frame_at
from upheld.evidence.store import Store
from upheld.evidence.table import Row
from upheld.lab.postgres import HBA, PASSWORD, READER, Postgres
from upheld.sources.postgresql import POSTGRESQL, PostgresqlSource, get
from upheld.sources.postgresql.connection import Connected
from upheld.sources.source import Misconfigured, SourceError, complete

pytestmark = pytest.mark.lab


def source(postgres: Postgres, **settings: str) -> PostgresqlSource:
    told = {"system": "crm"} | postgres.settings | settings
    password = told.pop("password")
    return POSTGRESQL.connect(complete(POSTGRESQL, told) | {"password": password})


def collected(postgres: Postgres, *, before: list[Row] | None = None, **settings: str) -> Collecting:
    into = Collecting("pg", POSTGRESQL.tables, datetime.now(UTC), known=lambda name: (before or []) if name == "accounts" else ())
    source(postgres, **settings).collect(into)
    return into


def rows(into: Collecting, table: str, *columns: str) -> set[tuple[object, ...]]:
    return {tuple(row[column] for column in columns) for row in into.seen[table].rows.values()}


def of(into: Collecting, name: str) -> dict[str, object]:
    return next(row for row in into.seen["accounts"].rows.values() if row["user_name"] == name)


def denied(into: Collecting) -> set[str]:
    return {f"{gap.table}.{gap.column}" for gap in into.gaps if gap.kind is GapKind.DENIED}


@pytest.fixture(scope="module")
def crm() -> Iterator[Postgres]:
    """A cluster with planted faults of many kinds."""
    with start(Postgres) as postgres:
        postgres.run(
            "CREATE ROLE ada LOGIN PASSWORD 'correct-horse-7' VALID UNTIL '2030-01-01 00:00:00+00'",
            "COMMENT ON ROLE ada IS 'person: 1001'",
            "CREATE ROLE bob LOGIN SUPERUSER PASSWORD 'correct-horse-7'",
            "COMMENT ON ROLE bob IS 'Bob of sales, person=bob@example.org'",
            "CREATE ROLE app LOGIN BYPASSRLS",
            "COMMENT ON ROLE app IS 'owner: 1002'",
            "SET password_encryption = 'md5'",
            "CREATE ROLE old LOGIN",
            "CREATE ROLE gone NOLOGIN",
            "CREATE ROLE sales NOLOGIN",
            "CREATE ROLE leads NOLOGIN CREATEROLE",
            "GRANT sales TO leads WITH ADMIN OPTION",
            "GRANT leads TO ada",
            "CREATE SCHEMA shop",
            "CREATE TABLE shop.orders (x int)",
            "CREATE TABLE shop.items (x int)",
            "GRANT USAGE ON SCHEMA shop TO sales",
            "GRANT SELECT ON ALL TABLES IN SCHEMA shop TO sales",
            "GRANT INSERT ON shop.orders TO app WITH GRANT OPTION",
            "ALTER TABLE shop.items OWNER TO app",
            "SET password_encryption = 'md5'",
        )
        postgres.sign_in("ada", "correct-horse-7")
        postgres.sign_in("old", "wrong")
        yield postgres


def test_every_role_that_can_sign_in_is_an_account(crm: Postgres) -> None:
    into = collected(crm)
    assert rows(into, "accounts", "user_name", "kind", "person_ref", "owner_ref", "enabled", "privileged", "password_scheme") == {
        ("owner", "system", None, None, True, True, "scram-sha-256"),
        (READER, "service", None, "1", True, False, "scram-sha-256"),
        ("ada", "person", "1001", None, True, False, "scram-sha-256"),
        ("bob", "person", "bob@example.org", None, True, True, "scram-sha-256"),
        ("app", "service", None, "1002", True, True, "none"),
        ("old", None, None, None, True, False, "none"),
    }
    assert {name for name, seen in into.seen.items() if seen.coverage is not Coverage.COMPLETE} == set()
    assert of(into, "ada")["expires_at"] == datetime(2030, 1, 1, tzinfo=UTC)


def test_the_last_sign_in_comes_from_the_log_and_what_it_does_not_reach_is_unknown(crm: Postgres) -> None:
    into = collected(crm)
    assert datetime.now(UTC) - of(into, "ada")["last_login_at"] < timedelta(minutes=5)  # type: ignore[operator]
    assert of(into, "old")["last_login_at"] is None
    assert any(gap.column == "last_login_at" and "the log that was read begins at" in gap.why for gap in into.gaps)


def test_a_sign_in_seen_before_stays_when_the_log_no_longer_reaches_it(crm: Postgres) -> None:
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    into = collected(crm, before=[{**of(collected(crm), "old"), "last_login_at": long_ago}])
    assert of(into, "old")["last_login_at"] == long_ago


def test_a_role_switched_off_stays_an_account(crm: Postgres) -> None:
    into = collected(crm, before=[{"id": str(crm.run("SELECT oid FROM pg_roles WHERE rolname = 'gone'")[0][0]), "user_name": "gone"}])
    assert (of(into, "gone")["enabled"], of(into, "gone")["can_sign_in"]) == (False, False)
    assert "gone" not in {row["name"] for row in into.seen["groups"].rows.values()}


def test_rights_are_summed_up_by_schema(crm: Postgres) -> None:
    into = collected(crm)
    names = {str(oid): name for oid, name in crm.run("SELECT oid, rolname FROM pg_roles")}
    held = {
        (row["holder_kind"], names[str(row["holder_id"])], row["entitlement"], row["can_grant"])
        for row in into.seen["grants"].rows.values()
        if names[str(row["holder_id"])] in {"ada", "app", "leads", "sales", "bob"}
    }
    assert held == {
        ("account", "ada", "leads", False),
        ("group", "leads", "sales", True),
        ("group", "leads", "attribute:CREATEROLE", False),
        ("group", "sales", "schema:USAGE:shop", False),
        ("group", "sales", "table:SELECT:shop.*", False),
        ("account", "app", "attribute:BYPASSRLS", False),
        ("account", "app", "table:INSERT:shop.orders", True),
        ("account", "bob", "attribute:SUPERUSER", False),
    }


def test_grantors_are_found_through_roles(crm: Postgres) -> None:
    into = collected(crm)
    names = {row["id"]: row["user_name"] for row in into.seen["accounts"].rows.values()}
    assert {(names[row["account_id"]], row["way"], row["scope"]) for row in into.seen["grantors"].rows.values()} == {
        ("owner", "superuser", None),
        ("bob", "superuser", None),
        ("ada", "createrole, as leads", "roles"),
        ("ada", "ADMIN OPTION on sales, as leads", "sales"),
        ("app", "owner of tables in shop", "tables:shop"),
    }


def test_each_line_of_pg_hba_is_a_door() -> None:
    lines = (
        "host all all 10.0.0.0/8 trust",
        "host all ada 0.0.0.0/0 password",
        "hostssl all +admins 10.0.0.0/8 scram-sha-256",
        "hostssl all all 10.0.0.0/8 scram-sha-256 clientcert=verify-full",
        "host all all 192.168.0.0/16 reject",
        *HBA,
    )
    with start(Postgres, configuration=("idle_session_timeout = '5min'",)) as postgres:
        postgres.run("CREATE ROLE admins", "GRANT admins TO owner")
        postgres.set_hba(*lines)
        into = collected(postgres)
        flags = ("allows_empty_passwords", "allows_plaintext", "allows_passwords", "allows_remote_superuser", "requires_mfa")
        assert rows(into, "logon_settings", "door", *flags) == {
            ("hba line 1", True, False, False, True, False),
            ("hba line 2", False, True, True, False, False),
            ("hba line 3", False, False, True, True, False),
            ("hba line 4", False, False, False, True, True),
            ("hba line 6", False, False, True, False, False),
            ("hba line 7", False, False, True, False, False),
        }
        assert rows(into, "logon_settings", "idle_timeout", "limits_guesses") == {(timedelta(minutes=5), True)}


def test_a_wrong_line_of_pg_hba_cuts_the_doors_short() -> None:
    with start(Postgres) as postgres:
        postgres.set_hba(*HBA, "hostssl all all nonsense")
        into = collected(postgres)
        assert into.seen["logon_settings"].coverage is Coverage.PARTIAL
        assert "line 3 of pg_hba.conf is wrong" in into.seen["logon_settings"].cut_short[0]


def test_without_rights_the_columns_are_denied_and_not_empty() -> None:
    with start(Postgres) as postgres:
        postgres.run(
            "DROP VIEW upheld.password_schemes",
            "DROP FUNCTION upheld.log_tail(bigint)",
            "REVOKE EXECUTE ON FUNCTION pg_hba_file_rules() FROM upheld_reader",
            "REVOKE pg_monitor FROM upheld_reader",
        )
        into = collected(postgres)
        assert {"accounts.password_scheme", "accounts.last_login_at"} <= denied(into)
        assert of(into, "owner")["password_scheme"] is None
        assert into.seen["logon_settings"].coverage is Coverage.PARTIAL
        assert into.seen["accounts"].coverage is Coverage.COMPLETE
        assert "may not see pg_hba.conf and password schemes" in source(postgres).test()


def test_rights_taken_away_make_unknown_what_was_known_and_nobody_gone(tmp_path: Path) -> None:
    with start(Postgres) as postgres:
        postgres.run("SET password_encryption = 'scram-sha-256'", "CREATE ROLE ada LOGIN PASSWORD 'correct-horse-7'")
        store = Store(tmp_path, [])
        first = store.record(collected(postgres), "first")
        postgres.run("DROP VIEW upheld.password_schemes")
        second = Store(tmp_path, first.files).record(collected(postgres), "second")
    assert {first.tables["accounts"].coverage, second.tables["accounts"].coverage} == {Coverage.COMPLETE}
    # The right that was taken away is gone indeed; nothing else is.
    assert [second.tables[name].ended for name in ("accounts", "grants")] == [0, 1]
    states = []
    for files, told in ((first.files, first), ([*first.files, *second.files], second)):
        filled = [each.filled(None) for each in told.tables.values()]
        frame = frame_at(files, filled, max(each.seen_at for each in filled))
        (verdict,) = judge([shipped()["access/password_storage_strong"]], frame, declared(), {}, engine=here.run)
        states.append((verdict.state, verdict.failed, verdict.unknown > 0))
    assert states == [(State.UPHELD, 0, False), (State.UNPROVEN, 0, True)]


def test_names_that_move_a_terminals_cursor_and_a_megabyte_are_kept_as_they_are() -> None:
    with start(Postgres) as postgres:
        postgres.run('CREATE ROLE "e\x1b[2J\nve" LOGIN', f"""COMMENT ON ROLE "e\x1b[2J\nve" IS 'person: 1001 {"x" * 1_000_000}'""")
        into = collected(postgres)
        assert of(into, "e\x1b[2J\nve")["person_ref"] == "1001"


def test_a_server_killed_between_queries_leaves_a_partial_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    with start(Postgres) as postgres:
        asked = get.rights

        def killed(connected: Connected) -> list[get.Right]:
            # The session's own process is in a group of its own, and would answer for a while.
            ((backend,),) = connected.rows("SELECT pg_backend_pid()")
            os.killpg(postgres.pid, signal.SIGKILL)
            os.kill(backend, signal.SIGKILL)
            return asked(connected)

        monkeypatch.setattr(get, "rights", killed)
        into = collected(postgres)
        assert into.seen["accounts"].coverage is Coverage.COMPLETE
        assert {into.seen[name].coverage for name in ("grants", "grantors", "logon_settings")} == {Coverage.PARTIAL}
        assert "broke off" in into.seen["grants"].cut_short[0]


@pytest.mark.parametrize(
    ("settings", "says", "permanent"),
    [
        ({"password": "not-this-one"}, "wrong password", True),
        ({"password": ""}, "wrong password, or none given", True),
        ({"database": "nowhere"}, "does not exist", True),
        ({"port": "1"}, "cannot be reached", False),
        ({"host": "localhost.localdomain.invalid"}, "cannot be reached", False),
    ],
)
def test_what_cannot_be_read_says_what_to_do(crm: Postgres, settings: dict[str, str], says: str, permanent: bool) -> None:
    with pytest.raises(SourceError, match=says) as raised:
        collected(crm, **settings)
    assert raised.value.permanent is permanent
    assert "not-this-one" not in str(raised.value) and PASSWORD not in str(raised.value)


def test_an_unknown_certificate_is_refused(crm: Postgres, tmp_path: Path) -> None:
    with start(Postgres) as other, pytest.raises(SourceError, match="set ca_file") as raised:
        collected(crm, ca_file=str(other.folder / "ca.pem"))
    assert raised.value.permanent


def test_another_machine_is_asked_only_over_verified_tls() -> None:
    settings = {"system": "crm", "host": "db.example.org"}
    assert POSTGRESQL.connect(complete(POSTGRESQL, settings)).where.sslmode == "verify-full"
    assert POSTGRESQL.connect(complete(POSTGRESQL, {**settings, "allow_plaintext": "yes"})).where.sslmode == "prefer"


@pytest.mark.parametrize("wrong", [{"port": "x"}, {"timeout": "soon"}, {"allow_plaintext": "maybe"}, {"admin_pattern": "("}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Misconfigured):
        POSTGRESQL.connect(complete(POSTGRESQL, {"system": "crm", "host": "localhost", **wrong}))


def test_the_clock_of_the_server_is_read_beside_ours(crm: Postgres) -> None:
    offset = collected(crm).clock_offset
    assert offset is not None and abs(offset) < timedelta(seconds=5)


def test_the_session_can_only_read(crm: Postgres) -> None:
    with Connected(source(crm).where) as connected:
        assert connected.rows("SHOW default_transaction_read_only") == [("on",)]
        assert connected.rows("SHOW statement_timeout") == [("30s",)]
