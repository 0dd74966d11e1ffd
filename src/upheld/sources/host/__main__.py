"""Print what is pinned on a host: `python -m upheld.sources.host > upheld-questions`, or `... orders > upheld-orders`."""

import sys

from upheld.sources.host.get import the_script
from upheld.sources.host.orders import orders_script

sys.stdout.buffer.write(b"#!/bin/sh\n" + (orders_script() if sys.argv[1:] == ["orders"] else the_script()))
