"""AWS IAM as moto plays it. Moto knows no rights: that a refusal comes out as one is tried on what AWS documents."""

import json
from collections.abc import Iterator

import pytest
from tests.labs import require_module, start
from tests.sources.collected import collect, connected, rows
from tests.sources.ordering import Company, order

from upheld.evidence.collection import Coverage
from upheld.lab.moto import Moto
from upheld.sources import journal
from upheld.sources.aws_iam import AWS_IAM, shape
from upheld.sources.source import Misconfigured, SourceError

TABLES = tuple(AWS_IAM.tables)


def policy(*actions: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]})


@pytest.fixture(scope="module")
def aws() -> Iterator[Moto]:
    """An account with an administrator by group, a program with a key, and somebody who may give rights by a policy of their own."""
    with start(Moto) as moto:
        iam = moto.client()
        for name, tags in (("ada", {"person": "1001"}), ("app", {"owner": "1002"}), ("eve", {"person": "1003"})):
            iam.create_user(UserName=name, Tags=[{"Key": key, "Value": value} for key, value in tags.items()])
        arn = iam.create_policy(PolicyName="Admin", PolicyDocument=policy("*"))["Policy"]["Arn"]
        iam.create_group(GroupName="admins")
        iam.attach_group_policy(GroupName="admins", PolicyArn=arn)
        iam.add_user_to_group(GroupName="admins", UserName="ada")
        iam.create_login_profile(UserName="ada", Password="correct-horse-7-battery")
        iam.create_access_key(UserName="app")
        iam.put_user_policy(UserName="eve", PolicyName="helper", PolicyDocument=policy("s3:*", "iam:Put*"))
        moto.arn = arn  # type: ignore[attr-defined]
        yield moto


@pytest.fixture
def source(aws: Moto, company: Company):
    """The account as a source that may be written to."""
    return company.add("aws", "aws_iam", {"system": "aws", **aws.settings, **aws.let_write()}, collected=False)


@pytest.mark.lab
def test_users_rights_keys_and_who_may_give_come_out(aws):
    into = collect(connected(AWS_IAM, system="aws", **aws.settings), *TABLES)
    told = ("user_name", "kind", "person_ref", "can_sign_in", "privileged", "has_mfa")
    assert {tuple(row.get(name) for name in told) for row in rows(into, "accounts")} == {
        ("ada", "person", "1001", True, True, False),
        ("app", "service", None, True, False, False),
        ("eve", "person", "1003", False, True, False),
    }  # fmt: skip
    names = {row["id"]: row["user_name"] for row in rows(into, "accounts")} | {row["id"]: row["name"] for row in rows(into, "groups")}
    assert {(names[row["holder_id"]], row["entitlement"], row["privileged"]) for row in rows(into, "grants")} == {
        ("ada", "admins", True), ("admins", f"policy:{aws.arn}", True), ("eve", "inline:helper", True),
    }  # fmt: skip
    assert {(names[row["account_id"]], row["way"]) for row in rows(into, "grantors")} == {
        ("ada", f"policy:{aws.arn} of group admins"), ("eve", "inline:helper"),
    }  # fmt: skip
    assert [(names[row["account_id"]], row["active"]) for row in rows(into, "api_tokens")] == [("app", True)]
    assert into.seen["accounts"].coverage is Coverage.COMPLETE


@pytest.mark.lab
def test_orders_are_carried_out_and_read_back(aws, source, company):
    ids = {each["UserName"]: each["UserId"] for each in aws.client().list_users()["Users"]}
    group = aws.client().get_group(GroupName="admins")["Group"]["GroupId"]
    assert company.order(source, order("disable", ids["app"])) == ("carried_out", True, "everything is denied to app")
    into = collect(connected(AWS_IAM, system="aws", **aws.settings), *TABLES)
    assert [(row["enabled"], row["can_sign_in"]) for row in rows(into, "accounts") if row["user_name"] == "app"] == [(False, False)]
    assert company.order(source, order("enable", ids["app"])).outcome == "carried_out"
    assert company.order(source, order("revoke", ids["ada"], "admins", group)) == ("carried_out", True, "ada does not hold admins")
    assert company.order(source, order("grant", ids["ada"], "admins", group)).outcome == "carried_out"
    assert company.order(source, order("revoke", ids["eve"], "inline:helper")).outcome == "carried_out"
    aws.client().put_user_policy(UserName="eve", PolicyName="helper", PolicyDocument=policy("s3:*", "iam:Put*"))
    assert company.order(source, order("reset_secret", ids["ada"])).outcome == "carried_out"
    assert company.order(source, order("reset_secret", ids["app"])).outcome == "refused"
    assert company.order(source, order("disable", "AIDAGONE")) == ("carried_out", False, "there is no such user any more")
    assert {right.allowed for right in journal.rights(source)} == {None, False}


@pytest.mark.parametrize(
    ("document", "gives"),
    [
        ({"Statement": {"Effect": "Allow", "Action": "iam:*"}}, True),
        ({"Statement": [{"Effect": "Allow", "Action": ["S3:*", "IAM:AttachUserPolicy"]}]}, True),
        ({"Statement": [{"Effect": "Allow", "NotAction": "s3:*"}]}, True),
        ({"Statement": [{"Effect": "Deny", "Action": "*"}]}, False),
        ({"Statement": [{"Effect": "Allow", "Action": "iam:List*"}]}, False),
        ({}, False),
        (None, False),
    ],
)  # fmt: skip
def test_which_policies_let_somebody_give_rights(document, gives):
    assert shape.gives(document) is gives


def test_refusals_and_wrong_keys_are_told_apart_as_aws_documents_them():
    require_module("boto3")
    from botocore.exceptions import ClientError

    from upheld.sources.aws_iam.get import DeniedError, asking

    for code, raised in (("AccessDenied", DeniedError), ("InvalidClientTokenId", SourceError)):
        with pytest.raises(raised), asking("iam:X"):
            raise ClientError({"Error": {"Code": code, "Message": "m"}}, "X")


def test_half_of_a_key_is_refused():
    require_module("boto3")
    with pytest.raises(Misconfigured, match="go together"):
        connected(AWS_IAM, system="aws", key_id="AKIA")
