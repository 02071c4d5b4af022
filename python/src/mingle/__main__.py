"""``python -m mingle`` is the program ``mingle``."""

import subprocess
import sys

from ._program import program

if __name__ == "__main__":
    try:
        sys.exit(subprocess.run([str(program()), *sys.argv[1:]], check=False).returncode)
    except KeyboardInterrupt:  # The program has had it too, and has said what it keeps.
        sys.exit(130)
