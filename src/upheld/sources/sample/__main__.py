"""`python -m upheld.sources.sample` prints docs/sources/sample.md."""

import sys

from upheld.sources.sample.page import page

if __name__ == "__main__":
    sys.stdout.write(page())
