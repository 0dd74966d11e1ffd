"""A key that nobody registered is added to what may sign in."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene
from upheld.drills.ssh_key import fingerprint, good_line, scene, weak_line
from upheld.lab.host_root import HostRoot


class KeyRegistered(Drill):
    """Alice's authorized_keys, in a host's tree that the lab made."""

    measure = "cryptography/key_registered"
    breaks = "an SSH key that no register knows is added to authorized_keys"

    def open(self, stack: ExitStack) -> Scene:
        """One account, one registered key."""
        self._host, self._line = stack.enter_context(HostRoot()), good_line()
        self._host.authorize("alice", self._line)
        return scene(self._host, self._line)

    def sabotage(self) -> str:
        """Add the key."""
        stray = weak_line()
        self._host.authorize("alice", f"{self._line}\n{stray}")
        return fingerprint(stray)

    def heal(self) -> None:
        """Take it out again."""
        self._host.authorize("alice", self._line)


DRILL = KeyRegistered()
