"""Failures at real services travel through syslog-ng over TLS to a detection, an event, an incident and a verdict; a canary beside them."""

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.judged import judge_rows
from tests.labs import installed, require, require_user

from upheld import clock
from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.checks.verdict import State
from upheld.lab.postgres import Postgres
from upheld.lab.slapd import Slapd
from upheld.lab.sshd import Sshd
from upheld.lab.syslog import Syslog, SyslogAgent
from upheld.ledger import sequencer
from upheld.logs import canary, watching
from upheld.logs.models import CanaryTry, Detection, Scan, WatchedLog
from upheld.logs.scanning import Scanner
from upheld.registers.incidents import categories, deciding
from upheld.registers.incidents.incident_models import Severity
from upheld.registers.incidents.models import Decision, IncidentCategory, SecurityEvent
from upheld.registers.incidents.queueing import queue
from upheld.registers.incidents.rows import log_detections, security_events

pytestmark = pytest.mark.lab


class Lab:
    """Services that log to syslog-ng, which sends it over TLS to another that writes files."""

    def __init__(self, collector: Syslog, agent: SyslogAgent, sshd: Sshd, slapd: Slapd, postgres: Postgres) -> None:
        self.collector, self.agent, self.sshd, self.slapd, self.postgres = collector, agent, sshd, slapd, postgres

    @property
    def written(self) -> str:
        return "".join(each.read_text() for each in sorted(self.collector.folder.glob("logs/*.log")))

    def until(self, *words: str) -> None:
        """Wait until all `words` came out at the other end."""
        deadline = time.monotonic() + 20
        while not all(each in self.written for each in words):
            assert time.monotonic() < deadline, (words, self.agent.output(), self.written[-2000:])
            time.sleep(0.1)

    def sudo(self, *command: str) -> str:
        """Let nobody, who may do /bin/true alone, try `command`."""
        rules = self.agent.folder / "sudoers"
        rules.write_text("Defaults !authenticate\nnobody ALL=(root) /bin/true\n")
        rules.chmod(0o440)
        mounted = ["sh", "-c", f'mount --bind {rules} /etc/sudoers && exec "$@"', "sh"]
        as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "sudo", "-n", *command]
        return subprocess.run(self.agent.beside([*mounted, *as_nobody]), capture_output=True, text=True, check=False, timeout=30).stderr


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    require("syslog-ng", "sshd", "slapd", "postgres", "sudo", "unshare")
    require_user("nobody")
    with installed(), Syslog() as collector, Postgres() as postgres:
        log = postgres.folder / "db" / "log" / "postgresql.log"
        with SyslogAgent(collector, host="web1", files={"postgres": log}) as agent:
            sshd, slapd = Sshd(), Slapd(directives=["loglevel stats"])
            sshd.within = slapd.within = agent.beside
            with sshd, slapd:
                time.sleep(1.1)  # syslog tells seconds: who signed in to set up the services did so in an earlier one than who fails below
                yield Lab(collector, agent, sshd, slapd, postgres)


@pytest.fixture
def log(lab: Lab, workspace: object) -> WatchedLog:
    sequencer.init("sample.example/ledger/main/1")
    return watching.add("web1", lab.collector.files, "syslog", system_id="web1", product="linux", service="auth")


def scan(log: WatchedLog) -> Scan:
    return Scanner(log, watching.rules()).scan()


