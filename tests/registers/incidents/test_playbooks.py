"""A playbook's steps are the tasks in its text."""

import pytest

from upheld.registers.incidents.playbooks import PlaybookStep, steps


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [ ] Unplug it", [PlaybookStep("Unplug it", "", True)]),
        ("* [x] dpo: Tell the authority", [PlaybookStep("Tell the authority", "dpo", True)]),
        ("+ [ ] Tell the press (optional)", [PlaybookStep("Tell the press", "", False)]),
        ("- [ ] Tell them: now", [PlaybookStep("Tell them: now", "", True)]),
        ("1. Not a task\n- nor this\n\n# [ ] nor this", []),
        ("```\n- [ ] an example\n```\n- [ ] A step", [PlaybookStep("A step", "", True)]),
        ("```\n- [ ] never closed", []),
        ("- [ ] ", []),
        ("", []),
    ],
)
def test_steps(text: str, expected: list[PlaybookStep]) -> None:
    assert steps(text) == expected
