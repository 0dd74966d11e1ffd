"""What the sample company's own machines say of themselves: packages, files with privileges, doors, clocks, disks."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from upheld.evidence.table import Row
from upheld.sources.sample.accounts import Account
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.dice import Dice
from upheld.sources.sample.staff import Staff
from upheld.sources.sample.systems import HOSTS, SYSTEMS

LINUX = [system for system in HOSTS if system.kind == "host"]
PACKAGES = (
    ("base-files", "12.4"), ("bash", "5.2.15"), ("chrony", "4.3"), ("coreutils", "9.1"), ("libc6", "2.36"), ("openssh-server", "9.2p1"),
    ("openssl", "3.0.17"), ("passwd", "4.13"), ("sudo", "1.9.13"), ("systemd", "252.38"), ("util-linux", "2.38.1"), ("zlib1g", "1.2.13"),
)  # fmt: skip
SETUID = (
    ("/usr/bin/passwd", "passwd"), ("/usr/bin/su", "util-linux"), ("/usr/bin/sudo", "sudo"), ("/usr/bin/mount", "util-linux"),
    ("/usr/bin/umount", "util-linux"), ("/usr/lib/openssh/ssh-keysign", "openssh-server"),
)  # fmt: skip
TIME_SERVER = "time.example.org"
GIB = 2**30


def host_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `hosts`. Machines are restarted every thirty days, for updates."""
    for system in HOSTS:
        yield {
            "id": system.id,
            "name": f"{system.id}.example.org",
            "operating_system": "Debian GNU/Linux 12",
            "kernel": "6.1.0-32-amd64",
            "architecture": "x86_64",
            "booted_at": calendar.latest(dice.number(f"boot/{system.id}", 2, 26), 30),
            "memory_bytes": dice.pick(f"memory/{system.id}", (8, 16, 32)) * GIB,
        }


def host_account_rows(accounts: Sequence[Account]) -> Iterator[Row]:
    """Yield `host_accounts`: the machine's own accounts, which nobody can sign in to."""
    for account in accounts:
        if account.kind == "system":
            root = account.user_name == "root"
            yield {
                "id": account.id,
                "system_id": account.system,
                "user_name": account.user_name,
                "uid_number": account.number,
                "home": "/root" if root else "/nonexistent",
                "shell": "/bin/bash" if root else "/usr/sbin/nologin",
                "password_scheme": "locked",
                "password_empty": False,
                "authorized_keys": 0,
            }


def package_rows() -> Iterator[Row]:
    """Yield `packages`, all of them compared with the vendor's digests."""
    for system in LINUX:
        for name, version in PACKAGES:
            yield {
                "id": package_id(system.id, name),
                "system_id": system.id,
                "manager": "dpkg",
                "name": name,
                "version": version,
                "verified": True,
            }


def package_id(system: str, name: str) -> str:
    """Return the identifier of a package on a host."""
    return f"{system}/dpkg/{name}/amd64"


def package_deviation_rows() -> Iterator[Row]:
    """Yield `package_deviations`: edited configuration, and one program that was replaced with approval."""
    for system in LINUX:
        yield {
            "id": f"{system.id}/etc/ssh/sshd_config",
            "system_id": system.id,
            "package_id": package_id(system.id, "openssh-server"),
            "path": "/etc/ssh/sshd_config",
            "what": "changed",
            "is_configuration": True,
        }
    yield {
        "id": "monitoring/usr/sbin/chronyd",
        "system_id": "monitoring",
        "package_id": package_id("monitoring", "chrony"),
        "path": "/usr/sbin/chronyd",
        "what": "changed",
        "is_configuration": False,
    }


def approved_deviation_rows(staff: Staff, calendar: Calendar) -> Iterator[Row]:
    """Yield `approved_deviations`."""
    for system, path, why in (
        ("*", "/etc/ssh/sshd_config", "Our own log-on settings."),
        ("monitoring", "/usr/sbin/chronyd", "A build with the fix for a crash, until the next release."),
    ):
        yield {"system_id": system, "path": path, "approved_by": staff.number(5).id, "why": why, "until_on": calendar.day(-900)}


