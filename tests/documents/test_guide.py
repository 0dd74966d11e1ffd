"""The guide is tested: what it shows loads, and what exists is in it."""

import re
from pathlib import Path

from upheld.documents import lint
from upheld.documents.catalogue import known
from upheld.documents.document import load
from upheld.documents.importing.importing import ACCEPTED

GUIDE = (Path(__file__).parents[2] / "docs" / "how" / "write-your-document.md").read_text(encoding="utf-8")


def test_the_document_it_shows_loads_and_has_no_problem(tmp_path):
    shown = re.search(r"```toml\n(.*?)```", GUIDE, re.S)[1]
    path = tmp_path / "acme.toml"
    path.write_text(shown, encoding="utf-8")
    document = load(path)
    assert document.promises[0].proposed[0].confidence < ACCEPTED
    assert [remark.rule for remark in lint.lint(document, known())] == ["label-corrected"]


def test_it_names_every_rule_of_the_linter():
    source = Path(lint.__file__).read_text(encoding="utf-8")
    rules = set(re.findall(r'"([a-z]+-?[a-z]+)",\s+Weight\.', source))
    assert len(rules) == 15
    assert {rule for rule in rules if f"`{rule}`" not in GUIDE} == set()


def test_it_names_the_confidence_from_which_a_measure_is_taken():
    assert f"From {ACCEPTED} on" in GUIDE
