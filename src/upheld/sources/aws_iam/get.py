"""Asks AWS IAM: who there is with which rights, and the credential report. Takes the extra `aws`."""

import csv
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from upheld.sources.source import SourceError

DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
WRONG = frozenset({"InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken", "AuthFailure"})
REPORT_PATIENCE = 60  # seconds that AWS may take to write the credential report


class DeniedError(Exception):
    """A call was not allowed; the message names it."""


@dataclass(frozen=True)
class Keys:
    """Who asks. Without keys boto3 finds its own (environment, profile, role of the machine)."""

    key_id: str
    secret: str = field(repr=False)
    region: str
    endpoint: str
    timeout: float

    def client(self) -> Any:
        """Return a client of IAM."""
        config = Config(connect_timeout=self.timeout, read_timeout=self.timeout, retries={"max_attempts": 3})
        own = {"aws_access_key_id": self.key_id, "aws_secret_access_key": self.secret} if self.key_id else {}
        return boto3.client("iam", region_name=self.region, endpoint_url=self.endpoint or None, config=config, **own)


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn what boto3 raises into `DeniedError` (a right is missing) or `SourceError`."""
    try:
        yield
    except ClientError as error:
        code, said = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
        if code in DENIED:
            raise DeniedError(f"{what} is not allowed ({said[:200]})") from error
        raise SourceError(f"AWS, {what}: {code}, {said[:200]}", permanent=code in WRONG) from error
    except BotoCoreError as error:
        raise SourceError(f"AWS, {what}: {error}", permanent="credential" in str(error).lower()) from error


def details(iam: Any) -> dict[str, list[dict[str, Any]]]:
    """Return users, groups and policies, all pages."""
    found: dict[str, list[dict[str, Any]]] = {"UserDetailList": [], "GroupDetailList": [], "Policies": []}
    with asking("iam:GetAccountAuthorizationDetails"):
        for page in iam.get_paginator("get_account_authorization_details").paginate(
            Filter=["User", "Group", "LocalManagedPolicy", "AWSManagedPolicy"]
        ):
            for name, rows in found.items():
                rows += page.get(name, [])
    return found


def report(iam: Any) -> dict[str, dict[str, str]]:
    """Return the credential report, by ARN; it is as old as AWS says, four hours at most."""
    with asking("iam:GenerateCredentialReport"):
        until = time.monotonic() + REPORT_PATIENCE
        while iam.generate_credential_report()["State"] != "COMPLETE":
            if time.monotonic() > until:
                raise SourceError("AWS did not write the credential report in time", permanent=False)
            time.sleep(1)
        text = iam.get_credential_report()["Content"].decode()
    return {row["arn"]: row for row in csv.DictReader(io.StringIO(text))}
