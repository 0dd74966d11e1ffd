"""Print the questions, to be pinned on a host: `python -m upheld.sources.host > upheld-questions`."""

import sys

from upheld.sources.host.get import the_script

sys.stdout.buffer.write(b"#!/bin/sh\n" + the_script())
