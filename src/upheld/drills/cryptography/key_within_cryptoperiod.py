"""A key of 1024 bits is let in, registered or not."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene
from upheld.drills.ssh_key import fingerprint, good_line, scene, weak_line
from upheld.lab.host_root import HostRoot


class KeyWithinCryptoperiod(Drill):
    """Alice's authorized_keys, in a host's tree that the lab made."""

    measure = "cryptography/key_within_cryptoperiod"
    breaks = "a registered RSA key of 1024 bits takes the place of an Ed25519 key in authorized_keys"

    def open(self, stack: ExitStack) -> Scene:
        """One account, one strong key; the weak one is in the register already, so that its strength alone is at fault."""
        self._host, self._good, self._weak = stack.enter_context(HostRoot()), good_line(), weak_line()
        self._host.authorize("alice", self._good)
        return scene(self._host, self._good, self._weak)

    def sabotage(self) -> str:
        """Let the weak key in instead."""
        self._host.authorize("alice", self._weak)
        return fingerprint(self._weak)

    def heal(self) -> None:
        """Let the strong key in again."""
        self._host.authorize("alice", self._good)


DRILL = KeyWithinCryptoperiod()
