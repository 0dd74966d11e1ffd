"""All registers' models, where Django looks for them."""

from upheld.registers.governance import models as governance

__all__ = ["governance"]
