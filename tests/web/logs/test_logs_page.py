"""The pages of logs: who may see them, how much came when, a search, and a detection with its condition marked in the line."""

import pytest
from tests.world import account, browser, world

from upheld import clock
from upheld.accounts.role import Role
from upheld.logs import watching
from upheld.logs.models import Detection
from upheld.logs.scanning import Scanner
from upheld.registers.incidents.queueing import queue

LINE = "2026-05-04T{:02}:{:02}:00Z web1 sshd[1]: Failed password for invalid user {} from 203.0.113.7 port 1 ssh2\n"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def lead(ledger, tmp_path):
    """A browser of somebody who leads security, with a log in which somebody tried names."""
    path = tmp_path / "auth.log"
    log = watching.add("auth", str(path), "syslog", system_id="web1", product="linux", service="auth")
    names = ["root", "admin", "eve", "bo", "cy", HOSTILE]
    path.write_text(
        "".join(LINE.format(11, n, name) for n, name in enumerate(names * 2))
        + "2026-05-04T11:30:00Z web1 sudo:   eve : user NOT in sudoers ; TTY=x\n"
    )
    Scanner(log, watching.rules()).scan()
    queue()
    return browser(account("lead", Role.SECURITY_LEAD))


def page(browser, address="/logs/"):
    answer = browser.get(address)
    assert answer.status_code == 200, address
    assert HOSTILE not in answer.content.decode()
    return answer.content.decode()


def test_it_shows_how_much_came_when_and_what_rules_found(lead):
    said = page(lead)
    assert "13 events in" in said and "One address tries many names" in said and "Somebody tried to use rights" in said
    assert said.count('class="events"') == 1 and said.count('class="detections"') == 1
    assert "cannot meet here" in said and "90 days" in said
    assert "Many failed" not in page(lead, "/logs/?level=medium") and "Somebody tried to use rights" in page(lead, "/logs/?level=medium")


def test_a_search_finds_lines_and_says_what_is_wrong_with_it(lead):
    assert "2 lines found" in page(lead, "/logs/?q=user:root&days=1")
    assert "&lt;script&gt;" in page(lead, "/logs/?q=user:*script*")
    assert "No field &#x27;nobody&#x27; is kept" in page(lead, "/logs/?q=nobody:x")
    assert "No line that is kept says so" in page(lead, "/logs/?q=user:root&from=2026-05-01T00:00&until=2026-05-02T00:00")
    for odd in (
        "?days=x&page=-1&from=no&until=9",
        "?from=2026-05-04T12:00&until=2026-05-04T11:00",
        "?log=none&level=none",
        "?q=%27%22%25",
        "?q=-",
    ):
        page(lead, f"/logs/{odd}")


def test_the_line_is_marked_where_the_rule_met_and_the_event_is_named(lead):
    found = Detection.objects.get(title__startswith="Somebody tried")
    said = page(lead, f"/logs/detections/{found.pk}/")
    assert "<mark>sudo</mark>" in said and "is failure" in said and "/registers/incidents/securityevent/" in said
    many = Detection.objects.get(title__startswith="One address")
    said = page(lead, f"/logs/detections/{many.pk}/")
    assert "at least 5 different values of user" in said and said.count("Failed password") >= 5
    assert lead.get("/logs/detections/999/").status_code == 404


def test_only_who_may_see_lines_does(lead):
    there = world()
    found = Detection.objects.first()
    for who in (there.alice, there.bob, there.charlie, there.dana):
        for address in ("/logs/", f"/logs/detections/{found.pk}/"):
            assert browser(who).get(address).status_code == 403
    assert browser(account("dpo", Role.DPO)).get("/logs/").status_code == 200


def test_without_a_log_the_page_says_how_to_begin(ledger):
    assert "upheld logs add" in page(browser(account("lead", Role.SECURITY_LEAD)))


def test_as_many_queries_whatever_was_found(lead, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        page(lead)
    with clock.at(clock.now()), django_assert_max_num_queries(40):
        page(lead, "/logs/?q=user:root")


def test_both_pages_are_in_german_with_what_is_english_marked_so(lead):
    lead.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    said = page(lead, "/logs/?q=user:root&days=1")
    for words in (
        "Was Regeln fanden",
        "2 Zeilen gefunden",
        "Beobachtete Logs",
        "90 Tage",
        "kritisch" if "critical" in said else "hoch",
    ):
        assert words in said, words
    assert "What rules found" not in said and '<main id="content" class="wide">' in said
    told = page(lead, f"/logs/detections/{Detection.objects.exclude(level='informational').first().pk}/")
    assert "Die Regel" in told and "Warteschlange" in told and '<h1 lang="en">' in told
