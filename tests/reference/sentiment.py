"""Writes sentiment.json, and the logits of sentiment-golden.json: what others compute where the program under test does too.

- hashes: FNV-1a, 32 bits, from the test vectors of the algorithm's authors (http://www.isthe.com/chongo/src/fnv/test_fnv.c).
- figures: accuracy, macro F1 and log loss by scikit-learn, the calibration error by numpy.
- regression: multinomial logistic regression with a ridge penalty by scikit-learn's LogisticRegression.
- temperature: the least log loss by scipy's bounded scalar minimisation.
- golden logits: from the bytes of the committed ONNX file, read here without any of the program's code, in float64.

    python3 tests/reference/sentiment.py > tests/reference/sentiment.json
    npx tsx tests/reference/sentiment-golden.ts && python3 tests/reference/sentiment.py golden
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, log_loss

LABELS = ["negative", "neutral", "positive"]
HERE = Path(__file__).parent
MODEL = HERE.parent.parent / "models" / "sentiment" / "sentiment-linear.onnx"


def figures(rng):
    truth = rng.choice(3, size=80, p=[0.2, 0.5, 0.3])
    logits = rng.normal(size=(80, 3)) + 1.2 * np.eye(3)[truth]
    p = softmax(logits, axis=1).round(6)
    p /= p.sum(axis=1, keepdims=True)
    answer = p.argmax(axis=1)
    confidence = p.max(axis=1)
    error = 0.0
    for low in np.arange(10) / 10:
        inside = (confidence >= low) & (confidence < low + 0.1)
        if inside.any():
            error += abs((answer[inside] == truth[inside]).mean() - confidence[inside].mean()) * inside.mean()
    counts = confusion_matrix(truth, answer, labels=[0, 1, 2])
    return {
        "labels": [LABELS[t] for t in truth],
        "probabilities": p.tolist(),
        "accuracy": accuracy_score(truth, answer),
        "macroF1": f1_score(truth, answer, average="macro"),
        "wrongSign": (counts[0, 2] + counts[2, 0]) / len(truth),
        "logLoss": log_loss(truth, p, labels=[0, 1, 2]),
        "calibrationError": error,
    }


def regression(rng):
    rows, hashed, width, penalty = 60, 9, 2, 0.02
    sparse = rng.normal(size=(rows, hashed)) * (rng.random((rows, hashed)) < 0.4)
    dense = rng.normal(size=(rows, width))
    x = np.hstack([sparse, dense]).astype(np.float32).astype(np.float64)
    y = (x @ rng.normal(size=(hashed + width, 3)) + rng.gumbel(size=(rows, 3)) * 0.7).argmax(axis=1)
    fit = LogisticRegression(C=1 / (penalty * rows), solver="newton-cg", tol=1e-7, max_iter=100_000).fit(x, y)
    return {
        "x": x.tolist(),
        "hashed": hashed,
        "labels": y.tolist(),
        "penalty": penalty,
        "probabilities": fit.predict_proba(x).tolist(),
        "weights": fit.coef_.T.tolist(),
    }


def temperature(rng):
    truth = rng.choice(3, size=200)
    logits = 3 * (rng.normal(size=(200, 3)) + np.eye(3)[truth])
    loss = lambda t: -log_softmax(logits / t, axis=1)[np.arange(200), truth].mean()
    best = minimize_scalar(loss, bounds=(0.2, 5), method="bounded", options={"xatol": 1e-10})
    return {"logits": logits.tolist(), "labels": truth.tolist(), "temperature": best.x}


def fields(data):
    """The fields of a message in protobuf's wire format: (number, value) of varints and byte strings."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    while at < len(data):
        key = varint()
        if key % 8 == 0:
            yield key // 8, varint()
        else:
            assert key % 8 == 2, key
            length = varint()
            yield key // 8, data[at : at + length]
            at += length


def constants(data):
    types = {1: "<f4", 3: "i1", 7: "<i8"}
    found = {}
    graph = next(value for field, value in fields(data) if field == 7)
    for field, value in fields(graph):
        if field != 5:
            continue
        parts = list(fields(value))
        dims = [v for f, v in parts if f == 1]
        one = {f: v for f, v in parts if f != 1}
        found[one[8].decode()] = np.frombuffer(one[9], types[one[2]]).reshape(dims)
    return found


def golden():
    file = HERE / "sentiment-golden.json"
    texts = json.loads(file.read_text())
    c = constants(MODEL.read_bytes())
    table = c["table"].astype(np.float64) * c["scales"]
    for text in texts:
        hashed = np.array(text["weights"]) @ table[text["ids"]] if text["ids"] else 0
        logits = hashed + np.array(text["dense"]) @ c["dense_weights"] + c["intercepts"]
        text["logits"] = [round(float(v), 6) for v in logits]
    file.write_text("[\n" + ",\n".join(json.dumps(t, ensure_ascii=False) for t in texts) + "\n]\n")


if sys.argv[1:] == ["golden"]:
    golden()
else:
    rng = np.random.default_rng(20)
    print(
        json.dumps(
            {
                "hashes": [["", 0x811C9DC5], ["a", 0xE40C292C], ["b", 0xE70C2DE5], ["foobar", 0xBF9CF968]],
                "figures": figures(rng),
                "regression": regression(rng),
                "temperature": temperature(rng),
            }
        )
    )
