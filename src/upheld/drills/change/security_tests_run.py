"""Brings a release that failed a security test into a real list of what builds report."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene
from upheld.drills.staging import Listed, yesterday

HEADERS = {
    "releases": "id,repository_id,tag,oid,tagged_at",
    "release_tests": "id,release_id,suite,name,passed,finished_at",
    "scans": "id,system_id,tool,finished_at,whole",
    "scan_findings": "id,system_id,rule_id,severity,state",
}


class FailedTest(Drill):
    """A product that passed its tests, was scanned, and was released twice."""

    measure = "change/security_tests_run"
    breaks = "A release is made although a security test failed on it"

    def open(self, stack: ExitStack) -> Scene:
        """Write what the builds and the scanner report."""
        lines = {
            "releases": [f"shop/{tag},shop,{tag},{'0' * 40},{yesterday()} 09:00" for tag in ("v1", "v2")],
            "release_tests": _tests(second="yes"),
            "scans": [f"1,shop,Trivy,{yesterday()} 08:00,yes"],
            "scan_findings": ["1,shop,CVE-1,low,open"],
        }
        self.listed = {table: Listed(stack, table, header, *lines[table]) for table, header in HEADERS.items()}
        return Scene([each.source for each in self.listed.values()])

    def sabotage(self) -> str:
        """Let the second release's build report a failure."""
        self.listed["release_tests"].write(*_tests(second="no"))
        return "shop v2"

    def heal(self) -> None:
        """Let it report that the test passed."""
        self.listed["release_tests"].write(*_tests(second="yes"))


def _tests(*, second: str) -> list[str]:
    return [f"{tag},shop/{tag},security,crafted input,{passed},{yesterday()} 08:30" for tag, passed in (("v1", "yes"), ("v2", second))]


DRILL = FailedTest()
