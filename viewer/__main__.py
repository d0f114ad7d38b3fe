"""`python -m viewer` and the console script `secondread`."""

from __future__ import annotations

import os
import sys

OWNER_ONLY = 0o077
"""What this program writes is for its owner alone."""


def main() -> None:
    """Run the command line and end the process with its exit status."""
    from viewer.cli import run

    os.umask(OWNER_ONLY)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
