"""What drills on transfers share: a system with a channel to a real TLS listener, in an office of the lab, and a courier."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from upheld.drills.connected import connected
from upheld.drills.drill import Scene, ours
from upheld.drills.kept import AUTHOR, BOB, KeptDrill, ago
from upheld.lab.certificates import make
from upheld.lab.tls_listener import TlsListener
from upheld.sources.tls import TLS


class SendingDrill(KeptDrill):
    """A drill on what leaves: a partner's listener that takes personal data, and a disk that went by courier."""

    def open(self, stack: ExitStack) -> Scene:
        """Start the listener, under a root of our own, and keep the registers."""
        root = make("Upheld lab root", authority=True)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="upheld-lab-ca-")))
        ca_file = root.write_certificate(folder / "ca.pem")
        self.listener = stack.enter_context(TlsListener(make("localhost", by=root)))
        scene = super().open(stack)
        source = connected(TLS, endpoints=self.listener.endpoint + "=crm", ca_file=str(ca_file))
        return Scene([*scene.sources, ("tls", ("endpoints",), source)], scene.registers)

    def act(self, action: str, number: int | None = None, /, **given: Any) -> int:
        """Do `transfer.<action>`."""
        return self.office.act(f"transfer.{action}", number, **given)

    def keep(self) -> None:
        """Keep everything as it should be."""
        said: dict[str, Any] = {
            "title": "CRM",
            "kind": "application",
            "environment": "production",
            "criticality": "high",
            "purpose": "selling",
        }
        self.office.act("operations.enter-system", name="crm", owner=AUTHOR, **said)
        self.channel = self.approved("payroll", content="personal", endpoint=f"127.0.0.1:{self.listener.port}")
        courier = self.act("propose-courier", at=ago(40), by=BOB, role="manager", name="swift", title="Swift", owner=BOB, why="known")
        self.act("approve-courier", courier, at=ago(39))
        sent: dict[str, Any] = {"recipient": "Vault", "content": "confidential", "encrypted": "yes", "seal": "S-17"}
        self.disk = self.act("send-medium", at=ago(20), courier=courier, title="Disk 4", due_on=f"{ago(17):%Y-%m-%d}", **sent)
        self.act("receive-medium", self.disk, at=ago(18), received_by="Vault", seal_intact="yes", undamaged="yes")

    def approved(self, name: str, **more: Any) -> int:
        """Enter a channel, and let somebody else approve it."""
        said = {
            "title": name.capitalize(),
            "system": "crm",
            "recipient": "Payroll Ltd",
            "way": "https",
            "owner": BOB,
            "agreement": "a contract",
        }
        channel = self.act("enter-channel", at=ago(30), by=BOB, role="manager", name=name, **said | more)
        self.act("approve-channel", channel, at=ago(29))
        return channel

    def heal(self) -> None:
        """Put back what was changed behind the product's back."""
        ours(self.listener)
        self.office.put_back()
