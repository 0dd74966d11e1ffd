"""What drills on registers of separation share: an application with its function matrix, and approved test data, in an office."""

from contextlib import ExitStack
from typing import Any

from upheld.drills.drill import Scene
from upheld.drills.kept import AUTHOR, BOB, KeptDrill, ago
from upheld.drills.staging import Listed, today

HEADER = "id,system_id,function,role"
PERMITTED = ("1,crm,export,manager", "2,crm,read,clerk", "3,crm,read,manager")


class ApartDrill(KeptDrill):
    """A drill on the function matrix of an application and on its test data."""

    def open(self, stack: ExitStack) -> Scene:
        """Keep the registers, and write the application's export."""
        scene = super().open(stack)
        self.export = Listed(stack, "application_permissions", HEADER, *PERMITTED)
        return Scene([*scene.sources, self.export.source], scene.registers)

    def keep(self) -> None:
        """Keep everything as it should be."""
        said: dict[str, Any] = {"kind": "application", "criticality": "high", "purpose": "selling", "owner": AUTHOR}
        for name, environment in (("crm", "production"), ("crm-test", "test")):
            self.office.act("operations.enter-system", name=name, title=name.upper(), environment=environment, **said)
        for function, roles in (("export", ["manager"]), ("read", ["clerk", "manager"])):
            rule = self.act("enter-function", system="crm", function=function, roles=roles)
            self.office.act("separation.confirm-function", rule)
        given = {"system": "crm-test", "origin": "made-up", "how": "by a script", "expires_on": f"{today().replace(year=today().year + 1)}"}
        data = self.act("register-test-data", at=ago(9), name="orders", title="Made-up orders", **given)
        self.office.act("separation.approve-test-data", data, at=ago(8))

    def act(self, action: str, **given: Any) -> int:
        """Let Bob do `separation.<action>`, who answers for it."""
        return self.office.act(f"separation.{action}", by=BOB, role="manager", owner=BOB, **given)
