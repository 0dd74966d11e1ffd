"""What events of any format tell of: who, on which host, and from where. Formats differ in what they call it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

# sshd, sudo and PAM as we read them; Windows; CloudTrail; Azure; Elastic Common Schema.
WHO = ("user", "TargetUserName", "userIdentity.userName", "userIdentity.arn", "caller", "user.name", "userPrincipalName")
HOST = ("host", "Computer", "ComputerName", "host.name", "hostname", "_HOSTNAME", "resourceId", "recipientAccountId")
DEVICE = (
    *("device", "deviceDetail.deviceId", "deviceDetail.displayName", "properties.deviceDetail.deviceId"),
    *("properties.deviceDetail.displayName", "device.id", "device.hostname", "client.device.id", "WorkstationName"),
)
FROM = ("from_address", "client", "IpAddress", "sourceIPAddress", "callerIpAddress", "source.ip", "SourceIp")
OUTCOME = ("outcome", "reason", "account_state", "program", "message", "EventID", "Channel", "eventName", "operationName", "path", "status")
# Always kept as columns, whatever rules read: pages and reports ask for them.
REPORTED = frozenset((*WHO, *HOST, *FROM, *OUTCOME))


def told(fields: Mapping[str, Any], names: Sequence[str]) -> str:
    """Return the first text that `fields` have under one of `names`; "" where there is none."""
    for name in names:
        value = fields.get(name)
        if value.__class__ is str and value:
            return str(value)
    return ""
