"""What systems call things cannot write to the terminal of whoever reads about them."""

from click.testing import CliRunner

from upheld.cli.main import upheld

HOSTILE = "\x1b]0;owned\x07\u202eAda"


def test_control_characters_of_names_are_shown_and_not_sent(workspace, tmp_path):
    run = CliRunner().invoke
    assert run(upheld, ["init"]).exit_code == 0
    path = tmp_path / "devices.csv"
    path.write_text(f"id,name,kind,in_use,encrypted\nd1,{HOSTILE},laptop,yes,no\n", encoding="utf-8")
    assert run(upheld, ["source", "add", "devices", "list", "table=devices", f"file={path}"]).exit_code == 0
    assert run(upheld, ["run"]).exit_code == 0
    for words in (["show", "assets/endpoint_encrypted"], ["show", "cloud:assets.1"], ["show"], ["check"]):
        said = run(upheld, words).output
        assert "Ada" in said, words
        assert not {"\x1b", "\x07", "\u202e"} & set(said), words
