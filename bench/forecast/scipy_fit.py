"""The same fits in SciPy: least_squares with Huber's loss, the same starts, bounds and analytic Jacobian.

Usage: python scipy_fit.py designs.json  (prints JSON: cost and CPU seconds of every fit)
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import least_squares


def log_sum_exp(terms):
    top = np.max(terms, axis=0)
    return top + np.log(np.sum(np.exp(terms - top), axis=0))


def terms_of(form, theta, rows):
    if form == "direct-ceiling":
        return np.stack([theta[0] - theta[1] * rows[:, 0], np.full(len(rows), theta[2])])
    terms = [theta[0] - theta[1] * rows[:, 0], theta[2] - theta[3] * rows[:, 1]]
    if form == "params-tokens-ceiling":
        terms.append(np.full(len(rows), theta[4]))
    return np.stack(terms)


def jacobian(form, theta, rows):
    terms = terms_of(form, theta, rows)
    shares = np.exp(terms - log_sum_exp(terms))
    if form == "direct-ceiling":
        return np.stack([shares[0], -shares[0] * rows[:, 0], shares[1]], axis=1)
    columns = [shares[0], -shares[0] * rows[:, 0], shares[1], -shares[1] * rows[:, 1]]
    if form == "params-tokens-ceiling":
        columns.append(shares[2])
    return np.stack(columns, axis=1)


def fit(case):
    rows = np.array(case["rows"])
    y = np.array(case["response"])
    form = case["form"]
    best = None
    for start in case["starts"]:
        inside = np.clip(start, np.array(case["lower"]) + 1e-9, np.array(case["upper"]) - 1e-9)
        found = least_squares(
            lambda t: log_sum_exp(terms_of(form, t, rows)) - y,
            inside,
            jac=lambda t: jacobian(form, t, rows),
            bounds=(case["lower"], case["upper"]),
            loss="huber",
            f_scale=case["delta"],
        )
        if best is None or found.cost < best:
            best = float(found.cost)
    return best


def main():
    with open(sys.argv[1], encoding="utf8") as file:
        cases = json.load(file)
    fit(cases[0])
    out = []
    for case in cases:
        began = time.process_time()
        cost = fit(case)
        out.append({"cost": cost, "seconds": time.process_time() - began})
    print(json.dumps(out))


if __name__ == "__main__":
    main()
