"""Moves a system to a region whose rule its real listener breaks."""

from contextlib import ExitStack
from typing import Any

from upheld.drills.connected import connected
from upheld.drills.drill import Scene
from upheld.drills.kept import AUTHOR, LONG_AGO, KeptDrill
from upheld.lab.tls_listener import TlsListener
from upheld.sources.tls import TLS


class Moved(KeptDrill):
    """A shop that speaks TLS 1.2 and 1.3, in a region where nothing is to be kept to, beside one that forbids TLS 1.3."""

    measure = "cryptography/legal_rules_met"
    breaks = "A system moves to a region whose law forbids a protocol that its listener offers"

    def open(self, stack: ExitStack) -> Scene:
        """Start the listener too."""
        scene = super().open(stack)
        listener = stack.enter_context(TlsListener())
        source = connected(TLS, endpoints=listener.endpoint + "=shop")
        return Scene([*scene.sources, ("tls", ("endpoints", "keys"), source)], scene.registers)

    def keep(self) -> None:
        """Enter the system and what is known of both regions."""
        self.said: dict[str, Any] = {"title": "Shop", "kind": "application", "environment": "production", "criticality": "high"}
        self.said |= {"owner": AUTHOR, "purpose": "selling"}
        self.shop = self.office.act("operations.enter-system", name="shop", region="eu-central", **self.said)
        rule: dict[str, Any] = {"owner": AUTHOR, "citation": "a law", "from_on": LONG_AGO}
        self.office.act("cryptography.enter-rule", name="eu", title="Dual-use regulation", effect="free", regions=["eu-central"], **rule)
        forbidden: dict[str, Any] = {"effect": "forbids", "names": ["TLSv1.3"], "regions": ["elsewhere"]}
        self.office.act("cryptography.enter-rule", name="elsewhere", title="Act on ciphers", **forbidden, **rule)

    def sabotage(self) -> str:
        """Move it."""
        self.office.act("operations.change-system", self.shop, region="elsewhere", **self.said)
        return "Shop"

    def heal(self) -> None:
        """Bring it back."""
        self.office.act("operations.change-system", self.shop, region="eu-central", **self.said)


DRILL = Moved()
