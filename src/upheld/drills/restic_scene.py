"""What the two drills on backups share: a system with a policy, and its repository."""

from collections.abc import Sequence
from datetime import timedelta

from upheld.drills.connected import connected
from upheld.drills.drill import Scene
from upheld.evidence.table import Row
from upheld.lab.restic import PASSWORD, ResticRepository
from upheld.sources.restic import RESTIC

SYSTEM: Row = {
    "id": "crm",
    "name": "Customer database",
    "kind": "database",
    "in_operation": True,
    "backup_interval": timedelta(days=1),
    "backup_generations": 1,
    "recovery_time": timedelta(hours=4),
}


def filled(repository: ResticRepository) -> None:
    """Put files and their list of digests into the tree of `repository`."""
    repository.write("orders.csv", b"number,amount\n" + b"".join(b"%d,%d\n" % (number, number * 7) for number in range(20_000)))
    repository.write("letters/first.txt", b"Dear customer\n" * 1000)
    repository.list_digests()


def scene(repository: ResticRepository, tables: Sequence[str], *, restore: str) -> Scene:
    """Return the repository, read anew each time, and the register in which its system has a policy."""
    source = connected(
        RESTIC,
        repository=str(repository.repository),
        password=PASSWORD,
        check="structure",
        check_every="0",
        restore=restore,
        restore_every="0",
    )
    return Scene([("restic", tables, source)], {"systems": [SYSTEM]})
