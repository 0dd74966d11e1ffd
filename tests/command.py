"""The command line as a user meets it: a process of its own, in a workspace of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

PEOPLE = "id,name,mail,started_on,ended_on\n1,Ada,ada@example.org,2020-01-01,\n2,Bo,bo@example.org,2020-01-01,2021-01-31\n"
SYSTEMS = "id,name,in_operation,mfa_required\ncrm,CRM,yes,yes\n"
ACCOUNTS = (
    "id,system_id,user_name,identifier,kind,person_ref,enabled,can_sign_in,has_mfa\n"
    "a1,crm,ada,ada,person,1,yes,yes,yes\n"
    "a2,crm,bo,bo,person,2,yes,yes,yes\n"
)


class Upheld:
    """The command, in a workspace of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {**os.environ, "UPHELD_WORKSPACE": str(root / "ws"), "PYTHONIOENCODING": "utf-8"}
        self.environment.pop("UPHELD_DEBUG", None)

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.words(*words), capture_output=True, text=True, env=self.environment, check=False, timeout=120)

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "upheld", *words]

    def json(self, *words: str):
        answer = self(*words, "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    def file(self, name: str, text: str) -> Path:
        path = self.root / name
        path.write_text(text, encoding="utf-8")
        return path

    def list_company(self) -> None:
        """Put three lists into use: people of whom one has left, a system, and accounts."""
        for name, text in (("people", PEOPLE), ("systems", SYSTEMS), ("accounts", ACCOUNTS)):
            answer = self("source", "add", name, "list", f"table={name}", f"file={self.file(f'{name}.csv', text)}")
            assert answer.returncode == 0, answer.stderr
