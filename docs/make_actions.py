"""Write docs/actions.md from the declarations of actions, and docs/sources/sample_registers.md from what the sample company keeps."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.settings")
django.setup()

from upheld.registers import page, sampling  # noqa: E402  models can be imported only now

DOCS = Path(__file__).parent
(DOCS / "actions.md").write_text(page.page(), encoding="utf-8")
(DOCS / "sources" / "sample_registers.md").write_text(sampling.page(), encoding="utf-8")
