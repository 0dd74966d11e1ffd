"""Bundles at the command line: made, verified, and misuse told in words."""

import json

import pytest
from click.testing import CliRunner

from upheld.cli.bundle import bundle
from upheld.cli.verify import verify


def test_what_is_handed_out_is_verified_and_judged_again(company, tmp_path):
    out = tmp_path / "out.zip"
    made = CliRunner().invoke(bundle, [str(out), "--promise", "mini:2", "--as-of", "2026-05-06T13:00Z", "--complete", "--json"])
    assert made.exit_code == 0, made.output
    said = json.loads(made.output)
    assert (said["measures"], said["judgements"], said["lacking"]) == (1, 1, [])
    assert (tmp_path / "upheld-verify.pyz").exists()
    answer = CliRunner().invoke(verify, [str(out), "--reperform", "--json"])
    assert answer.exit_code == 0, answer.output
    assert [each["result"] for each in json.loads(answer.output)["reperformed"]] == ["same"]
    assert "all entries from" in CliRunner().invoke(verify, [str(out)]).output
    again = CliRunner().invoke(bundle, [str(out), "--promise", "mini:2"])
    assert (again.exit_code, "never overwrites" in again.output) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--promise", "a", "--chapter", "b"], "one document, chapter, promise or measure"),
        (["--as-of", "2026-05-06", "--period", "2026-05-01..2026-05-02"], "one instant or over one period"),
        (["--period", "last spring"], "is no period"),
        (["--disclose", "some"], "is not one of"),
        (["--held", "/no/such/file"], "does not exist"),
    ],
)
def test_misuse_is_told_in_words(company, tmp_path, arguments, says):
    answer = CliRunner().invoke(bundle, [str(tmp_path / "out.zip"), *arguments])
    assert (answer.exit_code, says in answer.output) == (2, True), answer.output
    assert not (tmp_path / "out.zip").exists()
