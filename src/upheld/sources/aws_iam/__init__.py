"""AWS IAM: users, groups, policies, access keys, and who may give rights. Takes the extra `aws`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.aws_iam import shape
from upheld.sources.enforcing import CannotEnforce, Enforcing
from upheld.sources.source import Misconfigured, Setting, SourceError

if TYPE_CHECKING:
    from upheld.sources.aws_iam.get import Keys

OF_REPORT = ("can_sign_in", "last_login_at", "password_changed_at", "has_mfa")
NEVER_TOLD = ("locked", "changed_at", "password_must_change", "password_scheme", "password_rule_id", "mail", "used_mfa_at")


@dataclass(frozen=True)
class AwsIam:
    """One AWS account."""

    system: str
    reader: "Keys"
    writer: "Keys | None"

    def test(self) -> str:
        """Return how much is in sight; raises `SourceError`."""
        from upheld.sources.aws_iam import get  # noqa: PLC0415  an extra that need not be installed

        try:
            told = get.details(self.reader.client())
        except get.DeniedError as error:
            raise SourceError(str(error), permanent=True) from error
        return f"AWS IAM answers; {len(told['UserDetailList'])} users and {len(told['GroupDetailList'])} groups are in sight"

    def enforcer(self) -> Enforcing:
        """Return what carries out orders; raises `CannotEnforce` where no keys are set up for it."""
        from upheld.sources.aws_iam.orders import Orders  # noqa: PLC0415  an extra that need not be installed

        if self.writer is None:
            raise CannotEnforce("this AWS account is read only: set enforce_key_id and enforce_secret_key (docs/sources/aws_iam.md)")
        return Orders(self.reader, self.writer)

    def collect(self, into: Collecting) -> None:
        """Read users, groups and policies; without the credential report what it alone tells is denied."""
        from upheld.sources.aws_iam import get  # noqa: PLC0415  an extra that need not be installed

        iam = self.reader.client()
        try:
            told = get.details(iam)
        except get.DeniedError as error:
            raise SourceError(f"{error}: give it that right", permanent=True) from error
        try:
            report = get.report(iam)
        except (get.DeniedError, SourceError) as error:
            report = None
            for column in OF_REPORT:
                into.denied("accounts", column, f"the credential report: {error}")
            into.cut_short("api_tokens", f"the credential report: {error}")
            into.cut_short("accounts", f"the root of the account is told by the credential report alone: {error}")
        view = shape.seen(self.system, told, report)
        for name, rows in (
            ("accounts", shape.account_rows(view)),
            ("groups", shape.group_rows(view)),
            ("grants", shape.grant_rows(view)),
            ("grantors", shape.grantor_rows(view)),
            ("api_tokens", shape.token_rows(view)),
        ):
            into.rows(name, rows)
        for column in NEVER_TOLD:
            into.unsupported("accounts", column, "IAM does not tell it")
        into.cut_short("grantors", "who may assume a role that gives rights is not followed yet")


class AwsIamKind:
    """AWS IAM."""

    name: ClassVar[str] = "aws_iam"
    title: ClassVar[str] = "AWS IAM (users, groups, policies, access keys)"
    tables: ClassVar[Sequence[str]] = ("accounts", "groups", "grants", "grantors", "api_tokens")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("system", "the AWS account's id, as the list of systems names it"),
        Setting("key_id", "access key id; empty lets boto3 find its own (environment, profile, role of the machine)", ""),
        Setting("secret_key", "its secret", "", secret=True),
        Setting("region", "region whose endpoint is asked", "us-east-1"),
        Setting("endpoint", "address of another endpoint than AWS's own", ""),
        Setting("timeout", "seconds to wait for an answer", "30"),
        Setting("enforce_key_id", "access key id for orders; empty reads only", ""),
        Setting("enforce_secret_key", "its secret", "", secret=True),
    )
    least_rights: ClassVar[str] = "iam:GetAccountAuthorizationDetails, GenerateCredentialReport, GetCredentialReport, GetLoginProfile."
    notice: ClassVar[str] = ""
    tried: ClassVar[str] = "Tried on moto, which knows no rights, and on error codes as AWS documents them; not on AWS itself."

    def connect(self, settings: Mapping[str, str]) -> AwsIam:
        """Return the account; raises `Misconfigured`."""
        if find_spec("boto3") is None:
            raise Misconfigured("boto3 is not installed: install the extra, upheld[aws]")
        from upheld.sources.aws_iam.get import Keys  # noqa: PLC0415  an extra that need not be installed

        if not settings["timeout"].isdecimal() or not 1 <= int(settings["timeout"]) <= 600:
            raise Misconfigured(f"timeout is {settings['timeout']!r}; it is a number of seconds from 1 to 600")
        for name in ("", "enforce_"):
            if bool(settings[f"{name}key_id"]) != bool(settings[f"{name}secret_key"]):
                raise Misconfigured(f"{name}key_id and {name}secret_key go together")
        where = (settings["region"], settings["endpoint"], float(settings["timeout"]))
        writer = Keys(settings["enforce_key_id"], settings["enforce_secret_key"], *where) if settings["enforce_key_id"] else None
        return AwsIam(settings["system"], Keys(settings["key_id"], settings["secret_key"], *where), writer)


AWS_IAM = AwsIamKind()
