"""`python -m mrecist` is the command line."""

import sys

from .cli.parser import main

if __name__ == "__main__":  # pragma: no branch
    sys.exit(main())
