"""Answers of a host for tests, as questions.sh writes them."""

from tests.sources.collected import AT

from upheld.sources.host.answers import ABSENT, Answers, Section, parse
from upheld.sources.host.shape import Seen, parts

PASSWD = """root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
alice:x:1000:1000:Alice Ashe,,,,e17:/home/alice:/bin/bash
bob:x:1001:1001:Bob,,,bob@example.org:/home/bob:/bin/bash
backup2:x:1002:1002::/srv:/usr/sbin/nologin
toor:x:0:0::/root:/bin/sh
"""
SHADOW = """root:!:19000:0:99999:7:::
daemon:*:19000:0:99999:7:::
alice:$y$j9T$abc$def:20000:0:90:7:::
bob:!$6$salt$hash:0:0:99999:7:::
backup2:!:19000::::::
toor::19000:0:99999:7::1:
"""
GROUP = "root:x:0:\nsudo:x:27:alice\ndocker:x:998:bob\nalice:x:1000:\nbob:x:1001:\nbackup2:x:1002:\n"


def host(*, denied: tuple[str, ...] = (), **told: str) -> Answers:
    """Return answers with the files and sections `told` (a name with __ for / is a file), and `denied` ones."""
    files = {"/etc/passwd": PASSWD, "/etc/shadow": SHADOW, "/etc/group": GROUP, "/etc/login.defs": "UID_MIN 1000\nPASS_MAX_DAYS 90\n"}
    sections = {f"file {path}": Section(text, 0) for path, text in files.items()}
    sections |= {"lastlog": Section("Username\n", 0), "wtmp": Section("", 0), "whoami": Section("0\n", 0)}
    for name, text in told.items():
        key = f"file {name.replace('__', '/')}" if name.startswith("__") else name
        sections[key] = Section(text, 0)
    for name in denied:
        sections[f"file {name}" if name.startswith("/") else name] = Section("", 43)
    sections.setdefault("sshd", Section("", ABSENT))
    return Answers(sections, (), ended=True)


def shaped(answers: Answers, table: str, **seen: str) -> list[dict[str, object]]:
    """Return the rows of `table`, without what is NULL."""
    part = parts(Seen(answers, "web1", "web1", AT, **seen), [table])[0]
    return [{name: value for name, value in row.items() if value is not None} for row in part.rows]


def recorded(text: str) -> Answers:
    """Return what an answer recorded as text says."""
    return parse(text.encode())
