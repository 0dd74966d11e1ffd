"""Adding a source: names are used once, passwords are not stored, and paths work from any folder."""

from pathlib import Path

import pytest

from upheld.ledger import sequencer
from upheld.sources import configured
from upheld.sources.models import ConfiguredSource
from upheld.sources.source import Misconfigured, Setting, complete, kind
from upheld.sources.source import absolute as absolute_paths


@pytest.fixture
def hr(workspace, tmp_path: Path) -> Path:
    """Return the file of an HR list; no source uses it yet."""
    sequencer.init("test.example/ledger/main/1")
    path = tmp_path / "people.csv"
    path.write_text("id\n1\n")
    return path


@pytest.mark.parametrize("again", ["hr", "HR", "Hr"])
def test_a_name_in_use_is_not_used_twice_whatever_its_case(hr, again):
    configured.add("hr", "people", {"file": str(hr)})
    with pytest.raises(Misconfigured, match="'hr' is in use: choose another name"):
        configured.add(again, "people", {"file": str(hr)})


@pytest.mark.parametrize("again", ["hr", "HR"])
def test_a_removed_sources_name_is_never_used_again_since_its_history_keeps_it(hr, again):
    configured.add("hr", "people", {"file": str(hr)})
    configured.remove("hr")
    with pytest.raises(Misconfigured, match=r"'hr' was used until \d{4}-\d\d-\d\d; .* choose another one"):
        configured.add(again, "people", {"file": str(hr)})
    assert ConfiguredSource.objects.count() == 1


@pytest.mark.parametrize("name", ["", "h r", "hr\n", "Großraum", "a/b", "../x", "x" * 61])
def test_a_name_that_cannot_be_one_is_refused_in_words(hr, name):
    with pytest.raises(Misconfigured, match=r"use letters .* digits, hyphens and underscores, at most 60"):
        configured.add(name, "people", {"file": str(hr)})


@pytest.mark.parametrize(
    "address",
    [
        "https://user:marker8c1f@host/x",
        "ldap://u:marker8c1f@h",
        "https://u:marker/8c1f@host",
        "https://:marker8c1f@host",
        "git+https://ok.example https://u:8c1f@h:443/",
    ],
)
def test_an_address_with_a_password_is_refused_and_not_shown(hr, address):
    with pytest.raises(Misconfigured, match="repository holds an address with a password") as raised:
        configured.add("code", "git", {"repository": address, "fetch": "yes"})
    assert "8c1f" not in str(raised.value)
    assert not ConfiguredSource.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["https://host:443/a@b", "https://a:443,https://u@b", "ssh://git@host:22/x", "git@host:x/y", "ldap://[::1]:389/x@y", "https://u@host/"],
)
def test_an_address_without_a_password_is_kept(address):
    git = kind("git")
    assert complete(git, {"repository": address})["repository"] == address


def test_a_relative_path_is_stored_absolute(hr, monkeypatch):
    monkeypatch.chdir(hr.parent)
    (hr.parent / "people").mkdir()
    source = configured.add("hr", "list", {"table": "people", "file": "people.csv"})
    assert source.settings == {"table": "people", "file": str(hr)}
    monkeypatch.chdir("/")
    assert "1 line " in configured.connect(source).test()


def test_only_what_may_be_a_path_and_is_there_is_made_absolute(hr, monkeypatch):
    class Kind:
        settings = (Setting("ca_file", ""), Setting("system", ""), Setting("mapping", ""), Setting("password", "", secret=True))

    monkeypatch.chdir(hr.parent)
    given = {"ca_file": "people.csv", "system": "people.csv", "mapping": '{"id": "' + "x" * 300 + '"}', "password": "file:people.csv"}
    assert absolute_paths(Kind(), given) == given | {"ca_file": str(hr), "password": f"file:{hr}"}
