"""Compounded returns by month and year, by pandas, for tests/shared/domain/monitoring. Run by hand: python3 monthly_returns.py > monthly-returns.json"""

import json

import numpy as np
import pandas as pd

dates = pd.bdate_range("2021-11-15", "2023-02-10")
returns = pd.Series(np.round(np.random.default_rng(7).normal(0.0004, 0.011, len(dates)), 6), dates)


def compounded(rows):
    return float((1 + rows).prod() - 1)


months = {key.strftime("%Y-%m"): compounded(rows) for key, rows in returns.groupby(returns.index.to_period("M"))}
years = {key.strftime("%Y"): compounded(rows) for key, rows in returns.groupby(returns.index.to_period("Y"))}
sessions = [{"date": date.strftime("%Y-%m-%d"), "return": float(value)} for date, value in returns.items()]
source = f"pandas {pd.__version__}, made returns (numpy seed 7)"
print(json.dumps({"source": source, "months": years | months, "sessions": sessions}, indent=1))
