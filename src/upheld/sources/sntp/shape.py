"""What clocks answered -> rows of clock_readings."""

from datetime import datetime, timedelta

from upheld.evidence.table import Row
from upheld.sources.sntp.get import Clock
from upheld.sources.sntp.packet import Sample


def reading(clock: Clock, sample: Sample, measured_at: datetime) -> Row:
    """Return the row of one measured clock; the offset is against the clock of the machine that measures."""
    return {
        "id": f"{clock.system}/sntp",
        "system_id": clock.system,
        "way": "sntp",
        "measured_at": measured_at,
        "clock_offset": timedelta(seconds=sample.offset),
        "uncertainty": sample.uncertainty,
        "reference": sample.reference or None,
        "stratum": sample.stratum,
        "synchronised": sample.synchronised,
    }
