"""Writes book.json: forty entries of a ledger and the book that follows, computed apart from the program under test.

Python's standard library only. Costs and lots are exact fractions and never rounded on the way; cash moves in Decimal cents, half to even.
Rules: average cost, gains realised on sales, lots first in, first out; a split multiplies quantities and leaves the cost.

    python3 tests/reference/book.py > tests/reference/book.json
"""

import json
import random
from decimal import ROUND_HALF_EVEN, Decimal as D
from fractions import Fraction as F

RANK = {"flow": 0, "opening": 1, "split": 2, "dividend": 3, "sell": 4, "buy": 5}


FIXED = [
    ("2024-01-02", "flow", {"amount": "250000"}),
    ("2024-01-02", "opening", {"symbol": "OLD", "quantity": "40.5", "price": "12.3456"}),
    ("2024-01-03", "buy", {"symbol": "AAA", "quantity": "100", "price": "187.1505", "fee": "1"}),
    ("2024-01-03", "buy", {"symbol": "BBB", "quantity": "333", "price": "33.3335", "fee": "1.67"}),
    ("2024-01-03", "buy", {"symbol": "CCC", "quantity": "7.25", "price": "1200.5", "fee": "1"}),
    ("2024-01-10", "buy", {"symbol": "AAA", "quantity": "50", "price": "201.4999", "fee": "1"}),
    ("2024-01-16", "split", {"symbol": "AAA", "ratio": "4"}),
    ("2024-01-16", "dividend", {"symbol": "AAA", "quantity": "600", "perShare": "0.24", "gross": "144", "withheld": "21.6", "net": "122.4"}),
    ("2024-01-16", "sell", {"symbol": "AAA", "quantity": "130", "price": "49.8701", "fee": "1"}),
    ("2024-02-01", "split", {"symbol": "CCC", "ratio": "0.1"}),
    ("2024-02-01", "sell", {"symbol": "BBB", "quantity": "333", "price": "35.0005", "fee": "1.67"}),
    ("2024-02-08", "flow", {"amount": "-1234.56"}),
    ("2024-02-09", "buy", {"symbol": "BBB", "quantity": "10", "price": "36.125", "fee": "1"}),
    ("2024-02-12", "split", {"symbol": "OLD", "ratio": "1.5"}),
    ("2024-02-13", "sell", {"symbol": "OLD", "quantity": "20.125", "price": "9.005", "fee": "0.01"}),
    ("2024-02-14", "dividend", {"symbol": "CCC", "quantity": "0.725", "perShare": "11", "gross": "7.98", "withheld": "1.2", "net": "6.78"}),
    ("2024-02-14", "buy", {"symbol": "CCC", "quantity": "0.000565", "price": "12000.1234", "fee": "0"}),
]


def made():
    """The rest, drawn with a seed: small trades that can always be made."""
    draw = random.Random(20240301)
    held = {"AAA": D(470), "BBB": D(10), "OLD": D("40.625")}
    entries = []
    for day in range(1, 24):
        symbol = draw.choice(sorted(held))
        session = "2024-03-%02d" % day
        quantity = D(draw.randint(1, 900)) / 100
        price = D(draw.randint(50_000, 2_000_000)) / 10_000
        fee = D(draw.randint(0, 300)) / 100
        side = "sell" if draw.random() < 0.45 and held[symbol] >= quantity else "buy"
        held[symbol] += quantity if side == "buy" else -quantity
        entries.append((session, side, {"symbol": symbol, "quantity": str(quantity), "price": str(price), "fee": str(fee)}))
    return entries


def amount(quantity, price):
    return (D(quantity) * D(price)).quantize(D("0.01"), rounding=ROUND_HALF_EVEN)


def fold(entries):
    cash, paid, income, fees = D(0), D(0), D(0), D(0)
    stocks = {}

    def stock(symbol):
        return stocks.setdefault(symbol, {"cost": F(0), "realised": F(0), "dividends": D(0), "fees": D(0), "lots": []})

    for session, kind, data in entries:
        if kind == "flow":
            cash += D(data["amount"])
            paid += D(data["amount"])
            continue
        s = stock(data["symbol"])
        held = sum((lot[1] for lot in s["lots"]), F(0))
        if kind in ("opening", "buy"):
            value = amount(data["quantity"], data["price"])
            s["cost"] += F(value)
            s["lots"].append([session, F(data["quantity"]), F(data["price"])])
            if kind == "opening":
                paid += value
            else:
                cash -= value + D(data["fee"])
        elif kind == "split":
            for lot in s["lots"]:
                lot[1] *= F(data["ratio"])
                lot[2] /= F(data["ratio"])
        elif kind == "dividend":
            cash += D(data["net"])
            income += D(data["net"])
            s["dividends"] += D(data["net"])
        else:
            value = amount(data["quantity"], data["price"])
            cash += value - D(data["fee"])
            part = F(data["quantity"]) / held
            s["realised"] += F(value) - s["cost"] * part
            s["cost"] -= s["cost"] * part
            rest = F(data["quantity"])
            while rest > 0:
                taken = min(rest, s["lots"][0][1])
                s["lots"][0][1] -= taken
                rest -= taken
                if s["lots"][0][1] == 0:
                    s["lots"].pop(0)
        if kind in ("buy", "sell"):
            fees += D(data["fee"])
            s["fees"] += D(data["fee"])

    positions = []
    for symbol in sorted(stocks):
        s = stocks[symbol]
        quantity = sum((lot[1] for lot in s["lots"]), F(0))
        positions.append({
            "symbol": symbol, "quantity": float(quantity), "cost": float(s["cost"]),
            "averageCost": float(s["cost"] / quantity) if quantity else 0.0,
            "realised": float(s["realised"]), "dividends": str(s["dividends"]), "fees": str(s["fees"]),
            "lots": [{"session": lot[0], "quantity": float(lot[1]), "price": float(lot[2])} for lot in s["lots"]],
        })
    return {
        "cash": str(cash), "paidIn": str(paid), "dividends": str(income), "fees": str(fees),
        "realised": float(sum(s["realised"] for s in stocks.values())), "positions": positions,
    }


entries = FIXED + made()
assert entries == sorted(entries, key=lambda e: (e[0], RANK[e[1]])) and len(entries) == 40
print(json.dumps({
    "source": "computed by tests/reference/book.py with Python's decimal and fractions",
    "entries": [{"session": session, "kind": kind, **data} for session, kind, data in entries],
    "book": fold(entries),
}, indent=1))
