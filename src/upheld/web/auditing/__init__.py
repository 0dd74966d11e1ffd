"""The auditor's space: read-only pages whose scope and period are fixed by the role that was given."""
