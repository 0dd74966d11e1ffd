"""What verifying a bundle prints: the report, and what came of judging again."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from upheld.ledger.verify.bundle import bundle, words
from upheld.ledger.verify.bundle.logs import Brought
from upheld.ledger.verify.bundle.promises import Promise
from upheld.ledger.verify.bundle.reperform import CANNOT, DIFFERS, SAME, Reperformed, reperform
from upheld.ledger.verify.layout import Unreadable
from upheld.ledger.verify.report import Report


@dataclass
class Verified:
    """A report; the promises of a bundle that holds; and, where that was asked for, what came of judging again."""

    report: Report
    reperformed: list[Reperformed] | None = None
    promises: list[Promise] | None = None

    @property
    def holds(self) -> bool:
        """Whether everything holds, and each verdict came out the same where judging again was asked for."""
        return self.report.holds and all(each.result == SAME for each in self.reperformed or ())

    def plain(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        again = {} if self.reperformed is None else {"reperformed": [asdict(each) for each in self.reperformed]}
        promised = {} if self.promises is None else {"promises": [asdict(each) for each in self.promises]}
        return {**asdict(self.report), **promised, **again, "holds": self.holds}

    def text(self) -> str:
        """Return it as lines for people."""
        if self.reperformed is None:
            return "\n".join([*self._promised(), self.report.text()])
        counts = {result: sum(each.result == result for each in self.reperformed) for result in (SAME, DIFFERS, CANNOT)}
        told = ", ".join(f"{count:,} {result}" for result, count in counts.items())
        verdict = "Every verdict came out the same." if self.holds else "This does NOT hold."
        return "\n".join(
            [*self._promised(), self.report.text(), "", f"Judged again: {told}.", *(each.text() for each in self.reperformed), verdict]
        )

    def _promised(self) -> list[str]:
        return [line for each in self.promises or () for line in each.lines()] + [""] if self.promises else []


def verify(path: Path, brought: Brought, *, reperform: bool = False) -> Verified:
    """Return what holds of the bundle at `path`, and what comes of judging again if `reperform` asks for it."""
    try:
        with bundle.opened(path) as layout:
            report, found = bundle.verify(layout, brought)
            again = _again(report, found) if reperform else None
            if found is not None:
                report.skipped += words.unbound(found, reperformed=bool(again))
            return Verified(report, again, found.promises if found is not None and report.holds else None)
    except (OSError, Unreadable) as error:
        return Verified(Report(failed=[str(error)]))


def _again(report: Report, found: bundle.Bundle | None) -> list[Reperformed]:
    if found is None or report.failed:
        report.failed.append("nothing was judged again: what there is to judge does not hold")
        return []
    try:
        again = reperform(found)
    except bundle.REFUSALS as error:
        report.failed.append(f"judging again: {error}")
        return []
    if not again:
        report.failed.append("nothing was judged again: the bundle holds no judgement")
    return again


def visible(text: str) -> str:
    """Return `text` with whatever a terminal might obey shown by its code."""
    return "".join(each if each.isprintable() or each == "\n" else f"\\x{ord(each):02x}" for each in text)
