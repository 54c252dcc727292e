"""Writes ranking.json: the universe and the signals of a made-up market, computed apart from the program under test.

Fourteen names over 300 sessions, among them one with too short a history, one that is cheap, one that hardly trades, one with spoilt bars,
one that has gone stale, one excluded, one observed, and one that is young enough to lack its twelve months' momentum. Members, factors,
z-scores, ranks and scores by pandas and numpy; RSI, MACD and Bollinger bands written out from TA-Lib's definitions (averages seeded with
simple means, Wilder's smoothing, population deviation), the rules from docs/concepts/signals.md. Made with numpy 1.24.2, pandas 1.5.3.

    python3 tests/reference/ranking.py > tests/reference/ranking.json
"""

import json
import math

import numpy as np
import pandas as pd

AS_OF = "2024-06-07"
HOLIDAYS = ["2023-04-07", "2023-05-29", "2023-06-19", "2023-07-04", "2023-09-04", "2023-11-23", "2023-12-25", "2024-01-01",
            "2024-01-15", "2024-02-19", "2024-03-29", "2024-05-27"]
SESSIONS = pd.bdate_range(end=AS_OF, periods=300, freq="C", holidays=HOLIDAYS)
N = len(SESSIONS)
NAMES = ["ALFA", "BRAV", "CHAR", "DELT", "ECHO", "FOXT", "GOLF", "HOTE", "INDI", "JULI", "KILO", "LIMA", "MIKE", "NOVE"]
FUNDAMENTALS = {
    "ALFA": ("2024-06-07", 18.0, 0.021, 0.17, 0.6, 1.4),
    "BRAV": ("2024-05-31", 35.5, 0.0, 0.42, 1.9, 0.9),
    "CHAR": ("2024-06-07", -12.0, None, -0.08, 3.1, 2.2),      # losses: no price to earnings
    "DELT": ("2024-01-05", 11.0, 0.05, 0.11, 0.3, 1.5),        # 154 days old
    "ECHO": ("2024-06-07", None, 0.03, None, None, 1.1),       # too little of it
    "FOXT": ("2024-06-07", 95.0, 0.07, 0.55, -4.0, 6.0),       # clamped at both ends, no equity
    "GOLF": ("2024-06-07", 22.0, 0.012, 0.2, 0.9, 1.8),
    "KILO": ("2024-06-07", 14.0, 0.028, 0.13, 0.5, 1.3),
}


