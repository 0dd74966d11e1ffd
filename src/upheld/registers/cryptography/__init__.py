"""Registers of the chapter cryptography: keys and how they end, and what law and contracts say of cryptography."""
