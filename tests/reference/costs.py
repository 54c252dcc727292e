"""Writes costs.json: costs of orders and spreads from highs and lows, computed apart from the program under test.

Python's standard library only, in 50 decimal digits, rounded once at the end. Formulas as their sources print them, in other shapes
than the program's where there are several: Corwin and Schultz' spread by eq. 14 and 18 (the program uses a hyperbolic tangent),
tiers by adding up what each threshold saves. Two blocks hold what others published:

- ibkr_examples: Interactive Brokers, https://www.interactivebrokers.co.uk/en/pricing/commissions-stocks.php (fixed: 100 and 1,000 shares
  at 25, 1,000 at 0.25) and https://interactivebrokers.ca/en/index.php?f=713 (30,000,000 shares across four tiers, and 200,000).
- almgren_example: IBM in Almgren, Thum, Hauptmann and Li (2005), Risk 18(7), in basis points as printed there.

    python3 tests/reference/costs.py > tests/reference/costs.json
"""

import json
import random
from decimal import Decimal as D
from decimal import getcontext

getcontext().prec = 50
BPS = D(10000)

ORDERS = [
    # quantity, price, spread bps, ADV, daily sigma, shares outstanding, days
    ("100", "50", "2", "6561000", "0.0157", "1728000000", "0.1"),
    ("1000", "0.25", "120", "40000", "0.065", "9000000", "1"),
    ("37", "412.38", "1.3", "21500000", "0.0141", "7430000000", "0.5"),
    ("12.5", "97.03", "4.75", "310000", "0.024", "55000000", "0.02"),
    ("25000", "18.4", "9", "480000", "0.031", "120000000", "2.5"),
    ("0.75", "43210.5", "0", "1200", "0", "30000", "1"),
    ("1", "0.01", "0.5", "1", "0.5", "1", "3"),
]


def per_share(q, p, spread, *_):
    bps = [BPS * D("0.005") / p, D(3), spread / 2, D(0), D("0.1") * q * p / 1000]
    return bps


def ibkr_fixed(q, p, *_):
    fee = q * D("0.005")
    if fee < 1:
        fee = D(1)
    if fee > q * p / 100:
        fee = q * p / 100
    return [BPS * fee / (q * p), D(0), D(0), D(0), D(0)]


def square_root(y):
    return lambda q, p, spread, adv, sigma, *_: [D(0)] * 4 + [BPS * y * sigma * (q / adv).sqrt()]


def almgren(q, p, spread, adv, sigma, shares, days):
    i = D("0.314") * sigma * (q / adv) * (shares / adv).sqrt().sqrt()
    rate = q / (adv * days)
    h = D("0.142") * sigma * ((rate.ln() * D("0.6")).exp())
    return [D(0)] * 3 + [BPS * i / 2, BPS * h]


def tiered(quantity, traded):
    """By share, without minimum and cap: the first tier's rate on everything, less what the thresholds passed save."""
    def month(shares):
        saved = [(300_000, "0.0015"), (3_000_000, "0.0005"), (20_000_000, "0.0005"), (100_000_000, "0.0005")]
        return shares * D("0.0035") - sum(max(D(0), shares - above) * D(less) for above, less in saved)
    return month(quantity + traded) - month(traded)


def estimates(model):
    rows = []
    for order in ORDERS:
        numbers = [D(text) for text in order]
        bps = model(*numbers)
        notional = numbers[0] * numbers[1]
        bps.append(sum(bps))
        rows.append({"order": [float(n) for n in numbers], "notional": float(notional),
                     "amounts": [float(b * notional / BPS) for b in bps], "bps": [float(b) for b in bps]})
    return rows


def corwin_schultz(high, low, close):
    """Two-day estimates by the paper's eq. 14 and 18, 0 where negative."""
    spreads = [None]
    k = 3 - 2 * D(2).sqrt()
    for t in range(1, len(high)):
        h0, l0, h1, l1 = high[t - 1], low[t - 1], high[t], low[t]
        if close is not None:
            before = close[t - 1]
            if l1 > before:
                h1, l1 = h1 * before / l1, before
            elif h1 < before:
                h1, l1 = before, l1 * before / h1
        beta = (h0 / l0).ln() ** 2 + (h1 / l1).ln() ** 2
        gamma = (max(h0, h1) / min(l0, l1)).ln() ** 2
        alpha = ((2 * beta).sqrt() - beta.sqrt()) / k - (gamma / k).sqrt()
        spreads.append(max(D(0), 2 * (alpha.exp() - 1) / (1 + alpha.exp())))
    return spreads


def made_series(sessions=60, spread=0.01, seed=7):
    """Days of 390 prices, each seen at the bid or the ask, with moves at night."""
    rng = random.Random(seed)
    price = 40.0
    high, low, close = [], [], []
    for _ in range(sessions):
        price *= 1 + rng.gauss(0, 0.012)
        seen = []
        for _ in range(390):
            price *= 1 + rng.gauss(0, 0.008 / 390**0.5)
            seen.append(price * (1 + rng.choice((-1, 1)) * spread / 2))
        high.append(D(f"{max(seen):.4f}"))
        low.append(D(f"{min(seen):.4f}"))
        close.append(D(f"{seen[-1]:.4f}"))
    return high, low, close


def main():
    high, low, close = made_series()
    plain = corwin_schultz(high, low, None)
    adjusted = corwin_schultz(high, low, close)

    def mean_bps(values):
        return float(BPS * sum(values[-21:]) / 21)

    tiers = [(q, t) for q in (1, 150, 200_000, 400_000, 30_000_000, 250_000_000) for t in (0, 299_999, 300_000, 19_500_000, 200_000_000)]
    print(json.dumps({
        "source": "tests/reference/costs.py, 50 decimal digits; orders and prices are made up, examples are those the brokers and the paper print",
        "ibkr_examples": {
            "fixed": [{"quantity": 100, "price": 25, "commission": 1}, {"quantity": 1000, "price": 25, "commission": 5},
                      {"quantity": 1000, "price": 0.25, "commission": 2.5}],
            "tiered": [{"quantity": 30_000_000, "price": 5, "commission": 1050 + 5400 + 25500 + 10000, "clearing": 6000},
                       {"quantity": 200_000, "price": 5, "commission": 700, "clearing": 40}],
        },
        "almgren_example": {"sigma": 0.0157, "adv": 6561000, "shares_outstanding": 1728000000, "quantity": 656100, "permanent": 19.9,
                            "days": [{"days": 0.1, "temporary": 22.3, "total": 32.2}, {"days": 0.2, "temporary": 14.7, "total": 24.6},
                                     {"days": 0.5, "temporary": 8.5, "total": 18.4}]},
        "models": {"per-share": estimates(per_share), "ibkr-fixed": estimates(ibkr_fixed), "square-root": estimates(square_root(D(1))),
                   "square-root-0.5": estimates(square_root(D("0.5"))),
                   "almgren": estimates(almgren)},
        "tiered": [{"quantity": q, "traded": t, "by_share": float(tiered(D(q), D(t)))} for q, t in tiers],
        "corwin_schultz": {
            "high": [float(x) for x in high], "low": [float(x) for x in low], "close": [float(x) for x in close],
            "plain": [x if x is None else float(x) for x in plain],
            "adjusted": [x if x is None else float(x) for x in adjusted],
            "plain_bps_21": mean_bps(plain), "adjusted_bps_21": mean_bps(adjusted)},
    }, indent=1))


main()
