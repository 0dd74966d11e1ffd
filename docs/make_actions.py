"""Write docs/actions.md from the declarations of actions."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.settings")
django.setup()

from upheld.registers.page import page  # noqa: E402  models can be imported only now

(Path(__file__).parent / "actions.md").write_text(page(), encoding="utf-8")
