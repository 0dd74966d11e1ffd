"""What follows a restore, typed as somebody would: nothing is changed that cannot be signed, and one way leads on."""

import json
import shutil
from pathlib import Path

from django.db import connection
from tests.erasure.company import RITA, Company, everywhere
from tests.erasure.test_erase_commands import Terminal, run  # noqa: F401

from upheld.sources.models import ConfiguredSource
from upheld.upkeep.taking import Target, take
from upheld.vault import holds, owed
from upheld.vault.keys import here

BASIS = ("--basis", "GDPR 17(1)(b)")


def put_back(company: Company, copy: Path, *, without_mark: bool) -> None:
    """Put the machine back as it was when it was copied: database, history and keys; the mark is in no backup of keys."""
    connection.close()
    here().store.close()
    for folder in (company.space.root, company.space.keys):
        shutil.rmtree(folder)
        shutil.copytree(copy / folder.name, folder)
    for mark in (company.space.keys / "ledger").glob("*.mark") if without_mark else ():
        mark.unlink()


def test_two_commands_lead_on_from_a_restore(company: Company, run: Terminal, tmp_path: Path) -> None:  # noqa: F811
    take(company.space, Target(tmp_path / "b.tar"))  # not as a command, after which this process were at work in what is replaced
    assert "upheld ledger new-shard --reason" in run("restore", str(tmp_path / "b.tar"))
    before = ConfiguredSource.objects.filter(removed_at=None).count()
    for words in (
        ("source", "remove", "list-groups"),
        ("hold", "add", "P-2", "--reason", "x", "--until", "2099-01-01"),
        ("ledger", "stamp", "remove", "x"),
        ("erase", "P-2", *BASIS, "--yes"),
        ("collect",),
        ("bundle", str(tmp_path / "x.zip")),
    ):
        said = run(*words, status=2)
        assert "it was restored from a backup" in said and "new-shard" in said and "Nothing was changed." in said, said
    assert (ConfiguredSource.objects.filter(removed_at=None).count(), holds.listed(here())) == (before, [])
    assert "Going on in acme.example/ledger/main/2" in run("ledger", "new-shard", "--reason", "the disk failed")
    assert "goes on by itself" in run("ledger", "new-shard", "--reason", "by mistake", status=2)
    run("collect")
    run("source", "remove", "list-groups")
    run("ledger", "verify")
    run("doctor")


def test_a_machine_put_back_whole_serves_nothing_until_whom_it_forgot_is_erased_again(
    company: Company,
    run: Terminal,  # noqa: F811
    tmp_path: Path,
) -> None:
    for folder in (company.space.root, company.space.keys):
        shutil.copytree(folder, tmp_path / "copy" / folder.name)
    told = json.loads(run("erase", RITA[1], *BASIS, "--json").split("\n  planned")[0])
    (receipt := tmp_path / "receipt.txt").write_text(told["receipt"])
    put_back(company, tmp_path / "copy", without_mark=True)
    assert everywhere(company)  # she is back
    forgotten = [each["said"] for each in json.loads(run("doctor", "--json", status=1)) if each["what"] == "erasures"]
    assert "whoever was erased since is here again" in forgotten[0]
    for words in (("serve", "--port", "1"), ("collect",), ("erased", "reapply")):
        assert "mark is gone" in run(*words, status=2)
    assert "--none-erased" in run("ledger", "new-shard", "--reason", "put back", status=2)
    receipt.write_text(told["receipt"].replace("17(1)(b)", "17(1)(a)"))
    assert "was changed" in run("ledger", "new-shard", "--reason", "put back", "--receipt", str(receipt), status=2)
    receipt.write_text(told["receipt"])
    assert f"--again {told['erasure']}" in run("ledger", "new-shard", "--reason", "put back", "--receipt", str(receipt))
    assert "1 erased people are here again" in run("serve", "--port", "1", status=2)
    assert f"{told['erasure']}  OWED" in run("erased", "list")
    assert "is owed here" in run("erase", RITA[1], *BASIS, "--yes", "--again", "0" * 32, status=2)
    run("erase", RITA[1], *BASIS, "--yes", "--again", told["erasure"])
    assert everywhere(company) == []
    assert json.loads(run("erased", "reapply", "--json"))["resumed"] == 0
    kinds = [entry["kind"] for entry in map(json.loads, company.entries())]
    assert kinds.count("erasure.settled") == 1


def test_who_was_not_there_yet_is_settled_by_saying_so(company: Company, run: Terminal, tmp_path: Path) -> None:  # noqa: F811
    told = json.loads(run("erase", RITA[1], *BASIS, "--json").split("\n  planned")[0])
    (receipt := tmp_path / "receipt.txt").write_text(told["receipt"])
    for mark in (company.space.keys / "ledger").glob("*.mark"):
        mark.unlink()
    run("ledger", "new-shard", "--reason", "the mark was lost", "--receipt", str(receipt))
    assert "OWED" not in run("erased", "list")  # it is known here
    owed.owe(here(), ["f" * 32])
    assert "nothing to erase again" in run("erase", "P-77", *BASIS, "--again", "f" * 32)
    assert owed.owed(here()) == ()
