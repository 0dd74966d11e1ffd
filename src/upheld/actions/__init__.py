"""The one way to write: what an action is, who may do it, and how a row and its ledger entry come about together."""
