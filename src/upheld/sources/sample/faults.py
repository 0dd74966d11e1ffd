"""What is wrong at the sample company: each fault in words, the subjects it must fail, and how it is planted. All else is right.

Subjects are as measures name them when the source is called "sample".
"""

from collections.abc import Sequence
from datetime import timedelta

from upheld.sources.sample import looked_into, places, shipped, traffic
from upheld.sources.sample.cryptography import fingerprint
from upheld.sources.sample.planting import Ago, Copy, Day, Drop, Edit, Fault, Recurring, Unseen

BACKUP_KEY = fingerprint("backup-data")

FAULTS: Sequence[Fault] = (
    Fault(
        "A sales person who left still signs in to the customer database.",
        (("authorization/leavers_removed", "sample/account/crm-1033"), ("authorization/account_owned", "sample/crm-1033")),
        (
            Edit("accounts", ("crm-1033",), {
                "enabled": True, "can_sign_in": True, "last_login_at": Recurring(3, 4), "password_changed_at": Recurring(20, 80),
            }),
        ),
    ),
    Fault(
        "An engineer left, and the token that their builds ran with works on.",
        (("authorization/leavers_removed", "sample/token/ci-1055/token"),),
        (Edit("api_tokens", ("ci-1055/token",), {"active": True, "expires_at": None, "last_used_at": Recurring(1, 1)}),),
    ),
    Fault(
        "An account on the website was made for an agency, and nobody answers for it.",
        (("authorization/account_owned", "sample/website-agency"),),
        (
            Edit("accounts", ("website-agency",), {
                "system_id": "website", "user_name": "agency", "identifier": "agency", "kind": "shared", "display_name": "Agency",
                "enabled": True, "locked": False, "can_sign_in": True, "privileged": False, "created_at": Ago(200), "changed_at": Ago(200),
                "last_login_at": Recurring(2, 3), "password_changed_at": Recurring(30, 80), "password_must_change": False,
                "password_scheme": "yescrypt", "password_rule_id": "website-rules", "has_mfa": False,
            }),
        ),
        blurs=("authorization/authorisation_record_complete",),
    ),
    Fault(
        "The mail name of someone who left was given to a colleague, and both accounts still carry it.",
        (("authorization/identifier_never_reissued", "mail/name/reception"), ("authorization/identifier_unique", "mail/name/reception")),
        (
            Edit("accounts", ("mail-1066",), {"user_name": "reception", "identifier": "reception"}),
            Edit("accounts", ("mail-1034",), {"user_name": "reception", "identifier": "reception"}),
        ),
    ),
    Fault(
        "A support agent has not signed in to the monitoring for seven months, and the account still works.",
        (("authorization/unused_credentials_deactivated", "sample/account/monitoring-1022"),),
        (Edit("accounts", ("monitoring-1022",), {"last_login_at": Ago(210)}),),
    ),
    Fault(
        "An editor was given administrator's rights on the account used for daily work.",
        (("authorization/privileged_separate", "sample/mail-1031"),),
        (
            Edit("grants", ("mail-1031/mail_admin",), {
                "system_id": "mail", "holder_kind": "account", "holder_id": "mail-1031", "entitlement": "mail_admin",
                "group_id": "mail-group-mail_admin", "privileged": True, "can_grant": False, "granted_at": Ago(30), "granted_by": "adm",
            }),
            Edit("granted_requests", ("R-101",), {
                "person_id": "1031", "system_id": "mail", "entitlement": "mail_admin", "requested_by": "1031", "approved_by": "1008",
                "approved_at": Ago(31), "until_on": None,
            }),
        ),
    ),
    Fault(
        "A joiner of two weeks ago still uses the first password.",
        (("access/initial_secret_changed", "sample/directory-1037"),),
        (
            Edit("accounts", ("directory-1037",), {
                "password_changed_at": Copy("accounts", ("directory-1037",), "created_at"), "password_must_change": True,
            }),
        ),
    ),
    Fault(
        "Two people sign in to the VPN gateway without a second factor.",
        (
            ("access/mfa_required", "sample/vpn-1028"), ("access/mfa_required", "sample/vpn-1032"),
            ("access/second_factor_enrolled", "sample/vpn-1028"), ("access/second_factor_enrolled", "sample/vpn-1032"),
        ),
        tuple(Edit("accounts", (account,), {"has_mfa": False, "used_mfa_at": None}) for account in ("vpn-1028", "vpn-1032")),
    ),
    Fault(
        "The monitoring server lets root in over SSH with a password.",
        (("access/logon_secure", "sample/monitoring/sshd"),),
        (
            Edit("logon_settings", ("monitoring/sshd",), {
                "allows_passwords": True, "allows_remote_superuser": True, "said": "PermitRootLogin yes, PasswordAuthentication yes",
            }),
        ),
    ),
    Fault(
        "A buyer was given the right to release payments, and nobody asked for it.",
        (
            ("access/entitlement_explained", "sample/erp/erp-1035/erp_payments"),
            ("authorization/least_privilege", "sample/erp/erp-1035/erp_payments"),
            ("authorization/grant_approved", "sample/erp-1035/erp_payments"), ("governance/duties_separated", "order-and-pay/1035"),
        ),
        (
            Edit("grants", ("erp-1035/erp_payments",), {
                "system_id": "erp", "holder_kind": "account", "holder_id": "erp-1035", "entitlement": "erp_payments",
                "group_id": "erp-group-erp_payments", "privileged": False, "can_grant": False, "granted_at": Ago(12), "granted_by": "adm",
            }),
        ),
    ),
    Fault(
        "An engineer may release what they write: the second right hides in a group within a group.",
        (("governance/duties_separated", "write-and-release/1023"),),
        (
            Edit("groups", ("ci-group-ci_nightly",), {
                "system_id": "ci", "name": "ci_nightly", "entitlement": "ci_nightly", "privileged": False, "owner_ref": "1004",
            }),
            Edit("grants", ("ci-group-ci_nightly/ci_deploy",), {
                "system_id": "ci", "holder_kind": "group", "holder_id": "ci-group-ci_nightly", "entitlement": "ci_deploy",
                "group_id": "ci-group-ci_deploy", "privileged": False, "can_grant": False,
            }),
            Edit("grants", ("ci-1023/ci_nightly",), {
                "system_id": "ci", "holder_kind": "account", "holder_id": "ci-1023", "entitlement": "ci_nightly",
                "group_id": "ci-group-ci_nightly", "privileged": False, "can_grant": False, "granted_at": Ago(20), "granted_by": "adm",
            }),
            Edit("granted_requests", ("R-102",), {
                "person_id": "1023", "system_id": "ci", "entitlement": "ci_nightly", "requested_by": "1023", "approved_by": "1004",
                "approved_at": Ago(21), "until_on": None,
            }),
        ),
    ),
    Fault(
        "A laptop is not encrypted.",
        (("assets/endpoint_encrypted", "sample/LT-0021"), ("assets/mobile_protected", "sample/LT-0021")),
        (Edit("devices", ("LT-0021",), {"encrypted": False}),),
    ),
    Fault(
        "A laptop's screen locks only after an hour.",
        (("access/screen_locks", "sample/LT-0025"),),
        (Edit("devices", ("LT-0025",), {"locks_after": timedelta(hours=1)}),),
    ),
    Fault(
        "A phone in use belongs to somebody who left.",
        (("assets/owned", "device/sample/PH-0088"),),
        (
            Edit("devices", ("PH-0088",), {
                "name": "phone-0088", "kind": "phone", "owner_id": "1088", "operating_system": "Android 16", "in_use": True,
                "encrypted": True, "malware_agent": "Play Protect", "malware_agent_running": True, "signatures_at": Recurring(0.4, 1),
                "locks_after": timedelta(minutes=2), "lock_enforced": True, "passcode": True, "mobile": True,
                "last_seen_at": Recurring(0.2, 0.5),
            }),
            Edit("endpoint_software", ("PH-0088/store/Company Portal",), {
                "device_id": "PH-0088", "manager": "store", "name": "Company Portal",
            }),
        ),
    ),
    Fault(
        "The website still speaks TLS 1.0.",
        (("cryptography/endpoint_conforms", "sample/website.example.org:443"),),
        (Edit("endpoints", ("website.example.org:443",), {"protocols": ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]}),),
    ),
    Fault(
        "A commit to billing landed without anybody's approval.",
        (("change/commit_reviewed", "sample/billing/991"),),
        (
            Edit("commits", ("billing/991",), {
                "approvers": [], "approved_at": None, "landed_by": Copy("commits", ("billing/991",), "author"),
            }),
        ),
    ),
    Fault(
        "A commit to storefront was approved by its own author.",
        (("change/commit_reviewed", "sample/storefront/985"),),
        (
            Edit("commits", ("storefront/985",), {
                "author": Copy("commits", ("storefront/985",), "committer"), "authors": Copy("commits", ("storefront/985",), "approvers"),
            }),
        ),
    ),
    Fault(
        "A copy of the shell on the file server makes its user root.",
        (("operations/utilities_restricted", "sample/file/files/usr/local/bin/rootsh"),),
        (
            Edit("privileged_files", ("files/usr/local/bin/rootsh",), {
                "system_id": "files", "path": "/usr/local/bin/rootsh", "owner": "root", "mode": "4755",
            }),
        ),
    ),
    Fault(
        "The HR system has not been backed up for nine days.",
        (
            ("backup/taken_on_schedule", "hr"), ("backup/all_kinds_covered", "sample/hr/configuration"),
            ("backup/all_kinds_covered", "sample/hr/data"), ("backup/all_kinds_covered", "sample/hr/settings"),
        ),
        (Drop("backups", "hr", "finished_at", Ago(9)),),
    ),
    Fault(
        "The last restore of accounts and orders was 85 days ago, and none is planned.",
        (),
        (
            Drop("restore_tests", "erp", "finished_at", Ago(85)),
            Edit("restore_tests", ("erp/restore/spring",), {
                "system_id": "erp", "started_at": Ago(85.05), "finished_at": Ago(85), "took": timedelta(minutes=72),
                "content_verified": True, "files": 4100, "said": "every file compared by its SHA-256",
            }),
        ),
        soon=(("backup/restore_proven", "erp"),),
    ),
    Fault(
        "The key that backups are encrypted with is to be retired in four days, and the next one is not made yet.",
        (),
        (Edit("registered_keys", (BACKUP_KEY,), {"retire_on": Day(-4)}),),
        soon=(("cryptography/key_within_cryptoperiod", f"sample/backup/{BACKUP_KEY}"),),
    ),
    *places.FAULTS,
    *shipped.FAULTS,
    *traffic.FAULTS,
    *looked_into.FAULTS,
)  # fmt: skip

# What the sample's systems do not tell: measures that need it are unproven, for a reason in words.
UNSEEN: Sequence[Unseen] = (
    Unseen(
        "accounts", "password_scheme", "the mail and HR services do not show how they store passwords", "access/password_storage_strong"
    ),
    Unseen("packages", None, "the website's server stopped answering before all its packages were listed", "change/packages_unmodified"),
)
