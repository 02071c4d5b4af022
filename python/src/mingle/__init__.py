r"""Run ``mingle``, a simulator of networking events, and read its results.

>>> import mingle
>>> result = mingle.run("rounds = 20\n[population]\nagents = 60")
>>> result.summary.columns[:3].tolist()
['strategy', 'metric', 'mean']
"""

from ._program import Interrupted, MingleError, bet, program, run, sweep, version
from ._result import Chart, Result, read

__all__ = [
    "Chart",
    "Interrupted",
    "MingleError",
    "Result",
    "bet",
    "program",
    "read",
    "run",
    "sweep",
    "version",
]
