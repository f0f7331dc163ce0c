"""`python -m pielang` is the command `pielang`."""

import sys

from pielang.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
