"""PostgreSQL in the lab: a cluster of its own with scram passwords, TLS, a log of connections, and a reader with the documented rights."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, LiteralString

import psycopg

from upheld.lab.certificates import make
from upheld.lab.service import DidNotStart, NotInstalled, Service, find

OWNER, READER, ENFORCER = "owner", "upheld_reader", "upheld_enforcer"
PASSWORD = "lab-only-5d1e"  # noqa: S105  opens a service that lives for one test
HBA = ("local all all scram-sha-256", "hostssl all all 127.0.0.1/32 scram-sha-256")
CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
fsync = off
ssl = on
ssl_cert_file = '{folder}/server.pem'
ssl_key_file = '{folder}/server.pem'
shared_preload_libraries = 'auth_delay,passwordcheck'
auth_delay.milliseconds = 50
log_connections = on
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql.log'
log_line_prefix = '%m [%p] %q%u@%d '
log_timezone = 'UTC'
hba_file = '{folder}/pg_hba.conf'
"""
# As docs/sources/postgresql.md asks an administrator to run them.
READER_RIGHTS: tuple[LiteralString, ...] = (
    "CREATE ROLE upheld_reader LOGIN CONNECTION LIMIT 2 PASSWORD 'lab-only-5d1e'",
    "COMMENT ON ROLE upheld_reader IS 'owner: 1'",
    "GRANT pg_monitor TO upheld_reader",
    "GRANT SELECT ON pg_hba_file_rules TO upheld_reader",
    "GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO upheld_reader",
    "CREATE SCHEMA upheld",
    "GRANT USAGE ON SCHEMA upheld TO upheld_reader",
    """CREATE VIEW upheld.password_schemes AS SELECT oid AS role, CASE WHEN rolpassword IS NULL THEN 'none'
         WHEN rolpassword LIKE 'SCRAM-SHA-256$%' THEN 'scram-sha-256' WHEN rolpassword LIKE 'md5%' THEN 'md5' ELSE 'cleartext' END AS scheme
       FROM pg_catalog.pg_authid""",
    "GRANT SELECT ON upheld.password_schemes TO upheld_reader",
    """CREATE FUNCTION upheld.log_tail(bytes bigint) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
         SELECT convert_from(pg_read_binary_file(pg_current_logfile('stderr'), greatest(0, size - bytes), bytes), 'SQL_ASCII')
         FROM pg_stat_file(pg_current_logfile('stderr')) $$""",
    "REVOKE EXECUTE ON FUNCTION upheld.log_tail(bigint) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION upheld.log_tail(bigint) TO upheld_reader",
)


class Postgres(Service):
    """A PostgreSQL cluster whose superuser is `OWNER`; started as the user postgres where we are root, since it refuses root.

    `hba` are the lines of pg_hba.conf, `configuration` further settings.
    """

    name = "postgres"

    def __init__(self, *, hba: Sequence[str] = HBA, configuration: Sequence[str] = ()) -> None:
        super().__init__()
        self.hba, self.configuration = list(hba), list(configuration)
        self._prepared = False

    @property
    def settings(self) -> dict[str, str]:
        """What the source kind `postgresql` needs to read it; the password is resolved already."""
        place = {"host": "127.0.0.1", "port": str(self.port), "database": "postgres", "user": READER, "password": PASSWORD}
        return place | {"ca_file": str(self.folder / "ca.pem")}

    def command(self) -> list[str]:
        """Make the cluster where there is none yet, write its configuration, and return the server's arguments."""
        postgres = find("postgres")
        if not (self.folder / "db").is_dir():
            self._make()
        self._write_hba()
        return [*self._as_server(), postgres, "-D", str(self.folder / "db")]

    def answers(self) -> bool:
        """Whether our server takes queries: the pid it wrote is the one we started."""
        pid = self.folder / "db" / "postmaster.pid"
        if not pid.is_file() or pid.read_text(encoding="ascii").partition("\n")[0] != str(self.pid):
            return False
        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def start(self, *, within: float = 30.0) -> None:
        """Start the server; at the first start the reader gets its rights."""
        super().start(within=within)
        if not self._prepared:
            self.run(*READER_RIGHTS)
            self._prepared = True

    def run(self, *statements: LiteralString, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run `statements` in `database` as the superuser, over TLS, and return the rows of the last one."""
        with psycopg.connect(**self._as(OWNER) | {"dbname": database}, autocommit=True) as connection:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def let_write(self) -> dict[str, str]:
        """Run the shipped enforce.sql as its page asks, and return the settings by which a source may enforce."""
        script = files("upheld.sources.postgresql").joinpath("enforce.sql").read_bytes()
        with psycopg.connect(**self._as(OWNER), autocommit=True) as connection:
            connection.execute(script)
            connection.execute(f"ALTER ROLE {ENFORCER} PASSWORD '{PASSWORD}'")
        return {"enforce_user": ENFORCER, "enforce_password": PASSWORD}

    def session(self, user: str, password: str = PASSWORD) -> "psycopg.Connection[tuple[Any, ...]]":
        """Sign `user` in and return the session."""
        return psycopg.connect(**{**self._as(user), "password": password}, autocommit=True)

    def sign_in(self, user: str, password: str) -> bool:
        """Return whether `user` gets in with `password`."""
        try:
            psycopg.connect(**{**self._as(user), "password": password}).close()
        except psycopg.OperationalError:
            return False
        return True

    def set_hba(self, *lines: str) -> None:
        """Replace pg_hba.conf, and let the server read it."""
        self.hba = list(lines)
        self._write_hba()
        self.run("SELECT pg_reload_conf()")

    def _as(self, user: str) -> dict[str, Any]:
        place = {"host": "127.0.0.1", "port": self.port, "dbname": "postgres", "user": user, "password": PASSWORD}
        return place | {"sslmode": "verify-full", "sslrootcert": str(self.folder / "ca.pem"), "connect_timeout": 5}

    def _make(self) -> None:
        authority = make("Upheld lab", authority=True)
        authority.write_certificate(self.folder / "ca.pem")
        make("localhost", by=authority).write(self.folder / "server.pem")
        (self.folder / "password").write_text(PASSWORD, encoding="ascii")
        self._hand_over()
        initdb = [find("initdb"), "-D", str(self.folder / "db"), "-U", OWNER, "--pwfile", str(self.folder / "password")]
        options = ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"]
        done = subprocess.run([*self._as_server(), *initdb, *options], check=False, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise DidNotStart(f"initdb failed: {done.stderr[-500:]}")
        own = CONFIGURATION.format(port=self.port, folder=self.folder) + "\n".join(self.configuration) + "\n"
        with (self.folder / "db" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(own)

    def _write_hba(self) -> None:
        path = self.folder / "pg_hba.conf"
        path.write_text("\n".join(self.hba) + "\n", encoding="utf-8")
        self._hand_over()

    def _hand_over(self) -> None:
        """Give what lies in the folder to the user that the server runs as, where that is another."""
        if os.geteuid() == 0:
            user = self._user()
            for path in (self.folder, *self.folder.iterdir()):
                os.chown(path, user.pw_uid, user.pw_gid)

    def _as_server(self) -> list[str]:
        if os.geteuid() != 0:
            return []
        return [find("setpriv"), f"--reuid={self._user().pw_name}", f"--regid={self._user().pw_gid}", "--clear-groups"]

    @staticmethod
    def _user() -> pwd.struct_passwd:
        try:
            return pwd.getpwnam("postgres")
        except KeyError as error:
            raise NotInstalled("there is no user postgres, and PostgreSQL refuses to run as root: run `make lab`") from error
