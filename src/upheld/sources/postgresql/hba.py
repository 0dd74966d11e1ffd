"""The lines of pg_hba.conf to doors: who gets in from where, with what."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from ipaddress import ip_address

from upheld.sources.postgresql.get import HbaRule, Server
from upheld.sources.postgresql.roles import Cluster, Row

BY_PASSWORD = {"password", "md5", "scram-sha-256", "ldap", "pam", "radius", "bsd"}
# With these the client sends the password itself, not an answer to a challenge (PostgreSQL manual, 21.5 to 21.12).
SENDS_PASSWORD = {"password", "ldap", "pam", "radius", "bsd"}
SLOW_GUESSES = {"auth_delay", "credcheck"}


def door_rows(rules: Iterable[HbaRule], server: Server, cluster: Cluster) -> Iterator[Row]:
    """Yield a row for each line that lets anybody in."""
    for rule in rules:
        if rule.error is None and rule.method not in (None, "reject"):
            yield _door(rule, server, cluster)


def _door(rule: HbaRule, server: Server, cluster: Cluster) -> Row:
    method, options = rule.method or "", rule.options or []
    certificate = any(option == "clientcert=verify-full" for option in options)
    by_password = method in BY_PASSWORD
    remote = rule.type != "local" and not _is_loopback(rule)
    unencrypted = rule.type in ("host", "hostnossl", "hostnogssenc")
    idle = server.settings.get("idle_session_timeout", "0")
    return {
        "id": f"{cluster.system}:hba:{rule.line}",
        "system_id": cluster.system,
        "door": f"hba line {rule.line}",
        "allows_empty_passwords": method == "trust",
        "allows_plaintext": remote and unencrypted and method in SENDS_PASSWORD,
        "limits_guesses": bool(server.libraries & SLOW_GUESSES)
        if server.libraries or "shared_preload_libraries" in server.settings
        else None,
        "allows_passwords": by_password and not certificate,
        "allows_remote_superuser": remote and _lets_superuser(rule, cluster),
        "requires_mfa": by_password and certificate,
        "idle_timeout": timedelta(milliseconds=int(idle)) if idle.isdecimal() and int(idle) > 0 else None,
        "said": " ".join(
            [rule.type or "", ",".join(rule.databases or []), ",".join(rule.users or []), _where(rule), method, *options]
        ).strip(),
    }


def _where(rule: HbaRule) -> str:
    return " ".join(part for part in (rule.address, rule.netmask) if part)


def _is_loopback(rule: HbaRule) -> bool:
    if rule.address == "samehost":
        return True
    try:
        # A mask wider than 127.0.0.0/8 reaches beyond this machine.
        return ip_address(rule.address or "").is_loopback and (rule.netmask or "").startswith(
            ("255.", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
        )
    except ValueError:
        return rule.address == "localhost"


def _lets_superuser(rule: HbaRule, cluster: Cluster) -> bool:
    names = set(rule.users or [])
    if "all" in names:
        return any(role.is_superuser and role.may_sign_in for role in cluster.roles)
    members = {
        oid for role in cluster.roles if f"+{role.name}" in names for oid in cluster.reaching(role.oid)
    }  # fmt: skip
    return any(role.is_superuser and role.may_sign_in and (role.name in names or role.oid in members) for role in cluster.roles)
