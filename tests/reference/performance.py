"""Writes performance.json: statistics and performance figures of made-up series, by numpy, pandas and scipy.

The definitions are empyrical's (`stats.py`), written down anew on whole arrays; where empyrical answers inf or divides by rounding
noise, the figure is null, as CALC's rules have it. `published` holds figures that others printed: those in empyrical's own tests
(`tests/test_stats.py`), and Bacon (2008), "Practical Portfolio Performance Measurement and Attribution", as quoted with their data
in the documentation of the R package PerformanceAnalytics. The functions here are checked against them before anything is written.

    python3 tests/reference/performance.py > tests/reference/performance.json
"""

import json
import warnings

import numpy as np
import pandas as pd
import scipy
from scipy import stats

warnings.simplefilter("ignore")  # empty slices and divisions by zero are cases, not accidents
NAN = float("nan")
TINY = 1e-12


def ratio(numerator, denominator, least=0.0):
    return numerator / denominator if abs(denominator) > least else NAN


def wealth(returns):
    return np.concatenate([[100.0], 100.0 * np.cumprod(1 + np.nan_to_num(returns))])


def annual_return(returns, periods):
    return (wealth(returns)[-1] / 100.0) ** (periods / len(returns)) - 1 if len(returns) else NAN


def max_drawdown(returns):
    value = wealth(returns)
    return (value / np.maximum.accumulate(value)).min() - 1


def downside_risk(kept, periods, mar):
    return np.sqrt(np.mean(np.square(np.clip(kept - mar, None, 0)))) * np.sqrt(periods)


def figures(returns, periods, risk_free, mar, benchmark):
    kept = returns[~np.isnan(returns)]
    n = len(kept)
    deviation = np.std(kept, ddof=1) if n > 1 else NAN
    out = {
        "n": n,
        "cumulativeReturn": wealth(returns)[-1] / 100.0 - 1 if len(returns) else NAN,
        "annualReturn": annual_return(returns, periods),
        "annualVolatility": deviation * np.sqrt(periods),
        "sharpe": ratio(np.mean(kept - risk_free), deviation, TINY) * np.sqrt(periods),
        "sortino": ratio(np.mean(kept - mar) * periods, downside_risk(kept, periods, mar), TINY) if n > 1 else NAN,
        "maxDrawdown": max_drawdown(kept) if n else NAN,
        "omega": ratio(kept[kept > 0].sum(), -kept[kept < 0].sum()) if n > 1 else NAN,
        "tailRatio": ratio(abs(np.percentile(kept, 95)), abs(np.percentile(kept, 5))) if n else NAN,
        "var95": np.percentile(kept, 5) if n else NAN,
        "cvar95": np.partition(kept, int((n - 1) * 0.05))[: int((n - 1) * 0.05) + 1].mean() if n else NAN,
        "winRate": ratio((kept > 0).sum(), (kept != 0).sum()),
    }
    out["calmar"] = ratio(out["annualReturn"], abs(out["maxDrawdown"]))
    if benchmark is not None:
        both = ~np.isnan(returns) & ~np.isnan(benchmark)
        own, market = returns[both], benchmark[both]
        residual = market - np.mean(market)
        beta = ratio(np.mean(residual * own), np.mean(residual**2), 1e-30) if len(own) > 1 else NAN
        unexplained = (own - risk_free) - beta * (market - risk_free)
        active = own - market
        spread = np.std(active, ddof=1) if len(own) > 1 else NAN
        out["beta"] = beta
        out["alpha"] = (1 + np.mean(unexplained)) ** periods - 1
        out["trackingError"] = spread * np.sqrt(periods)
        out["informationRatio"] = ratio(np.mean(active), spread, TINY) * np.sqrt(periods)
    return out


def clean(value):
    if isinstance(value, dict):
        return {name: clean(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray, pd.Series)):
        return [clean(item) for item in value]
    if isinstance(value, (int, str, bool, np.integer)) or value is None:
        return int(value) if isinstance(value, np.integer) else value
    return float(value) if np.isfinite(value) else None


