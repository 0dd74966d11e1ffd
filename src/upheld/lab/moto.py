"""AWS's IAM as moto plays it: shapes of answers and what calls do, but no rights: whoever asks may do everything."""

import socket
import sys
from importlib.util import find_spec
from typing import Any

from upheld.lab.service import NotInstalled, Service

KEY = {"key_id": "AKIALABLABLABLABLABL", "secret_key": "lab-only"}


class Moto(Service):
    """The server."""

    name = "moto"

    @property
    def settings(self) -> dict[str, str]:
        """What the source kind `aws_iam` needs to read it; secrets are resolved already."""
        return {"endpoint": f"http://127.0.0.1:{self.port}", **KEY}

    def let_write(self) -> dict[str, str]:
        """Return the settings by which a source may enforce."""
        return {f"enforce_{name}": value for name, value in KEY.items()}

    def command(self) -> list[str]:
        """Return the program."""
        for module in ("moto", "boto3", "flask"):
            if find_spec(module) is None:
                raise NotInstalled(f"{module} is not installed: run `make lab`")
        return [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    def answers(self) -> bool:
        """Whether our server takes connections."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return self.running

    def client(self) -> Any:
        """Return a client of its IAM."""
        from upheld.sources.aws_iam.get import Keys  # noqa: PLC0415  an extra that need not be installed

        return Keys(KEY["key_id"], KEY["secret_key"], "us-east-1", self.settings["endpoint"], 30).client()
