"""Kinds of parameters that many actions share, each with a short name."""

from typing import Annotated

from upheld.actions.kinds import Code, Text

Line = Annotated[str, Text(300)]
Prose = Annotated[str, Text(20_000, lines=True)]
Markdown = Annotated[str, Text(500_000, lines=True)]
Name = Annotated[str, Code()]
