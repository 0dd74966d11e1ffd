"""All registers' models, where Django looks for them."""

from upheld.registers.findings import models as findings
from upheld.registers.governance import models as governance

__all__ = ["findings", "governance"]
