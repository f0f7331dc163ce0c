"""`python -m pielang.server.inference`: see `main`."""

import sys

from pielang.server.inference.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
