"""Setting pages with Typst: a template of ours and values, never the one made of the other. The same values give the same bytes."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import orjson
import typst

HERE = Path(__file__).parent
# PDF/A-2a keeps for decades and is tagged; PDF/UA-1 says that screen readers find their way.
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]


def pdf(template: str, values: Mapping[str, Any], at: datetime) -> bytes:
    """Return the PDF that `template` makes of `values`, dated `at`. Only fonts that come with Typst are used."""
    made = typst.compile(
        HERE / template,
        root=HERE,
        ignore_system_fonts=True,
        sys_inputs={"data": orjson.dumps(values).decode()},
        pdf_standards=[*STANDARDS],
        timestamp=at.replace(microsecond=0),
    )
    assert isinstance(made, bytes), "one document makes one PDF"
    return made