def test_failures_at_four_services_become_events_an_incident_and_a_verdict(lab, log):
    for n in range(6):
        canary._ssh(canary.urlsplit(f"ssh://127.0.0.1:{lab.sshd.port}"), f"eve{n}")
    for _ in range(10):
        assert not lab.slapd.sign_in("uid=mallory,ou=people,dc=example,dc=org", "wrong")
    assert not lab.postgres.sign_in("trudy", "wrong")
    assert "not allowed" in lab.sudo("/bin/false")
    lab.until("Invalid user eve5", 'authentication failed for user "trudy"', "command not allowed")
    kept = scan(log)
    assert kept.unread == 0 and kept.troubles == []
    failed = {(each.fields.get("user"), each.rule) for each in log.met.all()}
    assert {("eve0", "upheld_sign_in_failed"), ("mallory", "upheld_sign_in_failed"), ("trudy", "upheld_sign_in_failed")} <= failed
    titles = {each.title: each for each in Detection.objects.exclude(level="informational")}
    assert set(titles) == {
        "Many failed sign-ins from one address",
        "One address tries many names",
        "Somebody tried to use rights they do not have",
    }
    assert titles["One address tries many names"].group == {"from_address": "127.0.0.1"}

    assert queue() == 3
    verdicts = [_judged("incidents/detections_queued"), _judged("access/attempts_handled")]
    assert [(each.state, each.population) for each in verdicts] == [(State.UPHELD, 2), (State.UPHELD, 3)]
    with clock.at(clock.now() + timedelta(days=4)):
        assert _judged("access/attempts_handled").state is State.BROKEN
    lead = Person(uuid4(), "1", "Ada", (Held(Role.SECURITY_LEAD),), "cli", second_factor=True)
    categories.declare_category(by=lead, name="intrusion", title="Intrusion", playbook="")
    for event in SecurityEvent.objects.all():
        deciding.decide_event(
            event,
            by=lead,
            decision=Decision.INCIDENT,
            reason="Somebody tries to get in.",
            category=IncidentCategory.objects.get(),
            severity=Severity.HIGH,
            title=str(event),
        )
    with clock.at(clock.now() + timedelta(days=4)):
        assert _judged("access/attempts_handled").state is State.UPHELD
    assert SecurityEvent.objects.exclude(incident=None).count() == 3


def test_a_canary_comes_out_at_the_other_end_and_one_that_does_not_is_known(lab, log):
    made = [
        canary.add(log, f"ssh://127.0.0.1:{lab.sshd.port}", 600),
        canary.add(log, f"postgresql://127.0.0.1:{lab.postgres.port}", 600),
        canary.add(log, f"ldap://127.0.0.1:{lab.slapd.port}/ou=people,dc=example,dc=org", 600),
    ]
    tries = [canary.attempt(each) for each in made]
    lab.until(*(each.name for each in tries))
    assert all("let in" not in each.said for each in tries), [each.said for each in tries]
    assert scan(log).detections.filter(rule=canary.RULE).exists()
    assert canary.look(log) == 3 and canary.look(log) == 0
    assert not CanaryTry.objects.filter(found_at=None).exists()
    silent = canary.attempt(canary.add(log, "ssh://127.0.0.1:1", 600))
    scan(log)
    assert canary.look(log) == 0 and "refused" in silent.said


def test_nobody_without_a_certificate_is_listened_to_and_what_is_forged_stays_one_line(lab, log):
    context = ssl.create_default_context(cafile=str(lab.collector.folder / "ca.pem"))
    with socket.create_connection(("127.0.0.1", lab.collector.port), timeout=5) as plain:
        stranger = context.wrap_socket(plain, server_hostname="localhost")
        with stranger, pytest.raises(ssl.SSLError):
            stranger.recv(1)  # it is said here that a certificate is asked for
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as program:
        program.connect(str(lab.agent.folder / "log"))
        program.send(
            b"<38>Nov 22 20:00:00 app[1]: x\n<38>Nov 22 20:00:01 sshd[1]: Accepted none for root from 192.0.2.6 port 1 ssh2 end-of-it"
        )
    lab.until("end-of-it")
    assert not list(lab.collector.folder.glob("logs/forged*"))
    scan(log)
    assert not any("root" in str(each.fields.get("user")) for each in log.met.all())


def _judged(measure: str):
    tables = {"log_detections": list(log_detections()), "security_events": list(security_events())}
    return judge_rows(measure, as_of=clock.now(), **tables)
