"""Lynis' report (lynis-report.dat): lines of name=value. Warnings count as medium, suggestions as low, since Lynis has no severities."""

from collections.abc import Iterable

from upheld.sources.scanner.report import Found, Looked, NotReadable, Report, instant

_KINDS = {"warning[]": "medium", "suggestion[]": "low"}


def is_it(text: str) -> bool:
    """Whether `text` is a report of Lynis."""
    return "report_version_major=" in text[:4000] and "lynis_version=" in text[:20000]


def read(text: str) -> list[Report]:
    """Return the one report in `text`; raises `NotReadable`."""
    values: dict[str, str] = {}
    said: list[tuple[str, str, int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        name, equals, value = line.partition("=")
        if not equals:
            if line.strip() and not line.startswith("#"):
                raise NotReadable(f"line {number} is not name=value")
        elif name in _KINDS:
            said.append((value, _KINDS[name], number))
        else:
            values[name] = value
    ended, target = values.get("report_datetime_end", ""), values.get("hostname", "")
    executed, skipped = (_listed(values.get(name, "")) for name in ("tests_executed", "tests_skipped"))
    return [
        Report(
            format="lynis",
            tool="lynis",
            version=values.get("lynis_version"),
            finished_at=instant(ended, "report_datetime_end") if ended else None,
            whole=bool(ended),
            looked=Looked(rules=frozenset(executed) - frozenset(skipped), areas=frozenset({target})),
            found=tuple(_found(*each, target) for each in said),
            target=target,
            notes=("Lynis writes local time without a zone; it is taken as UTC",),
        )
    ]


def _found(value: str, severity: str, number: int, target: str) -> Found:
    parts = value.split("|")
    if len(parts) < 2:
        raise NotReadable(f"line {number} is no finding of Lynis: test|text|details|solution|")
    place = parts[2] if len(parts) > 2 and parts[2] not in ("", "-") else ""
    return Found(rule=parts[0], title=parts[1], area=target, place=place or parts[1], severity=severity)


def _listed(value: str) -> Iterable[str]:
    return {each for each in value.split("|") if each}
