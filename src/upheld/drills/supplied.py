"""What drills on suppliers share: an office whose only supplier is proposed, assessed, approved, agreed with, engaged and looked at."""

from datetime import timedelta
from typing import Any

from upheld import clock
from upheld.drills.kept import ADA, AUTHOR, KeptDrill, ago
from upheld.drills.staging import today

REQUIREMENTS = ("audit", "subcontractors")


class SuppliedDrill(KeptDrill):
    """A host of high risk, with which all is as it should be. The administrator keeps it, Ada approves and checks."""

    def keep(self) -> None:
        """Let the host be taken on, step by step, a month ago."""
        at = ago(30)
        for name in REQUIREMENTS:
            chain = "yes" if name == "subcontractors" else "no"
            self.act("set-requirement", name=name, title=name, text="as it says", tiers=["high", "critical"], supply_chain=chain)
        said: dict[str, Any] = {"title": "Host Ltd", "owner": AUTHOR, "provides": ["data-centre"], "what": "machines"}
        self.host = self.act("propose-supplier", at=at, name="host", tier="high", touches="yes", **said)
        assessed = self.act("assess-supplier", self.host, at=at, risks="few")
        self.act("approve-supplier", assessed, at=at, by=ADA)
        day = f"{at:%Y-%m-%d}"
        self.agreement = self.act(
            "enter-agreement",
            self.host,
            at=at,
            title="Terms",
            signed_on=day,
            from_on=day,
            until_on=str(today() + timedelta(days=700)),
            document="a letter",
            requirements=list(REQUIREMENTS),
        )
        self.act("check-agreement", self.agreement, at=at, by=ADA)
        self.act("engage-supplier", self.host, at=at, from_on=day)
        self.act("note-disclosure", self.host, at=at, document="a letter")
        self.change = self.act("note-change", self.host, at=at, what="Another hall", takes_effect_at=clock.now().isoformat())
        self.act("reassess-change", self.change, at=at, risks="none", tier="high")
        self.act("decide-change", self.change, at=at, by=ADA, decision="accept")
        until_on = str(today() + timedelta(days=300))
        self.report = self.act(
            "add-assurance", self.host, at=at, kind="soc-2", title="SOC 2", from_on=day, until_on=until_on, document="a letter"
        )
        self.act("read-assurance", self.report, at=at, good="yes", note="covers the hall")

    def act(self, action: str, number: int | None = None, **given: Any) -> int:
        """Do an action of this chapter; return the number of what came of it."""
        return self.office.act(f"suppliers.{action}", number, **given)
