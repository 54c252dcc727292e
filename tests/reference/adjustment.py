"""Writes adjustment.json: back-adjusted bars of a few made-up cases, computed apart from the program under test.

Python's standard library only, in exact fractions, rounded once at the end. The way is another one than the program's: for each row the
events after it are looked up and their factors multiplied, instead of one backwards pass. Rule: CRSP/Yahoo, as in zipline
(`zipline/data/adjustments.py`, ratio = 1 - D / previous close); several dividends of a day are one sum of cash.

    python3 tests/reference/adjustment.py > tests/reference/adjustment.json
"""

import json
from fractions import Fraction as F

DATES = ["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09"]


def bars(closes, volumes=None):
    rows = []
    for i, close in enumerate(closes):
        if close is None:
            rows.append({"date": DATES[i], "open": "10", "high": "12", "low": "9", "close": None, "volume": "1000"})
            continue
        c = F(close)
        volume = volumes[i] if volumes else str(1000 + 100 * i)
        rows.append({"date": DATES[i], "open": float(c - F(1, 4)), "high": float(c + F(1, 2)),
                     "low": float(c - F(1, 2)), "close": float(c), "volume": float(F(volume))})
    for row in rows:
        for name in ("open", "high", "low", "volume"):
            row[name] = float(row[name])
    return rows


def split(date, value):
    return {"date": date, "type": "split", "value": value}


def dividend(date, value):
    return {"date": date, "type": "dividend", "value": value}


CASES = {
    "a 4 for 1 split": (bars(["400", "404", "408", "101", "102", "103"]), [split("2024-01-05", 4)], None, False),
    "a reverse split of 1 for 8": (bars(["1.5", "1.25", "1.75", "13", "12.5", "12"]), [split("2024-01-05", 0.125)], None, False),
    "a dividend": (bars(["50", "51", "52", "51.5", "53", "54"]), [dividend("2024-01-05", 0.5)], None, False),
    "a dividend on a date without a row": (bars(["50", "51", "52", "51.5", "53", "54"]), [dividend("2024-01-07", 0.75)], None, False),
    "dividends and a split in between": (
        bars(["90", "93", "31", "30", "32", "33"]),
        [dividend("2024-01-03", 0.9), split("2024-01-04", 3), dividend("2024-01-09", 0.25)], None, False),
    "a dividend and a split on one day": (
        bars(["100", "102", "51", "52", "50", "49"]), [split("2024-01-04", 2), dividend("2024-01-04", 0.5)], None, False),
    "two dividends on one day": (
        bars(["20", "21", "22", "19", "20", "21"]), [dividend("2024-01-05", 0.25), dividend("2024-01-05", 3)], None, False),
    "as of a day before the second event": (
        bars(["90", "93", "31", "30", "32", "33"]),
        [split("2024-01-04", 3), dividend("2024-01-09", 0.25)], "2024-01-08", False),
    "split-adjusted cash before two splits": (
        bars(["120", "126", "63", "60", "12", "12.5"]),
        [dividend("2024-01-03", 0.125), split("2024-01-04", 2), dividend("2024-01-05", 0.0625), split("2024-01-08", 5)],
        None, True),
    "split-adjusted cash scaled by a split after the as-of day": (
        bars(["120", "126", "63", "60", "12", "12.5"]),
        [dividend("2024-01-03", 0.125), split("2024-01-04", 2), split("2024-01-08", 5)], "2024-01-05", True),
    "events that cannot act": (
        bars(["10", None, "11", "12", "11", "13"]),
        [dividend("2024-01-04", 0.5), split("2024-01-05", 0), dividend("2024-01-08", 12), dividend("2024-01-09", 1)], None, False),
    "an event before the first row": (
        bars(["10", "11", "11", "12", "11", "13"]), [dividend("2024-01-02", 1), split("2023-05-01", 2)], None, False),
}


def factors(rows, events, as_of, split_adjusted):
    as_of = as_of or rows[-1]["date"]
    cash = {}
    ratio = {}
    for event in events:
        value = F(event["value"])
        if event["type"] == "split":
            if value > 0 and event["date"] <= as_of:
                ratio[event["date"]] = ratio.get(event["date"], F(1)) * value
            continue
        if split_adjusted:
            for later in events:
                if later["type"] == "split" and later["value"] > 0 and later["date"] > event["date"]:
                    value *= F(later["value"])
        if event["date"] <= as_of:
            cash[event["date"]] = cash.get(event["date"], F(0)) + value
    result = []
    for row in rows:
        price, volume = F(1), F(1)
        for date in sorted(set(cash) | set(ratio)):
            if row["date"] >= date:
                continue
            own_ratio = ratio.get(date, F(1))
            price /= own_ratio
            volume *= own_ratio
            if date in cash:
                previous = [r["close"] for r in rows if r["date"] < date][-1]
                if previous is not None and cash[date] * own_ratio < F(previous):
                    price *= 1 - cash[date] * own_ratio / F(previous)
        result.append((price, volume))
    return result


def adjusted(rows, events, as_of, split_adjusted):
    out = []
    for row, (price, volume) in zip(rows, factors(rows, events, as_of, split_adjusted)):
        new = {name: None if row[name] is None else float(F(row[name]) * price) for name in ("open", "high", "low", "close")}
        new.update(volume=float(F(row["volume"]) * volume), price_factor=float(price), volume_factor=float(volume))
        out.append(new)
    return out


cases = [
    {"name": name, "bars": rows, "actions": events, "asOf": as_of, "dividends": "split-adjusted" if restate else "raw",
     "adjusted": adjusted(rows, events, as_of, restate)}
    for name, (rows, events, as_of, restate) in CASES.items()
]
print(json.dumps({"source": "tests/reference/adjustment.py, Python fractions; the cases are made up", "cases": cases}, indent=1))
