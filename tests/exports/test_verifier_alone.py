"""The verifier as one file: on a bare Python, with the package duckdb alone, and beside it a program in Go that has nothing of ours."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import duckdb
import pytest
from tests.conftest import required
from tests.exports.given import Company

from upheld.exports.bundle.writing import write
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import keys, sequencer, signers, store
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.verify.bundle import program

GO_PROGRAM = Path(__file__).parents[2] / "docs" / "how" / "verify.go"
OLDER = Path.home() / ".pyenv" / "versions"  # where there are any
GO_PATH = "/usr/share/gocode"  # where Debian puts golang.org/x/mod


@pytest.fixture
def pyz(tmp_path: Path) -> Path:
    program.write(tmp_path / program.NAME)
    return tmp_path / program.NAME


@pytest.fixture
def handed_out(company: Company, members: dict[str, bytes], tmp_path: Path) -> Path:
    write(members, tmp_path / "b.zip")
    return tmp_path / "b.zip"


@pytest.fixture
def key(company: Company) -> str:
    return sequencer.verification_key(store.current()).text()


START = """
import runpy, sys
del sys.argv[0]
sys.path.append(sys.argv.pop(0))
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    ours = [module for name, module in sys.modules.items() if name.split(".")[0] in ("upheld", "django", "orjson")]
    print({module.__file__.partition(".pyz")[0] for module in ours}, file=sys.stderr)
"""


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]})


def with_duckdb_alone(folder: Path, pyz: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the program on a Python whose only package is duckdb, and say afterwards where everything called upheld came from."""
    site = Path(duckdb.__file__).parents[1]
    folder.mkdir()
    for path in [*site.glob("duckdb*"), *site.glob("_duckdb*")]:
        (folder / path.name).symlink_to(path)
    return run(sys.executable, "-I", "-S", "-c", START, folder, pyz, *arguments)


def test_a_bare_python_verifies(pyz, handed_out, key):
    answer = run(sys.executable, "-I", "-S", pyz, handed_out, "--key", key)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Everything checked holds." in answer.stdout


def test_without_duckdb_nothing_is_judged_again_and_that_is_said(pyz, handed_out, key):
    answer = run(sys.executable, "-I", "-S", pyz, handed_out, "--key", key, "--reperform")
    assert answer.returncode == 1
    assert "pip install duckdb" in answer.stdout


def test_with_duckdb_alone_every_verdict_comes_out_the_same(tmp_path, pyz, handed_out, key):
    answer = with_duckdb_alone(tmp_path / "site", pyz, handed_out, "--key", key, "--reperform", "--json")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert {each["result"] for each in json.loads(answer.stdout)["reperformed"]} == {"same"}
    assert answer.stderr.strip() == repr({str(pyz).removesuffix(".pyz")})


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "say whom you trust"),
        (("--key", "nonsense+nonsense"), "name+id+base64"),
        (("--key", "/no/such/file"), "No such file"),
        (("--held", "/no/such/file", "--key", "KEY"), "No such file"),
        (("--policy", "/no/such/file"), "No such file"),
        (("--key", "KEY", "--policy", "/etc/hostname"), "give --key or --policy"),
    ],
)
def test_misuse_ends_with_status_2_and_a_sentence(pyz, handed_out, key, arguments, says):
    answer = run(sys.executable, "-I", "-S", pyz, handed_out, *(key if each == "KEY" else each for each in arguments))
    assert (answer.returncode, answer.stdout) == (2, "")
    assert says in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("/dev/zero", "--key", "KEY"), 1, "/dev/zero is a pipe or a device"),
        (("BUNDLE", "--key", "/dev/zero"), 2, "/dev/zero is longer than"),
        (("BUNDLE", "--key", "KEY", "--held", "BUNDLE"), 2, "b.zip is no file of checkpoints"),
        (("BUNDLE", "--key", "KEY", "--rotation", "BUNDLE"), 2, "b.zip is no statement of rotation"),
    ],
)
def test_what_is_no_file_of_that_kind_is_named(pyz, handed_out, key, arguments, status, says):
    answer = run(sys.executable, "-I", "-S", pyz, *({"KEY": key, "BUNDLE": handed_out}.get(each, each) for each in arguments))
    assert (answer.returncode, says in answer.stdout + answer.stderr) == (status, True), answer.stdout + answer.stderr


def test_a_python_that_is_too_old_is_told_so(pyz):
    begins = zipfile.ZipFile(pyz).read("__main__.py").decode()
    old = [path for version in ("2.7", "3.6", "3.10") for path in sorted(OLDER.glob(f"{version}.*/bin/python"))[:1]]
    for python in old:
        answer = run(python, pyz, "bundle.zip")
        assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (2, "", 1), answer.stderr
        assert "needs Python 3.11 or newer, and this is" in answer.stderr
    assert begins.index("version_info") < begins.index("from upheld"), "it asks before it imports"


