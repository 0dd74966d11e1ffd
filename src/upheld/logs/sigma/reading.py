"""Reading rules as SigmaHQ publishes them: fields and log sources of Windows mapped to what its events say."""

from collections.abc import Iterable
from pathlib import Path

from sigma.pipelines.sysmon.sysmon import sysmon_pipeline
from sigma.pipelines.windows.windows import windows_logsource_pipeline

from upheld.logs.sigma.rule import RuleSet
from upheld.logs.sigma.rules import read


def read_mapped(files: Iterable[Path]) -> RuleSet:
    """Return the rules in `files`; those about Windows ask for the channel and the number of their events."""
    return read(files, [sysmon_pipeline(), windows_logsource_pipeline()])