rng = np.random.default_rng(20081)


def daily(count, mean=0.0004, deviation=0.011):
    return np.round(rng.standard_t(4, count) * deviation / np.sqrt(2) + mean, 6)


def punch(values, rows):
    out = values.copy()
    out[rows] = NAN
    return out


market = daily(250)
follower = np.round(0.8 * market + daily(250, 0.0002, 0.004), 6)
monthly = daily(60, 0.006, 0.04)
SERIES = {
    "two years of daily returns": (daily(504), 252, 0.0, 0.0, None),
    "daily, against a benchmark, with a risk-free rate and a required return": (follower, 252, 0.0001, 0.0003, market),
    "daily with missing returns": (punch(follower, [0, 5, 6, 100, 249]), 252, 0.0001, 0.0, punch(market, [0, 7, 100, 101])),
    "monthly": (monthly, 12, 0.002, 0.004, daily(60, 0.005, 0.035)),
    "daily crypto, every day of the year": (daily(365, 0.001, 0.04), 365, 0.0, 0.0, None),
    "constant": (np.full(40, 0.001), 252, 0.0, 0.0, market[:40]),
    "constant, at the risk-free rate": (np.full(40, 0.001), 252, 0.001, 0.001, np.full(40, 0.001)),
    "constant benchmark": (market[:40], 252, 0.0, 0.0, np.full(40, 0.0003)),
    "all zero": (np.zeros(25), 252, 0.0, 0.0, market[:25]),
    "all positive": (np.abs(market[:60]) + 1e-4, 252, 0.0, 0.0, None),
    "all negative": (-np.abs(market[:60]) - 1e-4, 252, 0.0, 0.0, market[:60]),
    "one gain": (np.array([0.01]), 252, 0.0, 0.0, np.array([0.02])),
    "one loss": (np.array([-0.01]), 252, 0.0, 0.0, None),
    "two returns": (np.array([0.02, -0.01]), 252, 0.0, 0.0, np.array([0.01, -0.02])),
    "a missing and one return": (np.array([NAN, 0.01]), 252, 0.0, 0.0, np.array([0.01, NAN])),
    "everything lost": (np.array([0.05, -0.1, -1.0, 0.2]), 252, 0.0, 0.0, None),
    "none": (np.array([]), 252, 0.0, 0.0, np.array([])),
}

PERCENT = {
    "mixed": [NAN, 1, 10, -4, 2, 3, 2, 1, -10],
    "filled": [0, 1, 10, -4, 2, 3, 2, 1, -10],
    "positive": [1, 2, 1, 1, 1, 1, 1, 1, 1],
    "negative": [0, -6, -7, -1, -9, -2, -6, -8, -5],
    "single": [1],
}
EMPYRICAL = "empyrical, tests/test_stats.py"
BACON = "Bacon (2008), as in PerformanceAnalytics"
BACON_FUND = [0.3, 2.6, 1.1, -1.0, 1.5, 2.5, 1.6, 6.7, -1.4, 4.0, -0.5, 8.1, 4.0, -3.7, -6.1, 1.7, -4.9, -2.2, 7.0, 5.8, -6.5, 2.4,
              -0.5, -0.9]
BACON_MARKET = [0.2, 2.5, 1.8, -1.1, 1.4, 1.8, 1.4, 6.5, -1.5, 4.2, -0.6, 8.3, 3.9, -3.8, -6.2, 1.5, -4.8, 2.1, 6.0, 5.6, -6.7, 1.9,
                -0.3, 0.0]


def published(source, percent, periods, figure, value, decimals, **options):
    return {"source": source, "returns": [v / 100 for v in percent], "periodsPerYear": periods, "figure": figure, "value": value,
            "decimals": decimals, **options}


