"""A real repository and a share with planted secrets: found by place and fingerprint, never shown; what was not looked at is said."""

import json
import subprocess
import sys

import pytest
from tests.labs import require_module
from tests.sources.collected import collect, connected, rows

from upheld.evidence.collection import Coverage
from upheld.sources.secrets import SECRETS
from upheld.sources.source import Misconfigured, SourceError

AWS = "AKIA" + "Q3EGU7XVNMWJ5TLP"
KEY = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEAx\n-----END RSA " + "PRIVATE KEY-----\n"
WORD = "tr0ub4dor" + "-and-3-more"


@pytest.fixture
def places(tmp_path):
    """A repository with a tracked and an untracked secret, and a share."""
    require_module("detect_secrets")
    repository, share = tmp_path / "app", tmp_path / "share"
    for folder in (repository, share):
        folder.mkdir()
    (repository / "deploy.sh").write_text(f"export AWS_ACCESS_KEY_ID={AWS}\n")
    (repository / "README.md").write_text("nothing here\n")
    subprocess.run(["git", "init", "-q", repository], check=True)
    subprocess.run(["git", "-C", repository, "add", "."], check=True)
    (repository / "untracked.pem").write_text(KEY)
    (share / "old.pem").write_text(KEY)
    (share / "notes.py").write_text(f'password = "{WORD}"\nkey = "{AWS}"  # pragma: allowlist secret\n')
    return repository, share


def source(*places, **settings):
    return connected(SECRETS, places=" ".join(f"{place}=git" for place in places), **settings)


def test_secrets_are_found_by_place_and_never_shown(places):
    into = collect(source(*places), "secret_scans", "exposed_secrets")
    assert into.coverage is Coverage.COMPLETE
    assert {(row["place"], row["files"], row["unread"]) for row in rows(into, "secret_scans")} == {
        (str(places[0]), 2, 0), (str(places[1]), 2, 0),
    }  # fmt: skip
    found = {(row["file"], row["line"], row["kind"], row.get("accepted")) for row in rows(into, "exposed_secrets")}
    assert found == {
        ("deploy.sh", 1, "AWS Access Key", False),
        ("old.pem", 1, "Private Key", False),
        ("notes.py", 1, "Secret Keyword", None),
        ("notes.py", 2, "AWS Access Key", True),
    }
    told = json.dumps(rows(into, "exposed_secrets"))
    assert AWS not in told
    assert WORD not in told
    prints = {row["fingerprint"] for row in rows(into, "exposed_secrets") if row["kind"] == "AWS Access Key"}
    assert len(prints) == 1  # the same secret in two places


def test_what_somebody_said_in_the_baseline_counts(places, tmp_path):
    share = places[1]
    scan = subprocess.run(
        [sys.executable, "-m", "detect_secrets", "scan", "--all-files", "--no-verify", "."],
        cwd=share,
        capture_output=True,
        text=True,
        check=True,
    )
    baseline = json.loads(scan.stdout)
    for found in baseline["results"]["notes.py"]:
        found["is_secret"] = False
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps(baseline))
    into = collect(source(share, baseline_file=str(path)), "secret_scans", "exposed_secrets")
    assert {(row["file"], row["accepted"]) for row in rows(into, "exposed_secrets") if row["line"] == 1} == {
        ("notes.py", True),
        ("old.pem", False),
    }
    path.write_text("[]")
    with pytest.raises(SourceError, match="is none of detect-secrets'"):
        collect(source(share, baseline_file=str(path)), "secret_scans", "exposed_secrets")


def test_what_was_not_looked_through_is_said(places, tmp_path):
    (places[1] / "large.txt").write_text("x" * 3000)
    into = collect(source(places[1], tmp_path / "gone", most_bytes="2000"), "secret_scans", "exposed_secrets")
    assert [row["unread"] for row in rows(into, "secret_scans")] == [1]
    assert into.seen["secret_scans"].coverage is Coverage.PARTIAL
    assert "is not there" in into.seen["secret_scans"].cut_short[0]


@pytest.mark.parametrize("settings", [{"places": "relative"}, {"places": ""}, {"places": "/srv", "most_bytes": "0"}])
def test_what_makes_no_sense_is_refused(settings):
    require_module("detect_secrets")
    with pytest.raises(Misconfigured):
        connected(SECRETS, **settings)
