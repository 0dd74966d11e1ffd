"""Registers of the chapter transfer: channels by which information leaves, couriers, and media on their way."""
