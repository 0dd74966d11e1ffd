"""Setting pages with Typst: a template of ours and values, never the one made of the other. The same values give the same bytes."""

from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import orjson

from upheld.exports.position import ExportError

HERE = Path(__file__).parent
# PDF/A-2a keeps for decades and is tagged; PDF/UA-1 says that screen readers find their way.
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]


def can_set() -> bool:
    """Whether PDFs can be made here: Typst, larger than all of ours, is an extra."""
    return find_spec("typst") is not None


def pdf(template: str, values: Mapping[str, Any], at: datetime) -> bytes:
    """Return the PDF that `template` makes of `values`, dated `at`. Only fonts that come with Typst are used.

    Raises `ExportError` where Typst is not installed.
    """
    if not can_set():
        raise ExportError("Setting pages as PDF is not installed here: install the extra, as `pip install 'upheld[pdf]'` does.")
    import typst  # noqa: PLC0415  an extra that need not be installed

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
