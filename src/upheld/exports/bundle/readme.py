"""The README of a bundle: what it is, how to verify it without its maker, and what it does not show."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from string import Template

from upheld.checks.verdict import State
from upheld.exports.bundle.scope import Disclose, Selected

_DISCLOSED = {
    Disclose.ALL: "All rows that the queries read go along, **personal data among them**: handle this file as you handle those.",
    Disclose.MASKED: "Of tables that hold personal data only the digests of rows go along, and nobody is named where one was read.",
    Disclose.NONE: "No rows go along and nobody is named; the digests of all rows are here.",
}
_TEXT = Path(__file__).with_name("readme.md")


def text(selected: Selected, disclose: Disclose, states: Mapping[str, str], lacking: Sequence[str]) -> str:
    """Return the README of a bundle about `selected`, whose measures have `states`."""
    scope = selected.scope
    assert scope.as_of is not None, "a scope that was selected has an instant"
    until = f"{scope.as_of:%Y-%m-%d %H:%M} UTC"
    when = f"from {scope.from_at:%Y-%m-%d %H:%M} UTC until {until}" if scope.from_at else f"on {until}"
    lines = [f"- {State(state).mark} {state}: `{measure}`" for measure, state in sorted(states.items())]
    lines += [f"- {State.UNPROVEN.mark} unproven: `{measure}`, never judged" for measure in selected.measures if measure not in states]
    gone = "".join(f"- {each}\n" for each in lacking)
    return Template(_TEXT.read_text(encoding="utf-8")).substitute(
        title=f"Evidence for {scope.words}",
        words=scope.words,
        when=when,
        origins="each log has its own, see `manifest.json`",
        duckdb=version("duckdb"),
        disclosed=_DISCLOSED[disclose],
        states="\n".join(lines),
        lacking=f"\nWhat cannot be re-performed from this bundle, and why:\n\n{gone}" if gone else "",
    )