def made_market():
    """Closes in cents and volumes; None where there is no bar. One factor, drifts and noise of growing size."""
    random = np.random.default_rng(7)
    market = random.normal(0.0004, 0.009, N)
    names = {}
    for i, name in enumerate(NAMES):
        drift = 0.0012 * math.cos(i)
        noise = random.normal(drift, 0.004 + 0.0015 * i, N)
        start = 900 if name == "HOTE" else 4000 + 1500 * i
        closes = np.maximum(1, np.round(start * np.exp(np.cumsum(market * (0.5 + 0.1 * i) + noise)))).astype(int)
        volumes = random.integers(400_000, 900_000, N)
        names[name] = {"close": closes.tolist(), "volume": volumes.tolist(), "spoilt": []}
    names["HOTE"]["close"] = [min(c, 480) for c in names["HOTE"]["close"]]
    names["INDI"]["volume"] = [v // 100 for v in names["INDI"]["volume"]]
    names["JULI"]["spoilt"] = list(range(40, 290, 7))
    blank(names["LIMA"], range(295, 300))
    blank(names["GOLF"], range(0, 80))
    blank(names["CHAR"], range(0, 48))
    blank(names["BRAV"], [100, 177, 178, 250])
    names["ECHO"]["close"] = [c if i < 280 else names["ECHO"]["close"][279] - 60 * (i - 279) for i, c in enumerate(names["ECHO"]["close"])]
    names["KILO"]["close"][-1] = names["KILO"]["close"][-1] * 6 // 5
    names["DELT"]["close"][-1] = names["DELT"]["close"][-1] * 9 // 10
    return names


def blank(name, rows):
    for i in rows:
        name["close"][i] = None
        name["volume"][i] = None


def frames(market):
    bars = {}
    for name, columns in market.items():
        frame = pd.DataFrame({"close": [None if c is None else c / 100 for c in columns["close"]], "volume": columns["volume"]},
                             index=SESSIONS, dtype=float)
        frame["sane"] = True
        frame.loc[SESSIONS[columns["spoilt"]], "sane"] = False
        bars[name] = frame.dropna()
    return bars


# ---- members

def members(bars):
    look_back = math.ceil(max(252, 63) / 0.9)
    window = SESSIONS[-look_back:]
    found = {}
    for name in NAMES:
        if name == "NOVE":
            found[name] = {"status": "excluded"}
            continue
        frame = bars[name].reindex(window).dropna()
        first = window.get_loc(frame.index[0])
        measures = {
            "historySessions": len(frame),
            "medianDollarVolume": float((frame["close"] * frame["volume"]).reindex(SESSIONS[-63:]).median()),
            "price": float(frame["close"].iloc[-1]),
            "quality": float(frame["sane"].sum() / (look_back - first)),
            "ageSessions": look_back - 1 - window.get_loc(frame.index[-1]),
        }
        good = (measures["historySessions"] >= 252 and measures["medianDollarVolume"] >= 5e6 and measures["price"] >= 5
                and measures["quality"] >= 0.9 and measures["ageSessions"] <= 3)
        found[name] = {"status": ("observed" if name == "MIKE" else "eligible") if good else "filtered", "measures": measures}
    return found


# ---- factors

def wilder_rsi(closes, period):
    change = np.diff(closes)
    gain = np.maximum(change, 0)
    loss = np.maximum(-change, 0)
    g, l = gain[:period].mean(), loss[:period].mean()
    for i in range(period, len(change)):
        g = (g * (period - 1) + gain[i]) / period
        l = (l * (period - 1) + loss[i]) / period
    return 100 * g / (g + l)


def factors(bars, names):
    rows = {}
    for name in names:
        carried = bars[name]["close"].reindex(SESSIONS).ffill(limit=5)
        momentum = {str(n): float(carried.iloc[-1] / carried.iloc[-1 - n] - 1) for n in (21, 63, 126, 252)}
        returns = bars[name]["close"].reindex(SESSIONS[-253:]).dropna().pct_change().dropna()
        rsi = wilder_rsi(bars[name]["close"].reindex(SESSIONS[-258:]).dropna().to_numpy(), 14)
        volatility = returns.std(ddof=1) * math.sqrt(252)
        rows[name] = {"momentum": momentum, "volatility": volatility, "rsi": rsi,
                      "sharpe": returns.mean() / returns.std(ddof=1) * math.sqrt(252)}
    values = pd.DataFrame({
        "momentum": {n: np.mean(list(r["momentum"].values())) for n, r in rows.items()},
        "lowVolatility": {n: -r["volatility"] for n, r in rows.items()},
        "rsi": {n: 1.0 if r["rsi"] < 30 else -0.5 if r["rsi"] > 70 else 0.0 for n, r in rows.items()},
        "sharpe": {n: r["sharpe"] for n, r in rows.items()},
    })
    clipped = values.apply(lambda column: column.clip(column.quantile(0.05), column.quantile(0.95)))
    spread = clipped.std(ddof=1)
    z = ((clipped - clipped.mean()) / spread.where(spread > 1e-12)).fillna(0.0).where(values.notna())
    weights = pd.Series({"momentum": 0.3, "lowVolatility": 0.25, "rsi": 0.2, "sharpe": 0.25})
    score = (z * weights).sum(axis=1) / (z.notna() * weights).sum(axis=1)
    order = score.sort_index().sort_values(ascending=False, kind="stable")
    ranking = []
    for i, name in enumerate(order.index):
        ranking.append({"symbol": name, "measures": rows[name], "values": values.loc[name].to_dict(), "zScores": z.loc[name].to_dict(),
                        "score": order[name], "rank": i + 1, "quintile": i * 5 // len(order) + 1})
    return ranking


# ---- scores

STATES = {"bullish": 80, "neutral": 50, "bearish": 20}


def ema(values, period):
    out = [np.nan] * (period - 1) + [np.mean(values[:period])]
    for value in values[period:]:
        out.append(out[-1] + (value - out[-1]) * 2 / (period + 1))
    return np.array(out)


def technical(closes):
    c = closes[-200:]
    parts = []
    if len(c) >= 200:
        short, long = c[-50:].mean(), c[-200:].mean()
        parts.append(("trend", 0.4, "bullish" if c[-1] > short > long else "bearish" if c[-1] < short < long else "neutral"))
    if len(c) >= 130:
        line = ema(c[14:], 12)[11:] - ema(c, 26)[25:]
        signal = ema(line, 9)[-1]
        parts.append(("macd", 0.35, "bullish" if line[-1] > signal else "bearish" if line[-1] < signal else "neutral"))
    if len(c) >= 20:
        middle, deviation = c[-20:].mean(), c[-20:].std(ddof=0)
        place = (c[-1] - middle) / deviation
        parts.append(("bollinger", 0.25, "bullish" if place < -2 else "bearish" if place > 2 else "neutral"))
    weight = sum(w for _, w, _ in parts)
    return {"score": sum(w / weight * STATES[s] for _, w, s in parts), "states": {n: s for n, _, s in parts}}


def fundamental(row):
    if row is None or (pd.Timestamp(AS_OF) - pd.Timestamp(row[0])).days > 120:
        return None
    _, pe, dividend, roe, debt, current = row
    parts = []
    if pe is not None and pe > 0:
        parts.append((0.30, 50 + 25 * (20 - pe) / 20))
    if dividend is not None:
        parts.append((0.15, 30 + 15 * 100 * dividend))
    if roe is not None:
        parts.append((0.25, 20 + 2.33 * 100 * roe))
    if debt is not None and debt >= 0:
        parts.append((0.15, 90 - 40 * debt))
    if current is not None:
        parts.append((0.15, 80 - 20 * abs(current - 1.5)))
    coverage = sum(w for w, _ in parts)
    if coverage < 0.5:
        return None
    return {"score": sum(w / coverage * float(np.clip(s, 0, 100)) for w, s in parts), "coverage": coverage}


def signals(bars, ranking):
    rows = []
    for stock in ranking:
        name = stock["symbol"]
        tech = technical(bars[name]["close"].to_numpy())
        fund = fundamental(FUNDAMENTALS.get(name))
        score = tech["score"] if fund is None else (0.3 * tech["score"] + 0.4 * fund["score"]) / 0.7
        band = next((b for b, low in (("strong_buy", 75), ("buy", 60), ("hold", 40), ("sell", 25)) if score >= low), "strong_sell")
        rows.append({"symbol": name, "technical": tech, "fundamental": fund, "score": score, "band": band,
                     "dailyVolatility": stock["measures"]["volatility"] / math.sqrt(252)})
    composite = pd.Series([row["score"] for row in rows])
    for row, z in zip(rows, (composite - composite.mean()) / composite.std(ddof=1)):
        row["zScore"] = z
    return rows


def plain(value):
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (float, np.floating)):
        return None if math.isnan(value) else float(value)
    return int(value) if isinstance(value, np.integer) else value


market = made_market()
bars = frames(market)
found = members(bars)
ranking = factors(bars, [name for name in NAMES if found[name]["status"] in ("eligible", "observed")])
print(json.dumps(plain({
    "source": "tests/reference/ranking.py: numpy, pandas; the market is made up",
    "asOf": AS_OF,
    "sessions": [str(date.date()) for date in SESSIONS],
    "market": market,
    "fundamentals": FUNDAMENTALS,
    "members": found,
    "ranking": ranking,
    "signals": signals(bars, ranking),
})))
