"""What a verification found."""

from dataclasses import dataclass, field


class Rejected(ValueError):
    """What was shown does not hold; the message says which part, and why."""


@dataclass
class Report:
    """What was verified. It holds only if `failed` and `unproven` are empty; what was not looked at is in `skipped`, never silent."""

    origin: str = ""
    size: int = 0
    root: str = ""
    checked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing failed or stays unproven, and something was checked."""
        return bool(self.checked) and not self.failed and not self.unproven

    def text(self) -> str:
        """Return the report as lines for people."""
        lines = [f"{self.origin}: {self.size:,} entries, root {self.root}"] if self.origin else []
        lines += [f"  ok       {line}" for line in self.checked]
        lines += [f"  NOT CHECKED  {line}" for line in self.skipped]
        lines += [f"  UNPROVEN {line}" for line in self.unproven]
        lines += [f"  FAILED   {line}" for line in self.failed]
        return "\n".join([*lines, "Everything checked holds." if self.holds else "This does NOT hold."])
