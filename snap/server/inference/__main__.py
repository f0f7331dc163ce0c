"""`python -m pielang.server.inference`: see `main`."""

import os
import sys

if __name__ == "__main__":
    # How long torch's threads spin before they sleep, read when torch is loaded. By default they spin through a
    # whole time slice, so that on a machine with other work to do a step of 40 ms takes a second; this short, an
    # idle machine loses nothing.
    os.environ.setdefault("GOMP_SPINCOUNT", "5000")
    from pielang.server.inference.main import main

    sys.exit(main(sys.argv[1:]))
