"""Runs the command."""

import sys

from search.evaluation.command import main

if __name__ == "__main__":
    sys.exit(main())
