"""Our reading of sudoers against sudo's own: cvtsudoers, which comes with it."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.labs import require

from upheld.lab.service import find
from upheld.sources.host.sudoers import parse

pytestmark = pytest.mark.lab
Right = tuple[str, str, str, bool]

NASTY = r"""
Defaults env_reset
User_Alias ADMINS = alice, %ops : OPS2 = "dom user", #1001
Cmnd_Alias SHELLS = /bin/sh, /bin/bash, \
    MORE
Cmnd_Alias MORE=/usr/bin/vi /etc/a\,b, /opt/x --flag\=1
Runas_Alias DB = postgres, mysql
Host_Alias WEB = web1, web2
root	ALL=(ALL:ALL) ALL
%sudo ALL = (ALL) ALL # trailing
%#1002 ALL=NOPASSWD: ALL, !SHELLS, PASSWD: /bin/kill
ADMINS, !bob WEB,db1 = (DB) NOPASSWD:SETENV: SHELLS : db7 = ALL : ALL = /sbin/reboot
OPS2 ALL=(:adm) /bin/ls
backup ALL=/usr/bin/restic, sudoedit /etc/motd
#1000 ALL=(root) /bin/cat, sha224:0GomF8mNN3wlDt1HD9XldjJ3SNgpFdbjO1+NsQ== /bin/ls
eve ALL = (ALL : ALL) NOPASSWD : /usr/bin/apt-get update , /usr/bin/less /var/log/*
"""


def by_sudo(path: Path) -> set[Right]:
    """Return what sudo understands, for the host web1. (Of options such as CWD cvtsudoers 1.9.13 makes JSON without a comma.)"""
    done = subprocess.run([find("cvtsudoers"), "-e", "-f", "json", str(path)], capture_output=True, text=True, check=True)
    return {right for spec in json.loads(done.stdout).get("User_Specs", []) if _for_us(spec) for right in _rights(spec)}


def _for_us(spec: Mapping[str, Any]) -> bool:
    return any(host.get("hostname") in {"ALL", "web1"} and not host.get("negated") for host in spec["Host_List"])


def _rights(spec: Mapping[str, Any]) -> Iterator[Right]:
    for user in spec["User_List"]:
        if user.get("negated"):
            continue
        for part in spec["Cmnd_Specs"]:
            asks = not any(option.get("authenticate") is False for option in part.get("Options", []))
            for command in part["Commands"]:
                word = ("!" if command.get("negated") else "") + command["command"]
                for run_as in _run_as(part):
                    yield _name(user), run_as, word, asks


def _name(entry: Mapping[str, Any]) -> str:
    forms = {"username": "{}", "userid": "#{}", "usergroup": "%{}", "usergid": "%#{}"}
    kind = next(kind for kind in forms if kind in entry)
    return forms[kind].format(entry[kind])


def _run_as(part: Mapping[str, Any]) -> list[str]:
    if part.get("runasusers"):
        return [_name(user) for user in part["runasusers"]]
    return [f":{group['usergroup']}" for group in part.get("runasgroups", [])] or ["root"]


def by_us(text: str) -> set[Right]:
    """Return what we understand; sudo shows commands without the backslashes that escape."""
    rules = parse({"/etc/sudoers": text}, host="web1").rules
    return {(rule.holder, rule.run_as, re.sub(r"\\([,:=\\])", r"\1", rule.command), rule.needs_password) for rule in rules}


def agree(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sudoers"
    path.write_text(text)
    path.chmod(0o440)
    assert by_us(text) == by_sudo(path)
    path.unlink()


def test_a_nasty_file_means_to_us_what_it_means_to_sudo(tmp_path: Path) -> None:
    require("cvtsudoers")
    agree(tmp_path, NASTY)


users = st.lists(st.sampled_from(["alice", "%ops", "#1000", "%#27", "ALL", "!bob", "TEAM"]), min_size=1, max_size=3).map(", ".join)
hosts = st.lists(st.sampled_from(["ALL", "web1", "db1", "WEB"]), min_size=1, max_size=2).map(",".join)
run_as = st.sampled_from(["", "(root)", "(ALL : ALL)", "(DB, www)", "(:adm)", "(DB:adm)"])
tags = st.sampled_from(["", "NOPASSWD:", "PASSWD: ", "NOPASSWD:SETENV: ", "NOEXEC: NOPASSWD :"])
commands = st.sampled_from(
    ["ALL", "/bin/ls", "/bin/ls -l /tmp", "!/bin/su", "SHELLS", "!SHELLS", "/usr/bin/vi /a\\,b", "sudoedit /etc/motd", "/usr/bin/"]
)
command_lists = st.lists(st.tuples(run_as, tags, commands).map(" ".join), min_size=1, max_size=4).map(" , ".join)
specs = st.tuples(users, hosts, command_lists).map(lambda part: f"{part[0]} {part[1]} = {part[2]}")
ALIASES = """User_Alias TEAM = carol, %dev, !dan
Host_Alias WEB = web1, web2
Runas_Alias DB = postgres, mysql
Cmnd_Alias SHELLS = /bin/sh, /bin/bash
"""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(specs, min_size=1, max_size=4))
def test_whatever_is_written_means_to_us_what_it_means_to_sudo(tmp_path: Path, lines: list[str]) -> None:
    require("cvtsudoers")
    agree(tmp_path, ALIASES + "\n".join(lines) + "\n")
