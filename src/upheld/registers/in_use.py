"""The source of kind `registers` is put into use once somebody has kept a record, and stays out where it was taken out."""

from upheld.actions.models import Step
from upheld.sources import configured
from upheld.sources.models import ConfiguredSource

NAME = "registers"


def ensure_in_use() -> None:
    """Put the registers into use as a source, if anything was ever kept in one and nobody decided about it yet."""
    if Step.objects.exists() and not ConfiguredSource.objects.filter(kind=NAME).exists():
        configured.add(NAME, NAME, {})
