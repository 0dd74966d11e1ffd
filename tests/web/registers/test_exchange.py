"""Lists in and out in the browser: seen first, then kept; and nobody gets at what another handed in."""

import csv
import io
import os
import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.world import account, browser

from upheld import workspace
from upheld.accounts.role import Role
from upheld.registers.governance.models import Jurisdiction

GOOD = "Code,Title,From on\nde,Germany,2020-01-01\nfr,=France,2021-01-01\n"
ADDRESS = "/registers/governance/jurisdiction/"


@pytest.fixture
def lea(ledger):
    return account("lea", Role.SECURITY_LEAD)


def sent(client, text=GOOD, **more):
    return client.post(f"{ADDRESS}import/", {"file": SimpleUploadedFile("list.csv", text.encode()), "do": "preview", **more})


def token(answer):
    return re.search(r'name="token" value="([^"]+)"', answer.content.decode())[1]


def test_a_list_is_seen_first_and_then_kept(lea):
    client = browser(lea)
    assert "Bring in a list" in client.get(ADDRESS).content.decode()
    seen = sent(client)
    assert seen.status_code == 200 and "<b>2</b> new" in seen.content.decode() and not Jurisdiction.objects.exists()
    kept = client.post(f"{ADDRESS}import/", {"token": token(seen), "do": "keep"})
    assert "2 new" in kept.content.decode() and '<form method="post" enctype' not in kept.content.decode()
    assert dict(Jurisdiction.objects.values_list("code", "title")) == {"de": "Germany", "fr": "=France"}


def test_wrong_lines_keep_all_out_and_are_given_back_as_a_file(lea):
    client = browser(lea)
    seen = sent(client, GOOD.replace("2021", "soon"))
    assert "<b>1</b> new" in seen.content.decode() and "Write the day as in" in seen.content.decode()
    refused = client.post(f"{ADDRESS}import/", {"token": token(seen), "do": "keep"})
    assert refused.status_code == 409 and not Jurisdiction.objects.exists()
    back = list(
        csv.reader(io.StringIO(client.post(f"{ADDRESS}import/", {"token": token(seen), "do": "wrong"}).content.decode("utf-8-sig")))
    )
    assert [line[0] for line in back] == ["Code", "de", "fr"] and "Write the day" in back[2][-1]
    client.post(f"{ADDRESS}import/", {"token": token(seen), "do": "partly"})
    assert [each.code for each in Jurisdiction.objects.all()] == ["de"]


def test_columns_can_be_said_where_headers_do_not_tell(lea):
    client = browser(lea)
    asked = sent(client, GOOD.replace("From on", "Since"))
    assert asked.status_code == 400 and "no column for from_on" in asked.content.decode()
    seen = client.post(f"{ADDRESS}import/", {"token": token(asked), "do": "preview", "field-from_on": "Since"})
    assert "<b>2</b> new" in seen.content.decode()


def test_what_one_handed_in_is_nobody_else_s_and_is_gone_after_a_day(lea):
    seen = sent(browser(lea))
    other = browser(account("max", Role.SECURITY_LEAD))
    assert other.post(f"{ADDRESS}import/", {"token": token(seen), "do": "preview"}).status_code == 400
    for path in (workspace.current().root / "waiting").iterdir():
        assert path.stat().st_mode & 0o077 == 0
        os.utime(path, (time.time() - 90_000,) * 2)
    sent(browser(lea), GOOD.replace("de", "at"))
    assert browser(lea).post(f"{ADDRESS}import/", {"token": token(seen), "do": "keep"}).status_code == 400


@pytest.mark.parametrize("file", [b"\x00\xff\x00", b"", b"PK\x03\x04broken", b'"Code', b"Code,Title,From on\n" * 1])
def test_what_is_no_list_is_refused_in_words(lea, file):
    answer = browser(lea).post(f"{ADDRESS}import/", {"file": SimpleUploadedFile("x.csv", file), "do": "preview"})
    assert answer.status_code in (200, 400) and "waiting/" not in answer.content.decode()
    assert answer.status_code == 400 or b"new" not in answer.content


def test_the_register_goes_out_as_the_list_shows_it_to_whom_it_shows_it(lea):
    client = browser(lea)
    client.post(f"{ADDRESS}import/", {"token": token(sent(client)), "do": "keep"})
    answer = client.get(f"{ADDRESS}export.csv?q=fr")
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode())))
    assert rows[0][:3] == ["number", "code", "title"] and [row[1:3] for row in rows[1:]] == [["fr", "'=France"]]
    assert client.get(f"{ADDRESS}export.xlsx").content.startswith(b"PK")
    assert b"".join(browser(account("bob", Role.AUDITOR, over=("chapter", "people"))).get(f"{ADDRESS}export.csv")).count(b"\n") == 1
    assert browser(account("charlie")).get(f"{ADDRESS}export.csv").status_code in (403, 404)
    assert browser(account("eve", Role.EMPLOYEE)).post(f"{ADDRESS}import/", {"do": "preview"}).status_code in (400, 403)