PUBLISHED = [
    published(EMPYRICAL, PERCENT["mixed"], 252, "cumulativeReturn", 0.03893, 5),
    published(EMPYRICAL, PERCENT["negative"], 252, "cumulativeReturn", -0.36590, 4),
    published(EMPYRICAL, PERCENT["mixed"], 252, "annualReturn", 1.9135925373194231, 8),
    published(EMPYRICAL, PERCENT["filled"], 52, "annualReturn", 0.24690830513998208, 8),
    published(EMPYRICAL, PERCENT["filled"], 12, "annualReturn", 0.052242061386048144, 8),
    published(EMPYRICAL, PERCENT["single"], 252, "annualReturn", 11.274002099240244, 8),
    published(EMPYRICAL, PERCENT["mixed"], 252, "annualVolatility", 0.9136465399704637, 8),
    published(EMPYRICAL, PERCENT["filled"], 52, "annualVolatility", 0.38851569394870583, 8),
    published(EMPYRICAL, PERCENT["filled"], 12, "annualVolatility", 0.18663690238892558, 8),
    published(EMPYRICAL, PERCENT["mixed"], 252, "sharpe", 1.7238613961706866, 8),
    published(EMPYRICAL, PERCENT["positive"], 252, "sharpe", 52.915026221291804, 8),
    published(EMPYRICAL, PERCENT["negative"], 252, "sharpe", -24.406808633910085, 8),
    published(EMPYRICAL, PERCENT["mixed"], 252, "sortino", 2.605531251673693, 8),
    published(EMPYRICAL, PERCENT["mixed"], 252, "sortino", -1.3934779588919977, 8, minimumAcceptable=0.01),
    published(EMPYRICAL, PERCENT["negative"], 252, "sortino", -13.532743075043401, 8),
    published(EMPYRICAL, PERCENT["mixed"], 252, "maxDrawdown", -0.1, 8),
    published(EMPYRICAL, PERCENT["negative"], 252, "maxDrawdown", -0.36590730349873601, 8),
    published(EMPYRICAL, PERCENT["positive"], 252, "maxDrawdown", 0, 8),
    published(EMPYRICAL, PERCENT["mixed"], 252, "calmar", 19.135925373194233, 8),
    published(EMPYRICAL, PERCENT["filled"], 12, "calmar", 0.52242061386048144, 8),
    published(EMPYRICAL, PERCENT["mixed"], 252, "tailRatio", 0.9473684210526313, 1),
    published(EMPYRICAL, PERCENT["mixed"], 252, "beta", -0.71296296296296313, 8,
              benchmark=[v / 100 for v in PERCENT["negative"]]),
    # Printed for one period there.
    published(EMPYRICAL, PERCENT["mixed"], 1, "informationRatio", -0.06515583641446039, 8, benchmark=[0.01] * 9),
    published(EMPYRICAL, PERCENT["mixed"], 252, "downsideRisk", 0.60448325038829653, 8),
    published(EMPYRICAL, PERCENT["mixed"], 252, "downsideRisk", 1.7161730681956295, 8, minimumAcceptable=0.1),
    published(EMPYRICAL, PERCENT["mixed"], 252, "omega", 0.8125, 8, threshold=0.01),
    published(EMPYRICAL, PERCENT["positive"], 252, "omega", 1.125, 8, threshold=0.011),
    published(BACON, BACON_FUND, 1, "downsideRisk", 0.0255, 4, minimumAcceptable=0.005),
    # Omega is the Omega-Sharpe ratio, 0.29, plus one.
    published(BACON, BACON_FUND, 12, "omega", 1.29, 2, threshold=0.005),
    # Annual return less beta times the benchmark's.
    published(BACON, BACON_FUND, 12, "jensenAlpha", -0.014, 3, benchmark=[v / 100 for v in BACON_MARKET]),
]


def judged(case):
    """The figure of a published case, computed here."""
    returns = np.array(case["returns"])
    kept = returns[~np.isnan(returns)]
    periods, mar, threshold = case["periodsPerYear"], case.get("minimumAcceptable", 0.0), case.get("threshold", 0.0)
    benchmark = np.array(case["benchmark"]) if "benchmark" in case else None
    if case["figure"] == "downsideRisk":
        return downside_risk(kept, periods, mar)
    if case["figure"] == "omega":
        over = kept - threshold
        return ratio(over[over > 0].sum(), -over[over < 0].sum())
    out = figures(returns, periods, 0.0, mar, benchmark)
    if case["figure"] == "jensenAlpha":
        return out["annualReturn"] - out["beta"] * annual_return(benchmark, periods)
    return out[case["figure"]]


