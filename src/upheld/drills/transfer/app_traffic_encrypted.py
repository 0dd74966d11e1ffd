"""Ships a build of an app that permits cleartext."""

from contextlib import ExitStack

from upheld.drills.connected import connected
from upheld.drills.drill import Drill, Scene
from upheld.lab.app import apk, ipa
from upheld.lab.scratch import Scratch
from upheld.sources.app_builds import APP_BUILDS

OURS = "https://api.example.org/v1"


class InTheClear(Drill):
    """A folder with the packages that were shipped, for both platforms."""

    measure = "transfer/app_traffic_encrypted"
    breaks = "A build of a mobile app with usesCleartextTraffic is shipped"

    def open(self, stack: ExitStack) -> Scene:
        """Ship two that are in order."""
        self._folder = stack.enter_context(Scratch()).folder
        apk(self._folder / "shop.apk", OURS)
        ipa(self._folder / "shop.ipa", OURS)
        source = connected(APP_BUILDS, folder=str(self._folder))
        return Scene([("apps", ("app_builds",), source)], parameters={"app_hosts": ["api.example.org"]})

    def sabotage(self) -> str:
        """Ship one that is not."""
        apk(self._folder / "beta.apk", OURS, usesCleartextTraffic=True)
        return "org.example.shop"

    def heal(self) -> None:
        """Take it back."""
        (self._folder / "beta.apk").unlink()


DRILL = InTheClear()
