"""Documentation is tested: what exists is documented, and generated pages are fresh."""

import importlib.util
import re
from pathlib import Path

import pytest

from upheld.cli.main import COMMANDS
from upheld.evidence.table import tables
from upheld.sources.source import kind, names

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def test_the_tour_is_fresh():
    spec = importlib.util.spec_from_file_location("make_tour", DOCS / "make_tour.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (DOCS / "tour.md").read_text(encoding="utf-8") == module.tour(), "out of date: run python docs/make_tour.py"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_documented(command):
    assert f"## upheld {command}" in text("docs/commands.md")


@pytest.mark.parametrize("name", names())
def test_every_kind_of_source_has_a_page(name):
    page = (DOCS / "sources" / f"{name}.md").read_text(encoding="utf-8")
    for setting in kind(name).settings:
        assert f"`{setting.name}`" in page, f"docs/sources/{name}.md does not name the setting {setting.name}"


@pytest.mark.parametrize("name", sorted(tables()))
def test_every_table_is_documented(name):
    assert re.search(rf"^##+ .*{name}", text("docs/tables.md"), re.M)


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_links_between_pages_lead_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []


def test_nothing_names_the_machine_it_was_written_on():
    hosts = re.compile("|".join(rf"{a}\.{b}" for a, b in (("pypi", "org"), ("registry", "npmjs"), ("files", "pythonhosted"))))
    for path in [*(ROOT / "src").rglob("*"), *DOCS.rglob("*"), ROOT / "Makefile", ROOT / "pyproject.toml"]:
        if path.suffix in {".py", ".sql", ".md", ".toml", ".html", ".css", ""} and path.is_file():
            assert not hosts.search(path.read_text(encoding="utf-8", errors="replace")), path