def privileged_file_rows(dice: Dice) -> Iterator[Row]:
    """Yield `privileged_files`."""
    for system in LINUX:
        for path, package in SETUID:
            yield {
                "id": f"{system.id}{path}",
                "system_id": system.id,
                "path": path,
                "owner": "root",
                "mode": "4755",
                "package": package,
                "digest": dice.token(f"file{path}", 64),
            }


def sudo_rule_rows() -> Iterator[Row]:
    """Yield `sudo_rules`: root, and the administrators with their password."""
    for system in LINUX:
        for line, holder in ((8, "root"), (9, "%admins")):
            yield {
                "id": f"{system.id}/etc/sudoers:{line}",
                "system_id": system.id,
                "holder": holder,
                "run_as": "ALL",
                "command": "ALL",
                "needs_password": True,
                "written_in": f"/etc/sudoers:{line}",
            }


def allowed_utility_rows(staff: Staff) -> Iterator[Row]:
    """Yield `allowed_utilities`."""
    for path, holder in [(path, "*") for path, _ in SETUID] + [("ALL", "root"), ("ALL", "%admins")]:
        yield {
            "system_id": "*",
            "path": path,
            "holder": holder,
            "approved_by": staff.number(5).id,
            "why": "Part of every server.",
        }


def logon_setting_rows() -> Iterator[Row]:
    """Yield `logon_settings`: one door a system."""
    for system in SYSTEMS:
        linux = system.kind == "host"
        yield {
            "id": f"{system.id}/{'sshd' if linux else 'front'}",
            "system_id": system.id,
            "door": "sshd" if linux else "front",
            "allows_empty_passwords": False,
            "allows_plaintext": False,
            "limits_guesses": True,
            "allows_passwords": not linux,
            "allows_remote_superuser": False,
            "requires_mfa": system.mfa,
            "idle_timeout": timedelta(minutes=15),
            "said": "PermitRootLogin no, PasswordAuthentication no" if linux else "sign-in page",
        }


def clock_reading_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `clock_readings`, measured from outside at each collection."""
    for system in SYSTEMS:
        drift = dice.number(f"drift/{system.id}/{calendar.seen_at:%Y-%m-%d}", -4000, 4000)
        yield {
            "id": f"{system.id}/sntp",
            "system_id": system.id,
            "way": "sntp",
            "measured_at": calendar.seen_at,
            "clock_offset": timedelta(microseconds=drift),
            "uncertainty": timedelta(milliseconds=3),
            "reference": TIME_SERVER,
            "stratum": 3,
            "synchronised": True,
        }


def capacity_reading_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `capacity_readings`: the data disk of each system, every twelve hours since two weeks; it fills slowly."""
    for system in SYSTEMS:
        for number, at in calendar.series(0.2, 0.5, 28):
            grown = (at - calendar.founded_at) / timedelta(days=1) * 0.02
            yield {
                "id": f"{system.id}/disk:/srv/{number + 1000}",
                "system_id": system.id,
                "resource": "disk:/srv",
                "measured_at": at,
                "used": (dice.number(f"disk/{system.id}", 100, 320) + grown) * GIB,
                "available": 512.0 * GIB,
                "unit": "bytes",
            }


def volume_rows(dice: Dice) -> Iterator[Row]:
    """Yield `volumes`: two encrypted ones on each machine."""
    for system in HOSTS:
        for mount, device in (("/srv", "sdb"), ("swap", "sdc")):
            yield {
                "id": f"{system.id}:{mount}",
                "system_id": system.id,
                "mounted_on": mount,
                "device": device,
                "encrypted": True,
                "how": "LUKS2 aes-xts-plain64",
                "size_bytes": 512 * GIB if mount == "/srv" else 8 * GIB,
                "used_bytes": dice.number(f"disk/{system.id}", 100, 320) * GIB if mount == "/srv" else 0,
            }
