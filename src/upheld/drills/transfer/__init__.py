"""Drills on what leaves: channels, flows, mail, media and apps."""
