"""Writes headline-score.json: the decayed mean of what headlines say, its effective number and the score, computed apart from the
program under test.

The decayed mean is pandas' (`DataFrame.ewm(halflife=..., times=...)`), whose last row weighs every headline by 2 ** (-age / half-life)
relative to the newest; the effective number is Kish's, in numpy, of weights taken from pandas by giving it one headline at a time.

    /usr/bin/python3 tests/reference/headline-score.py > tests/reference/headline-score.json
"""

import json

import numpy as np
import pandas as pd

HALF_LIFE = pd.Timedelta(days=3)
SHRINKAGE = 3
DECIDED = pd.Timestamp("2026-11-20T21:00:00Z")


def decayed(times, values):
    return float(pd.Series(values).ewm(halflife=HALF_LIFE, times=pd.DatetimeIndex(times)).mean().iloc[-1])


def case(name, ages_hours, probabilities):
    order = np.argsort(ages_hours)[::-1]
    ages = np.asarray(ages_hours, dtype=float)[order]
    p = np.asarray(probabilities, dtype=float)[order]
    times = [(DECIDED - pd.Timedelta(hours=h)).tz_localize(None) for h in ages]
    mean = decayed(times, p[:, 2] - p[:, 0])
    # The mean of an indicator of one headline is that headline's normalised weight.
    weights = np.array([decayed(times, np.eye(len(ages))[i]) for i in range(len(ages))])
    effective = 1 / float(np.sum(weights**2))
    return {
        "name": name,
        "agesHours": [float(h) for h in ages],
        "probabilities": p.tolist(),
        "mean": mean,
        "effectiveCount": effective,
        "score": 50 + 50 * mean * effective / (effective + SHRINKAGE),
    }


rng = np.random.default_rng(20261120)
cases = [
    case("one sure headline", [1], [[0, 0, 1]]),
    case("only neutral news", [1, 30, 100], [[0, 1, 0]] * 3),
    case("new bad news over old good news", [2, 150], [[0.9, 0.08, 0.02], [0.05, 0.15, 0.8]]),
]
for count in (2, 5, 20, 60):
    # Whole minutes: the program keeps time in milliseconds, pandas in nanoseconds.
    ages = rng.integers(0, 7 * 24 * 60, count) / 60
    cases.append(case(f"{count} headlines", ages, rng.dirichlet((1, 2, 1), count)))

print(json.dumps({"source": f"pandas {pd.__version__} ewm, numpy {np.__version__}", "decidedAt": DECIDED.isoformat(), "cases": cases}, indent=1))