def test_a_damaged_bundle_is_refused_without_a_traceback(pyz, handed_out, key):
    data = handed_out.read_bytes()
    for broken in (data[: len(data) // 2], data[:-7], data.replace(b"manifest.json", b"manifest.jsom", 1)):
        handed_out.write_bytes(broken)
        answer = run(sys.executable, "-I", "-S", pyz, handed_out, "--key", key)
        assert (answer.returncode, answer.stderr) == (1, "")
        assert "FAILED" in answer.stdout


def test_a_policy_of_the_auditors_own_decides(tmp_path, pyz, handed_out, key):
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps({"format": "upheld/trust/1", "logs": [{"key": key}]}))
    assert run(sys.executable, "-I", "-S", pyz, handed_out, "--policy", policy).returncode == 0
    policy.write_text(json.dumps({"format": "upheld/trust/1", "logs": [{"key": key}], "max_age_days": 1}))
    answer = run(sys.executable, "-I", "-S", pyz, handed_out, "--policy", policy)
    assert answer.returncode == 1
    assert "no witness or time stamp" in answer.stdout
    policy.write_text(json.dumps({"format": "upheld/trust/1", "logs": [{"key": key, "until": 3}]}))
    assert run(sys.executable, "-I", "-S", pyz, handed_out, "--policy", policy).returncode == 1


def test_the_same_sources_give_the_same_program_and_its_digest_is_printed(tmp_path, pyz):
    answer = run(sys.executable, "-m", "upheld.ledger.verify.bundle.program", tmp_path / "again.pyz")
    assert (tmp_path / "again.pyz").read_bytes() == pyz.read_bytes()
    assert answer.stdout.strip() == program.digest(pyz.read_bytes())


def test_the_program_is_not_written_over_somebody_elses_file(tmp_path):
    (tmp_path / "mine.pyz").write_text("mine")
    with pytest.raises(FileExistsError):
        program.write(tmp_path / "mine.pyz")
    assert (tmp_path / "mine.pyz").read_text() == "mine"


def forked(checkpoint: bytes) -> bytes:
    """Return a checkpoint of the same size and another root, signed by the log's own key."""
    said, _ = checkpoints.parse(checkpoint)
    return keys.sign(Checkpoint(said.origin, said.size, bytes(32)), signers.signer(store.current())).encode()


def test_go_verifies_with_nothing_of_ours(tmp_path, company, members, key):
    if shutil.which("go") is None or not Path(GO_PATH, "src/golang.org/x/mod").is_dir():
        if required():
            pytest.fail("Go or golang.org/x/mod is missing: make lab installs them")
        pytest.skip("needs Go and golang.org/x/mod: make lab installs them")
    write(members, tmp_path / "bundle")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GO111MODULE": "off", "GOPATH": GO_PATH}
    environment["GOCACHE"] = str(Path(tempfile.gettempdir()) / "upheld-go-cache")
    binary = tmp_path / "verify"
    built = subprocess.run(["go", "build", "-o", binary, GO_PROGRAM], env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr

    def go(*more: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run([binary, *more, tmp_path / "bundle", key], capture_output=True, text=True, check=False)

    answer = go()
    assert (answer.returncode, answer.stdout.endswith("files hold\n")) == (0, True), answer.stderr
    (tmp_path / "bundle" / "README.md").write_bytes(members["README.md"] + b"\n")
    assert "README.md is another file" in go().stderr
    (tmp_path / "bundle" / "README.md").write_bytes(members["README.md"])
    (tmp_path / "bundle" / "note.txt").write_text("x")
    assert "note.txt is no part of this bundle" in go().stderr
    (tmp_path / "bundle" / "note.txt").unlink()
    (tmp_path / "kept").write_bytes(members["log-1/checkpoint"])
    assert go("-held", tmp_path / "kept").returncode == 0
    (tmp_path / "kept").write_bytes(forked(members["log-1/checkpoint"]))
    assert "is an older one, or was forked" in go("-held", tmp_path / "kept").stderr
    proofs = {path: path.read_bytes() for path in (tmp_path / "bundle" / "log-1" / "entries").iterdir()}
    for path, data in proofs.items():
        path.unlink()
        assert go().returncode == 1, path
        path.write_bytes(data)
    path.write_bytes(data.replace(b"index ", b"index 1", 1))
    assert go().returncode == 1
    sequencer.new_shard("the disk failed")
    shutil.rmtree(tmp_path / "bundle")
    write(company.make().members, tmp_path / "bundle")
    assert "note has no verifiable signatures" in go().stderr
    both = [each.key.text() for each in company.policy.keys]
    assert subprocess.run([binary, tmp_path / "bundle", *both], check=False).returncode == 0
    (tmp_path / "bundle" / "log-2").rename(tmp_path / "bundle" / "log-3")
    answer = subprocess.run([binary, tmp_path / "bundle", *both], capture_output=True, text=True, check=False)
    assert "log-3/" in answer.stderr
    assert "is no part of this bundle" in answer.stderr
    (tmp_path / "bundle" / "log-3").rename(tmp_path / "bundle" / "log-2")
    (tmp_path / "bundle" / "log-2" / "entries" / "0.tlog-proof").unlink()
    answer = subprocess.run([binary, tmp_path / "bundle", *both], capture_output=True, text=True, check=False)
    assert "does not show that it goes on from example.com/ledger/main/1" in answer.stderr
