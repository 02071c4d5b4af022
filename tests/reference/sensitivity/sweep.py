"""Sensitivity of mingle.toml by SALib, from the outcomes in the program's own tables.

    venv/bin/python sweep.py ../../../target/release/mingle      # after make.py's installation

mingle_sobol.csv    factor, S1, ST
mingle_morris.csv   factor, mu, mu_star, sigma

The outcomes are of two replicates, and the indices without what luck adds. What is quadratic in the outcomes is
taken from SALib for the mean of both replicates and for each: 4 x that of the mean, less those of each, is twice
that of products of the two. mu is SALib's. mu_star is by numpy: the mean size, its sign by the other replicate.
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
    """Values of the factors and the contrast at every point, in order: the mean of both replicates, and each."""
    (x, both), (_, first) = (played(design, points, replicates) for replicates in (2, 1))
    return x, [both, first, 2 * both - first]


def across(quadratic, three):
    """What is quadratic in the outcomes, of products of the two replicates."""
    both, first, second = map(quadratic, three)
    return (4 * both - first - second) / 2


def played(design, points, replicates):
    with tempfile.TemporaryDirectory() as folder:
        sets = [f"sweep.design={design}", f"sweep.points={points}", f"replicates={replicates}"]
        sets = [word for text in sets for word in ("--set", text)]
        command = [sys.argv[1], "sweep", "mingle.toml", "--no-charts", "--quiet", "--out", folder + "/out"]
        subprocess.run(command + sets, check=True, stdout=subprocess.DEVNULL)
        rows = list(csv.DictReader(open(folder + "/out/sweep_contrasts.csv")))
    rows = [r for r in rows if (r["first"], r["second"], r["metric"]) == ("warrior", "servant", "net")]
    x = np.array([[float(r[name]) for name in NAMES] for r in rows])
    return x, np.array([float(r["difference"]) for r in rows])


def shares(y):
    """The variance, and S1 and ST times the variance."""
    a, b, mixed = y[0::5], y[1::5], [y[2 + i :: 5] for i in range(3)]
    # SALib has A first, then A with each factor from B, then B.
    order = np.column_stack([a, *mixed, b]).ravel()
    found = sobol_analysis.analyze(problem, order, calc_second_order=False, seed=1)
    variance = np.var(np.r_[a, b])
    return np.r_[variance, found["S1"] * variance, found["ST"] * variance]


x, three = outcomes("sobol", 32)
parts = across(shares, three)
with open("mingle_sobol.csv", "w") as file:
    for i, name in enumerate(NAMES):
        file.write(f"{name},{float(parts[1 + i] / parts[0])!r},{float(parts[4 + i] / parts[0])!r}\n")

x, three = outcomes("morris", 12)
unit = (x - BOUNDS[:, 0]) / (BOUNDS[:, 1] - BOUNDS[:, 0])
span = BOUNDS[:, 1] - BOUNDS[:, 0]


def effects(y):
    """By trajectory and factor, per range."""
    found = np.zeros((12, 3))
    for t in range(12):
        for k in range(3):
            one, after = t * 4 + k, t * 4 + k + 1
            moved = int(np.argmax(np.abs(unit[after] - unit[one])))
            found[t, moved] = (y[after] - y[one]) / (unit[after, moved] - unit[one, moved])
    return found


def morris(y):
    return morris_analysis.analyze(problem, x, y, num_levels=4, scaled=False, seed=1)


# SALib's effects are per unit of the factor, or per its own step; they differ by a factor for each.
scale = np.abs(effects(three[0])).mean(axis=0) / np.array(morris(three[0])["mu_star"])
assert np.allclose(scale, 1) or np.allclose(scale, span), scale
mu = np.array(morris(three[0])["mu"]) * scale
sigma = np.sqrt(across(lambda y: (np.array(morris(y)["sigma"]) * scale) ** 2, three))
one, other = effects(three[1]), effects(three[2])
star = (one * np.sign(other) + other * np.sign(one)).mean(axis=0) / 2
with open("mingle_morris.csv", "w") as file:
    for i, name in enumerate(NAMES):
        file.write(",".join([name, *(repr(float(v)) for v in (mu[i], star[i], sigma[i]))]) + "\n")
