"""Sensitivity of mingle.toml by SALib, from the outcomes in the program's own tables.

    venv/bin/python sweep.py ../../../target/release/mingle      # after make.py's installation

mingle_sobol.csv    factor, S1 (Jansen's estimator, by numpy), ST (SALib)
mingle_morris.csv   factor, mu, mu_star, sigma (SALib)
"""
import csv
import subprocess
import sys
import tempfile

import numpy as np
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis

NAMES = ["legibility", "fee", "assist"]
BOUNDS = np.array([[0, 1], [0, 0.6], [0.5, 2.5]])
problem = {"num_vars": 3, "names": NAMES, "bounds": BOUNDS.tolist()}


def outcomes(design, points):
    """Values of the factors and the mean contrast at every point, in order."""
    with tempfile.TemporaryDirectory() as folder:
        sets = ["--set", f"sweep.design={design}", "--set", f"sweep.points={points}"]
        command = [sys.argv[1], "sweep", "mingle.toml", "--no-charts", "--quiet", "--out", folder + "/out"]
        subprocess.run(command + sets, check=True, stdout=subprocess.DEVNULL)
        rows = list(csv.DictReader(open(folder + "/out/sweep_contrasts.csv")))
    rows = [r for r in rows if (r["first"], r["second"], r["metric"]) == ("warrior", "servant", "net")]
    x = np.array([[float(r[name]) for name in NAMES] for r in rows])
    return x, np.array([float(r["difference"]) for r in rows])


_, y = outcomes("sobol", 32)
a, b, mixed = y[0::5], y[1::5], [y[2 + i :: 5] for i in range(3)]
# SALib has A first, then A with each factor from B, then B.
order = np.column_stack([a, *mixed, b]).ravel()
total = sobol_analysis.analyze(problem, order, calc_second_order=False, seed=1)["ST"]
variance = np.var(np.r_[a, b])
with open("mingle_sobol.csv", "w") as file:
    for i, name in enumerate(NAMES):
        first = (variance - np.mean((b - mixed[i]) ** 2) / 2) / variance
        file.write(f"{name},{float(first)!r},{float(total[i])!r}\n")

x, y = outcomes("morris", 12)
unit = (x - BOUNDS[:, 0]) / (BOUNDS[:, 1] - BOUNDS[:, 0])
result = morris_analysis.analyze(problem, x, y, num_levels=4, scaled=False, seed=1)
# Effects per range: by numpy, since SALib takes its own step; the two agree on what they share.
effects = np.zeros((12, 3))
for t in range(12):
    for k in range(3):
        one, after = t * 4 + k, t * 4 + k + 1
        moved = int(np.argmax(np.abs(unit[after] - unit[one])))
        effects[t, moved] = (y[after] - y[one]) / (unit[after, moved] - unit[one, moved])
span = BOUNDS[:, 1] - BOUNDS[:, 0]
salib = np.array(result["mu_star"])
mine = np.abs(effects).mean(axis=0)
assert np.allclose(salib, mine) or np.allclose(salib * span, mine), (salib, mine)
with open("mingle_morris.csv", "w") as file:
    for i, name in enumerate(NAMES):
        values = [effects[:, i].mean(), mine[i], effects[:, i].std(ddof=1)]
        file.write(",".join([name, *(repr(float(v)) for v in values)]) + "\n")
