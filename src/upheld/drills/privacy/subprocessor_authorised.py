"""Lets a sub-processor have the data of a customer who must say yes first, and did not, in an office of the lab."""

from upheld.drills.entrusted import Moved


class NotAuthorised(Moved):
    """A host that both customers' contracts allow."""

    measure = "privacy/subprocessor_authorised"
    breaks = "A sub-processor has the data of a customer whose contract demands that it says yes first"
    named = "Host Ltd for Brand"

    def tamper(self) -> None:
        """Let the contract of one demand that."""
        self.office.move("registers_contract", "authorisation", "specific", f"customer_id = {self.brand}")


DRILL = NotAuthorised()
