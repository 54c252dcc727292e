"""Writes portfolio.json: covariances and portfolio weights of made-up returns, computed apart from the program under test.

Covariances by numpy, scikit-learn's `ledoit_wolf` and pandas' `ewm`; minimum variance by cvxopt's interior-point method at tight
tolerances; equal risk contribution by scipy's root finding on the contributions themselves; hierarchical risk parity on the leaf order
of scipy's single linkage, bisected after Lopez de Prado (2016). Made with numpy 1.24.2, scipy 1.10.1, pandas 1.5.3, scikit-learn 1.2.1,
cvxopt 1.3.0.

    python3 tests/reference/portfolio.py > tests/reference/portfolio.json
"""

import json

import numpy as np
import pandas as pd
from cvxopt import matrix, solvers
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.optimize import root
from scipy.spatial.distance import squareform
from sklearn.covariance import ledoit_wolf

solvers.options.update(show_progress=False, abstol=1e-15, reltol=1e-15, feastol=1e-14, maxiters=200)


def made_returns(seed, rows, assets, sectors):
    """One factor, sector factors and noise of growing size, rounded so that JSON holds them exactly."""
    random = np.random.default_rng(seed)
    market = random.normal(0.0004, 0.01, rows)
    by_sector = random.normal(0, 0.006, (rows, sectors))
    beta = random.uniform(0.4, 1.5, assets)
    noise = np.linspace(0.004, 0.02, assets)
    returns = market[:, None] * beta + by_sector[:, np.arange(assets) % sectors] + random.normal(0, noise, (rows, assets))
    return np.round(returns, 6)


def exponential(returns, span):
    frame = pd.DataFrame(returns)
    centred = frame - frame.mean()
    n = frame.shape[1]
    return np.array([[(centred[i] * centred[j]).ewm(span=span).mean().iloc[-1] for j in range(n)] for i in range(n)])


def min_variance(covariance, total=1.0, max_weight=None, sectors=None, max_sector=None):
    n = len(covariance)
    unit = np.trace(covariance) / n
    rows, bounds = [-np.eye(n)], [np.zeros(n)]
    if max_weight is not None:
        rows.append(np.eye(n))
        bounds.append(np.full(n, max_weight))
    if sectors is not None:
        names = sorted(set(sectors))
        rows.append(np.array([[1.0 if sectors[i] == name else 0.0 for i in range(n)] for name in names]))
        bounds.append(np.full(len(names), max_sector))
    solution = solvers.qp(
        matrix(covariance / unit), matrix(np.zeros(n)), matrix(np.vstack(rows)), matrix(np.concatenate(bounds)),
        matrix(np.ones((1, n))), matrix(total),
    )
    return np.array(solution["x"]).ravel()


def equal_risk(covariance):
    n = len(covariance)
    scaled = covariance / (np.trace(covariance) / n)
    # In logarithms the weights stay positive.
    found = root(lambda y: np.exp(y) * (scaled @ np.exp(y)) - 1 / n, -0.5 * np.log(np.diag(scaled) * n), tol=1e-14)
    x = np.exp(found.x)
    contributions = x * (scaled @ x)
    assert np.ptp(contributions) / contributions.mean() < 1e-11
    return x / x.sum()


def cluster_variance(covariance, members):
    part = covariance[np.ix_(members, members)]
    inverse = 1 / np.diag(part)
    weights = inverse / inverse.sum()
    return weights @ part @ weights


def hierarchical(covariance):
    deviation = np.sqrt(np.diag(covariance))
    distance = np.sqrt(np.clip((1 - covariance / np.outer(deviation, deviation)) / 2, 0, 1))
    order = [int(i) for i in leaves_list(linkage(squareform(distance, checks=False), "single"))]
    weights = np.ones(len(order))

    def bisect(members):
        if len(members) < 2:
            return
        left, right = members[: len(members) // 2], members[len(members) // 2:]
        a, b = cluster_variance(covariance, left), cluster_variance(covariance, right)
        weights[left] *= b / (a + b)
        weights[right] *= a / (a + b)
        bisect(left)
        bisect(right)

    bisect(order)
    return order, weights


def case(name, seed, rows, assets, sectors, max_weight, max_sector, total):
    returns = made_returns(seed, rows, assets, sectors)
    labels = [f"sector {i % sectors}" for i in range(assets)]
    shrunk, shrinkage = ledoit_wolf(returns)
    sample = np.cov(returns, rowvar=False, ddof=1)
    order, hrp = hierarchical(sample)
    capped = min_variance(shrunk, total, max_weight, labels, max_sector)
    return {
        "name": name, "returns": returns.tolist(), "sectors": labels, "maxWeight": max_weight, "maxSector": max_sector, "total": total,
        "sample": sample.tolist(), "ledoitWolf": shrunk.tolist(), "shrinkage": shrinkage,
        "exponential": exponential(returns, 180).tolist(),
        "exponentialShort": exponential(returns, 12).tolist(),
        "inverseVolatility": (lambda inverse: inverse / inverse.sum())(1 / np.sqrt(np.diag(sample))).tolist(),
        "minVarianceShrunk": min_variance(shrunk).tolist(),
        "minVarianceVariance": float(min_variance(sample) @ sample @ min_variance(sample)),
        "minVarianceBox": min_variance(shrunk, total, max_weight).tolist(),
        "minVarianceSectors": capped.tolist(),
        "riskParity": equal_risk(shrunk).tolist(),
        "hrpOrder": order, "hrp": hrp.tolist(),
    }


print(json.dumps({
    "source": "tests/reference/portfolio.py: numpy, scipy, pandas, scikit-learn, cvxopt; the returns are made up",
    "cases": [
        case("eight assets, 90 rows", 1, 90, 8, 3, 0.2, 0.33, 0.95),
        case("sixteen assets, 80 rows", 2, 80, 16, 5, 0.1, 0.22, 1.0),
        case("more assets than rows", 3, 10, 14, 4, 0.1, 0.3, 0.9),
        case("two assets", 4, 30, 2, 2, 0.7, 0.65, 1.0),
    ],
}))
