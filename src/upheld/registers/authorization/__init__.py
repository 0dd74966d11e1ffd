"""Registers of the chapter authorization: what there is to reach, who asked for it, who decided, and when it ended."""
