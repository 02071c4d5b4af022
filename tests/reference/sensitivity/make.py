"""Makes the numbers that the sensitivity estimators are checked against.

    python3 -m venv venv && venv/bin/pip install SALib==1.6.0 && venv/bin/python make.py

ishigami.csv, g.csv   outcomes of Saltelli's design: columns A, B, then A with each factor from B
shares.csv            S1 and ST (SALib), and the true values
noisy.csv             two noisy replicates of Sobol's g-function: columns A, B, A with each factor from B, twice
noisy_shares.csv      S1 and ST without what luck adds, a row per factor: SALib's shares times the variance are
                      quadratic in the outcomes, so 4 x those of the mean of both replicates, less those of each,
                      are twice those of products of the two
effects.csv           elementary effects of the Ishigami function by trajectory and factor
morris.csv            mu, mu_star and sigma of them (SALib), a row per factor
"""
import numpy as np
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample
from SALib.test_functions import Ishigami, Sobol_G

N = 1024
rows = ["function,factor,s1,st,s1_true,st_true"]


def save(name, columns):
    np.savetxt(name, np.column_stack(columns), delimiter=",", fmt="%.17g")


def design(name, problem, function, s1_true, st_true):
    d = problem["num_vars"]
    x = sobol_sample.sample(problem, N, calc_second_order=False, seed=1)
    y = function(x)
    a, b = y[0 :: d + 2], y[d + 1 :: d + 2]
    mixed = [y[1 + i :: d + 2] for i in range(d)]
    save(name + ".csv", [a, b, *mixed])
    found = sobol_analysis.analyze(problem, y, calc_second_order=False, seed=1)
    for i in range(d):
        numbers = [found["S1"][i], found["ST"][i], s1_true[i], st_true[i]]
        rows.append(",".join([name, str(i), *(repr(float(number)) for number in numbers)]))


ishigami = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
# a = 7, b = 0.1: Ishigami & Homma (1990); Saltelli et al. (2008), p. 179.
a, b = 7.0, 0.1
v1, v2, v13 = (1 + b * np.pi**4 / 5) ** 2 / 2, a**2 / 8, b**2 * np.pi**8 * (1 / 18 - 1 / 50)
v = v1 + v2 + v13
design("ishigami", ishigami, Ishigami.evaluate, [v1 / v, v2 / v, 0], [(v1 + v13) / v, v2 / v, v13 / v])

g = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
weights = np.array([0.0, 1.0, 4.5, 9.0])
part = 1 / (3 * (1 + weights) ** 2)
whole = np.prod(1 + part) - 1
total = [part[i] * np.prod(np.delete(1 + part, i)) / whole for i in range(4)]
design("g", g, lambda x: Sobol_G.evaluate(x, a=weights), part / whole, total)
open("shares.csv", "w").write("\n".join(rows) + "\n")

x = sobol_sample.sample(g, 128, calc_second_order=False, seed=2)
noise = np.random.default_rng(3).normal(scale=0.3, size=(2, len(x)))
replicates = Sobol_G.evaluate(x, a=weights) + noise


def parts(y):
    """The variance, and S1 and ST times the variance, by SALib."""
    found = sobol_analysis.analyze(g, y, calc_second_order=False, seed=1)
    variance = np.var(np.r_[y[0::6], y[5::6]])
    return np.r_[variance, found["S1"] * variance, found["ST"] * variance]


across = (4 * parts(replicates.mean(axis=0)) - parts(replicates[0]) - parts(replicates[1])) / 2
save("noisy.csv", [y[start::6] for y in replicates for start in (0, 5, 1, 2, 3, 4)])
save("noisy_shares.csv", [across[1:5] / across[0], across[5:] / across[0]])

unit = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[0, 1]] * 3}
x = morris_sample.sample(unit, 30, num_levels=4, seed=1)
y = Ishigami.evaluate(x * 2 * np.pi - np.pi)
result = morris_analysis.analyze(unit, x, y, num_levels=4, seed=1)
effects = np.zeros((30, 3))
for t in range(30):
    for k in range(3):
        one, next_one = t * 4 + k, t * 4 + k + 1
        moved = np.flatnonzero(x[one] != x[next_one])[0]
        effects[t, moved] = (y[next_one] - y[one]) / (x[next_one, moved] - x[one, moved])
save("effects.csv", effects.T)
save("morris.csv", [result["mu"], result["mu_star"], result["sigma"]])
