"""Witnesses both ways (C2SP tlog-witness): asking others to cosign our checkpoints, and cosigning those of others."""
