"""Orders to AWS IAM: a policy that denies everything, groups and policies, console passwords."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from upheld.sources.aws_iam.get import DeniedError, Keys, asking, details
from upheld.sources.aws_iam.shape import DENY_ALL, DISABLED, is_disabled
from upheld.sources.enforcing import Order, Refusal, Right, State, Verb
from upheld.sources.source import SourceError

NO_SESSIONS = "IAM keeps no sessions of users: a disabled user's calls are denied at once, whatever it signed in with"
NO_USERS = "no users are made in AWS by orders: let people in by the identity provider"


@dataclass(frozen=True)
class Orders:
    """One AWS account: `reader` looks, `writer` writes."""

    reader: Keys
    writer: Keys

    def rights(self) -> Sequence[Right]:
        """See `Enforcing`: IAM tells nobody their own rights without one more right, so that only trying tells."""
        said = "only trying tells: iam:PutUserPolicy, DeleteUserPolicy, Add/RemoveUserToGroup, Attach/DetachUserPolicy, UpdateLoginProfile"
        told = [Right(verb, None, said) for verb in Verb if verb not in (Verb.END_SESSIONS, Verb.CREATE)]
        return [*told, Right(Verb.END_SESSIONS, False, NO_SESSIONS)]

    def look(self, order: Order, *, before: str = "") -> State:
        """See `Enforcing`. A user that the whole list does not have is gone."""
        if order.verb == Verb.CREATE:
            return State(False, NO_USERS)
        user, _ = self._found(order)
        if user is None:
            return State(order.verb.takes, "there is no such user any more")
        name = user["UserName"]
        if order.verb in (Verb.DISABLE, Verb.ENABLE):
            disabled = is_disabled(user)
            return State(disabled == (order.verb == Verb.DISABLE), f"everything is {'denied' if disabled else 'not denied'} to {name}")
        if order.verb.needs_entitlement:
            held = _holds(user, order)
            return State(held == (order.verb == Verb.GRANT), f"{name} {'holds' if held else 'does not hold'} {order.entitlement}")
        if order.verb == Verb.END_SESSIONS:
            return State(False, NO_SESSIONS)
        return self._secret(name, before)

    def _secret(self, name: str, before: str) -> State:
        try:
            with asking("iam:GetLoginProfile"):
                profile = self.reader.client().get_login_profile(UserName=name)["LoginProfile"]
        except DeniedError as error:
            return State(None, str(error))
        except SourceError as error:
            if "NoSuchEntity" in str(error):
                return State(None, f"{name} has no password for the console")
            raise
        mark = f"{profile['CreateDate'].isoformat()}/{profile.get('PasswordResetRequired', False)}"
        must = "; its person must change it" if profile.get("PasswordResetRequired") else ""
        return State(
            bool(before) and mark != before, f"the console password of {name} was made on {profile['CreateDate']:%Y-%m-%d}{must}", mark
        )

    def _found(self, order: Order) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        try:
            told = details(self.reader.client())
        except DeniedError as error:
            raise SourceError(str(error), permanent=True) from error
        user = next((each for each in told["UserDetailList"] if each["UserId"] == order.account), None)
        return user, next((each for each in told["GroupDetailList"] if each["GroupId"] == order.group_id), None)

    def do(self, order: Order, *, secret: str = "") -> None:
        """See `Enforcing`."""
        if order.verb == Verb.CREATE:
            raise Refusal(NO_USERS)
        user, group = self._found(order)
        if user is None:
            raise Refusal(f"there is no user with the id {order.account}")
        if order.group_id and group is None:
            raise Refusal(f"there is no group with the id {order.group_id}")
        with self._writing(order.verb) as iam:
            _done(iam, user["UserName"], group["GroupName"] if group else "", order, secret)

    @contextmanager
    def _writing(self, verb: Verb) -> Iterator[Any]:
        try:
            with asking(verb.value):
                yield self.writer.client()
        except DeniedError as error:
            raise Refusal(str(error)) from error
        except SourceError as error:
            if any(
                code in str(error)
                for code in ("NoSuchEntity", "DeleteConflict", "LimitExceeded", "PasswordPolicyViolation", "MalformedPolicy")
            ):
                raise Refusal(str(error)) from error
            raise


def _holds(user: dict[str, Any], order: Order) -> bool:
    if order.group_id:
        return order.entitlement in user.get("GroupList", [])
    kind, _, word = order.entitlement.partition(":")
    if kind == "policy":
        return any(each["PolicyArn"] == word for each in user.get("AttachedManagedPolicies", []))
    return any(each["PolicyName"] == word for each in user.get("UserPolicyList", []))


def _done(iam: Any, user: str, group: str, order: Order, secret: str) -> None:
    kind, _, word = order.entitlement.partition(":")
    if order.verb == Verb.DISABLE:
        iam.put_user_policy(UserName=user, PolicyName=DISABLED, PolicyDocument=json.dumps(DENY_ALL))
    elif order.verb == Verb.ENABLE:
        iam.delete_user_policy(UserName=user, PolicyName=DISABLED)
    elif order.verb == Verb.RESET_SECRET:
        iam.update_login_profile(UserName=user, Password=secret, PasswordResetRequired=True)
    elif order.verb == Verb.END_SESSIONS:
        raise Refusal(NO_SESSIONS)
    elif group:
        (iam.add_user_to_group if order.verb == Verb.GRANT else iam.remove_user_from_group)(UserName=user, GroupName=group)
    elif kind == "policy":
        (iam.attach_user_policy if order.verb == Verb.GRANT else iam.detach_user_policy)(UserName=user, PolicyArn=word)
    elif kind == "inline" and order.verb == Verb.REVOKE:
        iam.delete_user_policy(UserName=user, PolicyName=word)
    else:
        raise Refusal(f"{order.entitlement!r} is neither a group nor a managed policy, which alone are given here")
