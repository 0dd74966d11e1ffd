"""Everything that can be done in the chapter operations: importing this declares all of its actions."""

from upheld.registers.operations import capacity, gateways, network, runbooks, systems

__all__ = ["capacity", "gateways", "network", "runbooks", "systems"]
