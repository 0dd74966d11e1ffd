"""Packages, privileged files, volumes, clocks, capacity, keys and devices out of a host's answers."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.serialization import Encoding
from tests.sources.host.answered import AT, host, shaped

from upheld.lab.certificates import make
from upheld.sources.host.machine import clock_offset, clock_readings
from upheld.sources.host.software import LeftOut, owners_of, privileged_files

DPKG = "ii \tcoreutils\tamd64\t9.1-1\nrc \tgone\tamd64\t1\nii \tbash\tamd64\t5.2\n"
VERIFY = """??5??????   /usr/bin/ls
??5?????? c /etc/bash.bashrc
missing     /usr/share/doc/bash/README
missing     /usr/bin/shred
..?......   /usr/bin/cat
@owners
coreutils: /usr/bin/ls
diversion by dash from: /bin/sh
bash: /etc/bash.bashrc
"""


def test_packages_are_verified_where_their_digests_are_there() -> None:
    found = shaped(host(dpkg=DPKG, digests="./coreutils.md5sums\n", verify="@owners\n"), "packages")
    assert [(row["name"], row["version"], row["verified"]) for row in found] == [("coreutils", "9.1-1", True), ("bash", "5.2", False)]


def test_packages_that_were_not_compared_are_not_verified() -> None:
    assert [row["verified"] for row in shaped(host(dpkg=DPKG, digests="./coreutils.md5sums\n"), "packages")] == [False, False]


def test_a_file_deviates_when_its_digest_differs_or_it_is_missing_though_nobody_left_it_out() -> None:
    found = shaped(host(dpkg=DPKG, verify=VERIFY, excluded="path-exclude=/usr/share/doc/*\n"), "package_deviations")
    assert [(row["path"], row["what"], row["is_configuration"], row.get("package_id")) for row in found] == [
        ("/usr/bin/ls", "changed", False, "web1/dpkg/coreutils:amd64"),
        ("/etc/bash.bashrc", "changed", True, "web1/dpkg/bash:amd64"),
        ("/usr/bin/shred", "missing", False, None),
    ]


def test_of_path_exclude_and_path_include_the_last_that_matches_counts() -> None:
    left_out = LeftOut([(True, "/usr/share/doc/*"), (False, "/usr/share/doc/*/copyright")])
    assert (left_out("/usr/share/doc/a/README"), left_out("/usr/share/doc/a/copyright"), left_out("/usr/bin/a")) == (True, False, False)


def test_rpm_says_it_in_its_own_way() -> None:
    rpm = {
        "rpm": "bash\tx86_64\t0:5.1-1\n",
        "verify_rpm": "S.5....T.  c /etc/bashrc\n..5....T.    /usr/bin/bash\n.......T.    /usr/bin/sh\n",
    }
    assert [(row["path"], row["is_configuration"]) for row in shaped(host(**rpm), "package_deviations")] == [
        ("/etc/bashrc", True),
        ("/usr/bin/bash", False),
    ]
    assert [row["id"] for row in shaped(host(**rpm), "packages")] == ["web1/rpm/bash:x86_64"]


def test_several_versions_of_an_rpm_stand_side_by_side() -> None:
    found = shaped(host(rpm="kernel\tx86_64\t0:6.1\nkernel\tx86_64\t0:6.2\nbash\tx86_64\t0:5\n"), "packages")
    assert [row["id"] for row in found] == ["web1/rpm/kernel:x86_64=0:6.1", "web1/rpm/kernel:x86_64=0:6.2", "web1/rpm/bash:x86_64"]


def test_privileged_files_have_owner_mode_package_and_digest() -> None:
    digest = "a" * 64
    answers = host(
        **{
            "setuid /": "4755 root /tree/usr/bin/su\0002755 root /tree/opt/x\0",
            "digest /": f"{digest}  /tree/usr/bin/su\0",
            "owner /": "util-linux: /bin/su\n",
            "capabilities /": "/tree/usr/bin/ping cap_net_raw=ep\n/tree/usr/bin/old tool = cap_net_admin+ep\n",
        }
    )
    part = privileged_files(answers, "web1", "/tree")
    assert [(row["path"], row.get("mode"), row["package"], row.get("capabilities"), row.get("digest")) for row in part.rows] == [
        ("/usr/bin/su", "4755", "util-linux", None, digest),
        ("/opt/x", "2755", None, None, None),
        ("/usr/bin/ping", None, None, "cap_net_raw=ep", None),
        ("/usr/bin/old tool", None, None, "cap_net_admin+ep", None),
    ]


def test_a_search_that_was_stopped_cuts_its_own_table_short() -> None:
    answers = host(denied=("setuid /",))
    part = privileged_files(answers, "web1", "")
    assert part.cut_short == ["search for setuid files below /: it may not be read by this account"]


def test_a_file_name_with_a_newline_is_one_file() -> None:
    found = shaped(host(**{"setuid /": "4755 root /tmp/a\nb\0"}), "privileged_files")
    assert [row["path"] for row in found] == ["/tmp/a\\nb"]


def test_owners_are_told_from_diversions() -> None:
    assert owners_of("a:amd64, b: /x: y\ndiversion by c from: /z\n") == {"/x: y": "a:amd64"}


MOUNTS = json.dumps({"filesystems": [
    {"target": "/", "source": "/dev/mapper/root", "fstype": "ext4", "size": 1000, "used": 400, "avail": 500, "children": [
        {"target": "/boot", "source": "/dev/sda1", "fstype": "ext4", "size": "100", "used": "40", "avail": "60"},
        {"target": "/data", "source": "pool/data", "fstype": "zfs", "size": None, "used": None, "avail": None},
    ]},
]})  # fmt: skip
BLOCKS = json.dumps({"blockdevices": [
    {"name": "sda", "path": "/dev/sda", "type": "disk", "children": [
        {"name": "sda1", "path": "/dev/sda1", "type": "part"},
        {"name": "sda2", "path": "/dev/sda2", "type": "part", "children": [
            {"name": "crypt", "path": "/dev/mapper/crypt", "type": "crypt", "children": [
                {"name": "root", "path": "/dev/mapper/root", "type": "lvm"}]}]},
    ]},
]})  # fmt: skip
LUKS = "@/dev/sda2\nVersion:       \t2\n\tcipher: aes-xts-plain64\n\tPBKDF:      argon2id\n"
SWAPS = "Filename Type Size Used Priority\n/dev/zram0 partition 100 0 5\n/swapfile file 200 10 -2\n/dev/sda1 partition 300 0 -3\n"


def test_a_volume_is_encrypted_when_a_device_below_it_encrypts() -> None:
    found = shaped(host(mounts=MOUNTS, blocks=BLOCKS, luks=LUKS, swaps=SWAPS), "volumes")
    assert [(row["mounted_on"], row.get("encrypted"), row.get("how"), row.get("size_bytes")) for row in found] == [
        ("/", True, "LUKS2 aes-xts-plain64 argon2id", 1000),
        ("/boot", False, None, 100),
        ("/data", None, None, None),
        ("swap:/swapfile", True, "LUKS2 aes-xts-plain64 argon2id", 204800),
        ("swap:/dev/sda1", False, None, 307200),
    ]


def test_in_a_container_nothing_is_said_about_encryption() -> None:
    found = shaped(
        host(mounts='{"filesystems":[{"target":"/","source":"overlay","fstype":"overlay"}]}', blocks='{"blockdevices":[]}'), "volumes"
    )
    assert "encrypted" not in found[0]


def test_disks_and_memory_are_readings_in_bytes() -> None:
    found = shaped(host(mounts=MOUNTS, meminfo="MemTotal:       1000 kB\nMemAvailable:    250 kB\n"), "capacity_readings")
    assert [(row["resource"], row["used"], row["available"]) for row in found] == [
        ("disk:/", 400.0, 900.0),
        ("disk:/boot", 40.0, 100.0),
        ("memory", 768000.0, 1024000.0),
    ]


CHRONY = "C0A80001,192.168.0.1,3,1795332712.0,-0.250000000,0.1,0.1,0.5,-0.0,6.8,0.010000000,0.001000000,64.3,Normal\n"


def test_chrony_says_how_far_the_clock_is_ahead() -> None:
    found = shaped(host(chrony=CHRONY), "clock_readings")[0]
    assert (found["clock_offset"], found["uncertainty"], found["reference"], found["stratum"], found["synchronised"]) == (
        timedelta(milliseconds=250),
        timedelta(milliseconds=6),
        "192.168.0.1",
        3,
        True,
    )


def test_a_clock_service_that_does_not_run_follows_nothing() -> None:
    assert shaped(host(denied=("chrony",)), "clock_readings")[0]["synchronised"] is False


def test_a_clock_service_that_does_not_answer_in_time_is_not_said_to_follow_nothing() -> None:
    answers = host(chrony="")
    answers = replace(answers, sections={**answers.sections, "chrony": replace(answers.of("chrony"), status=124)})
    part = clock_readings(answers, "web1", AT)
    assert (part.rows, part.cut_short) == ([], ["chrony: the command took too long and was stopped"])


def test_timesyncd_tells_what_to_add_to_the_clock() -> None:
    said = "NTPSynchronized=yes\n       Server: 192.0.2.1 (ntp.example.org)\n      Stratum: 2\n       Offset: +1min 500ms\n"
    answers = host(timesync=said)
    found = shaped(answers, "clock_readings")[0]
    assert (found["clock_offset"], found["reference"], found["synchronised"]) == (timedelta(seconds=-60.5), "192.0.2.1", True)


def test_the_hosts_clock_is_compared_with_ours() -> None:
    assert clock_offset(host(clock="1000.5\n"), datetime.fromtimestamp(1000, UTC)) == timedelta(seconds=0.5)
    assert clock_offset(host(clock="%s\n"), datetime.fromtimestamp(1000, UTC)) is None


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"


def test_a_key_in_two_places_is_one_key_that_names_both() -> None:
    answers = host(__a=f'from="10.0.0.1",command="say \\"ssh-rsa x\\"" {KEY} alice@home\n# {KEY}\nbroken\n', __b=f"{KEY}\n")
    answers = replace(answers, holders=(("alice", "/a"), ("root", "/b")))
    assert shaped(answers, "keys") == [
        {
            "id": "web1/ssh-user/SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
            "system_id": "web1",
            "fingerprint": "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
            "purpose": "ssh-user",
            "algorithm": "Ed25519",
            "bits": 256,
            "state": "active",
            "location": "/a, /b",
            "holder": "alice, root",
        }
    ]


def test_certificate_files_give_their_keys() -> None:
    pem = make("localhost", bits=2048).certificate.public_bytes(Encoding.PEM).decode()
    found = shaped(host(**{"__etc__tls.pem": pem}), "keys", certificates=["/etc/tls.pem"])
    assert [(row["purpose"], row["algorithm"], row["bits"], row["location"]) for row in found] == [("tls", "RSA", 2048, "/etc/tls.pem")]


DCONF = "[org/gnome/desktop/session]\nidle-delay=uint32 300\n\n[org/gnome/desktop/screensaver]\nlock-enabled=true\nlock-delay=uint32 5\n"
LOCKS = "/org/gnome/desktop/session/idle-delay\n/org/gnome/desktop/screensaver/lock-enabled\n"


def test_a_screen_lock_is_enforced_when_its_user_cannot_change_it() -> None:
    place = "__etc__dconf__db__local.d__"
    found = shaped(host(**{f"{place}00-lock": DCONF, f"{place}locks__lock": LOCKS}), "devices", kind="laptop")[0]
    assert (found["locks_after"], found["lock_enforced"]) == (timedelta(seconds=305), True)
    found = shaped(host(**{f"{place}00-lock": DCONF}), "devices", kind="laptop")[0]
    assert found["lock_enforced"] is False
    assert "lock_enforced" not in shaped(host(), "devices", kind="laptop")[0]


def test_an_endpoint_tells_its_agent_and_the_age_of_its_signatures() -> None:
    told = {
        "clamav": "ClamAV 1.4.6/27450/Sun Nov  2 08:41:12 2025\n",
        "clamd": "clamd\n",
        "serial": "SN7\n",
        "mounts": MOUNTS,
        "blocks": BLOCKS,
    }
    found = shaped(host(**told), "devices", kind="laptop")[0]
    assert (found["id"], found["malware_agent"], found["malware_agent_running"]) == ("SN7", "ClamAV 1.4.6", True)
    assert found["signatures_at"] == datetime(2025, 11, 2, 8, 41, 12, tzinfo=UTC)
    assert "encrypted" not in found  # one volume is of unknown kind