for case in PUBLISHED:
    assert abs(judged(case) - case["value"]) <= 0.5001 * 10.0 ** -case["decimals"], (case, judged(case))

COLUMNS = {
    "ordinary": [3.5, -1.25, 0.0, 2.0, 7.75, 2.0, -4.5, 0.125, 2.0, 11.0],
    "around a large level": [1e9 + v for v in [0.25, 0.5, 0.125, 0.75, 0.375]],
    "small": [1.5e-9, 2.5e-9, -3e-9, 4e-10],
    "two": [1.0, 4.0],
    "one": [2.5],
    "equal": [0.1] * 7,
    "none": [],
}


def mad_clip(x, count):
    centre = np.median(x)
    spread = count * 1.4826 * stats.median_abs_deviation(x)
    return np.clip(x, centre - spread, centre + spread) if spread > 0 else x


def statistics(values):
    x = np.array(values, dtype=float)
    n = len(x)
    return {
        "mean": x.mean() if n else NAN,
        "sampleDeviation": x.std(ddof=1) if n > 1 else NAN,
        "populationDeviation": x.std() if n else NAN,
        "median": np.median(x) if n else NAN,
        "quantiles": [[q, np.quantile(x, q) if n else NAN] for q in (0.0, 0.05, 0.1, 0.25, 0.333, 0.5, 0.77, 0.95, 1.0)],
        "ranks": stats.rankdata(x),
        "zScores": stats.zscore(x, ddof=1) if n > 1 and np.ptp(x) > 0 else np.zeros(n),
        "winsorisedQuantiles": np.clip(x, np.quantile(x, 0.1), np.quantile(x, 0.8)) if n else [],
        "winsorisedDeviations": np.clip(x, x.mean() - 1.2 * x.std(ddof=1), x.mean() + 1.2 * x.std(ddof=1)) if n > 1 else x,
        "winsorisedMedianDeviations": mad_clip(x, 1.5) if n else [],
        "exponentialMeanOfSpan5": pd.Series(x).ewm(span=5).mean().iloc[-1] if n else NAN,
        "exponentialMeanOfHalfLife3": pd.Series(x).ewm(halflife=3).mean().iloc[-1] if n else NAN,
    }


WITH_GAPS = [2.0, NAN, 5.0, 5.0, NAN, -1.0]
GAPPED = pd.Series(WITH_GAPS)
PAIR = (list(market[:30]), list(follower[:30]))

DOCUMENT = clean({
    "source": f"numpy {np.__version__}, pandas {pd.__version__}, scipy {scipy.__version__}; definitions of empyrical",
    "figures": [
        {"name": name, "returns": r, "periodsPerYear": p, "riskFree": rf, "minimumAcceptable": mar, "benchmark": b,
         "expected": figures(r, p, rf, mar, b)}
        for name, (r, p, rf, mar, b) in SERIES.items()
    ],
    "published": PUBLISHED,
    "columns": [{"name": name, "values": v, "expected": statistics(v)} for name, v in COLUMNS.items()],
    "gaps": {"values": WITH_GAPS, "ranks": GAPPED.rank(), "zScores": (GAPPED - GAPPED.mean()) / GAPPED.std()},
    "pair": {"one": PAIR[0], "other": PAIR[1], "covariance": np.cov(*PAIR)[0, 1], "correlation": np.corrcoef(*PAIR)[0, 1],
             "rankCorrelation": stats.spearmanr(*PAIR)[0]},
})


def part(value):
    """A list with one case a line, so that a change shows."""
    return "[\n" + ",\n".join(json.dumps(case) for case in value) + "\n]" if isinstance(value, list) else json.dumps(value)


print("{\n" + ",\n".join(f"{json.dumps(name)}: {part(value)}" for name, value in DOCUMENT.items()) + "\n}")
