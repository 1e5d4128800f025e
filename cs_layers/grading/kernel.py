"""An IPython extension for kernels that nbgrader starts: what goes to stderr is shown with the rest.

nbgrader reads any text on stderr in a test cell as a failed test, and ``nbgrader validate`` takes no plug-ins.
A NumPy warning or a ``print(..., file=sys.stderr)`` is no wrong answer; exceptions reach the notebook another way.
"""

import sys


def load_ipython_extension(shell):
    """Send stderr to stdout for the rest of the kernel's life."""
    sys.stderr = sys.stdout
