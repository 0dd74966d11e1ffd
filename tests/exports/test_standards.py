"""Exports in others' formats are taken by others' libraries, say what is the case, and come out the same each time."""

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from tests.exports.given import DAY, FIRST, NOW, ROLES, SIGNED, Company
from trestle.oscal.assessment_plan import Model as PlanModel
from trestle.oscal.assessment_results import Model as ResultsModel
from trestle.oscal.catalog import Model as CatalogModel
from trestle.oscal.component import Model as ComponentModel
from trestle.oscal.poam import Model as PoamModel

from upheld import clock
from upheld.cli.main import upheld
from upheld.exports.attestations import statement
from upheld.exports.ocsf import findings
from upheld.exports.oscal.files import files
from upheld.exports.oscal.words import CATALOGUE, COMPONENT, PLAN, POAM, RESULTS
from upheld.exports.position import ExportError, position
from upheld.exports.writing import pieces, write
from upheld.ledger import proving, store
from upheld.ledger.proof import parse

MODELS = {CATALOGUE: CatalogModel, COMPONENT: ComponentModel, PLAN: PlanModel, RESULTS: ResultsModel, POAM: PoamModel}
BROKEN_AT = FIRST + timedelta(hours=1)


def said(as_of=None, document: str = "") -> dict[str, bytes]:
    with clock.at(NOW):
        return {name: b"".join(pieces(file)) for name, file in files(position(document, as_of)).items()}


def test_oscal_is_taken_by_trestle(company: Company):
    for name, text in said(BROKEN_AT).items():
        MODELS[name].model_validate_json(text)
    assert set(said(BROKEN_AT)) == set(MODELS)


def test_what_trestle_takes_is_not_anything(company: Company):
    broken = json.loads(said()[RESULTS])
    broken["assessment-results"]["results"][0]["observations"][0]["methods"] = []
    with pytest.raises(ValueError, match="methods"):
        ResultsModel.model_validate(broken)


def test_identifiers_that_are_named_are_there(company: Company):
    text = said(BROKEN_AT)
    results = json.loads(text[RESULTS])["assessment-results"]["results"][0]
    observed, risky = ({each["uuid"] for each in results[name]} for name in ("observations", "risks"))
    statements = {part["id"] for control in controls(text) for part in control["parts"]}
    for each in results["findings"]:
        assert {one["observation-uuid"] for one in each["related-observations"]} <= observed
        assert {one["risk-uuid"] for one in each.get("related-risks", [])} <= risky
        assert each["target"]["target-id"] in statements
    items = json.loads(text[POAM])["plan-of-action-and-milestones"]["poam-items"]
    assert {one["risk-uuid"] for each in items for one in each["related-risks"]} == risky


def controls(text: dict[str, bytes]) -> list[dict]:
    catalogue = json.loads(text[CATALOGUE])["catalog"]
    return [control for document in catalogue["groups"] for section in document["groups"] for control in section.get("controls", [])]


def states(text: dict[str, bytes]) -> dict[str, str]:
    (result,) = json.loads(text[RESULTS])["assessment-results"]["results"]
    return {each["title"]: each["target"]["status"]["state"] for each in result["findings"]}


def test_what_was_broken_is_not_satisfied_as_of_then_and_is_once_it_was_mended(company: Company):
    before, after = states(said(BROKEN_AT, "mini")), states(said(document="mini"))
    assert (before["mini:2"], after["mini:2"]) == ("not-satisfied", "satisfied")


def test_the_same_judgement_gives_the_same_bytes_and_names_nobody(company: Company):
    first = said()
    assert first == said()
    for text in (*first.values(), *said(BROKEN_AT).values()):
        assert b"Lovelace" not in text and "Čy".encode() not in text and b"Diddley" not in text


def test_ocsf_is_taken_by_its_models(company: Company):
    with clock.at(NOW):
        found = {each["compliance"]["control"]: each for each in findings(position("mini", BROKEN_AT))}
    for each in found.values():
        ComplianceFinding.model_validate(each)
    assert (found[SIGNED]["compliance"]["status"], found[SIGNED]["status"]) == ("Fail", "New")
    with clock.at(NOW):
        now = {each["compliance"]["control"]: each["compliance"]["status"] for each in findings(position("mini"))}
    assert now[SIGNED] == "Pass"
    assert set(now) >= {SIGNED, ROLES}


def test_statements_are_taken_by_in_toto_and_pass_nothing_that_is_not_upheld(company: Company):
    with clock.at(NOW):
        found = position("mini")
        text = statement(found, found.documents[0])
    Statement.copy_from_pb(json_format.ParseDict(text, statement_pb2.Statement())).validate()
    json_format.ParseDict(text["predicate"], test_result_pb2.TestResult())
    upheld_now = {name for name, each in found.tested.items() if each.state.value == "upheld"}
    assert set(text["predicate"]["passedTests"]) == upheld_now
    assert text["predicate"]["result"] == ("PASSED" if len(upheld_now) == len(found.tested) else "FAILED")


def run(*words: object) -> tuple[int, str]:
    with clock.at(NOW):
        answer = CliRunner().invoke(upheld, ["export", *map(str, words)])
    return answer.exit_code, answer.output


def test_the_commands_write_files_and_enter_their_digests(company: Company, tmp_path: Path):
    assert run("oscal", tmp_path / "oscal")[0] == 0
    assert {path.name for path in (tmp_path / "oscal").iterdir()} <= set(MODELS)
    code, text = run("ocsf", tmp_path / "findings.jsonl", "--document", "mini", "--json")
    assert (code, json.loads(text)["format"]) == (0, "ocsf")
    assert run("attestations", tmp_path / "attested", "--document", "mini")[0] == 0
    proof = parse((tmp_path / "attested" / "handed-out.tlog-proof").read_bytes())
    assert proof.entry is not None
    digest = sha256((tmp_path / "attested" / "mini.intoto.json").read_bytes()).hexdigest()
    assert digest.encode() in proof.entry
    log = store.current()
    assert log is not None and proving.prove(log, proof.index).entry == proof.entry


def test_nothing_is_overwritten_and_nothing_is_made_of_what_is_not_there(company: Company, tmp_path: Path):
    (tmp_path / "there").write_text("mine", encoding="utf-8")
    assert "never overwrites" in run("ocsf", tmp_path / "there")[1]
    assert (tmp_path / "there").read_text(encoding="utf-8") == "mine"
    assert "there are" in run("ocsf", tmp_path / "new", "--document", "nothing")[1]
    assert "Nothing was judged by then" in run("ocsf", tmp_path / "new", "--as-of", (FIRST - DAY).date())[1]
    assert not (tmp_path / "new").exists()


def test_a_file_is_whole_or_not_there(tmp_path: Path):
    def breaks_off():
        yield b"some"
        raise ExportError("no more")

    with pytest.raises(ExportError, match="no more"):
        write(tmp_path / "file", breaks_off())
    assert list(tmp_path.iterdir()) == []
