"""Right and wrong ways to write the affine layer, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, mistake, plain


@plain("affine_forward")
def affine_forward(x, w, b):
    rows = x.reshape(x.shape[0], -1)
    out = rows.dot(w) + b
    cache = (x, w, b)
    return out, cache


edit("affine_forward", "no-bias", "The bias is not added: out = x w + b.", ("rows.dot(w) + b", "rows.dot(w)"))


edit("affine_forward", "bias-subtracted", "The bias is subtracted; add it.", (" + b", " - b"))


edit(
    "affine_forward",
    "x-not-flattened",
    "x may have more than two axes. Flatten each example first: x.reshape(x.shape[0], -1).",
    ("x.reshape(x.shape[0], -1)", "x"),
)


edit(
    "affine_forward",
    "batch-flattened-too",
    "The batch axis was flattened with the others. Keep axis 0: x.reshape(x.shape[0], -1).",
    ("x.reshape(x.shape[0], -1)", "x.reshape(-1, w.shape[0])[:1]"),
)


edit(
    "affine_forward",
    "flattened-in-fortran-order",
    "The axes were flattened in another order than reshape(N, -1) does (order='F', or a transpose before it).",
    ("x.reshape(x.shape[0], -1)", "x.reshape(x.shape[0], -1, order='F')"),
)


edit(
    "affine_forward",
    "flattened-by-transpose",
    "x was transposed to make the shapes fit, so that values of different features are mixed. Use x.reshape(N, -1).",
    ("x.reshape(x.shape[0], -1)", "x.T.reshape(x.shape[0], -1)"),
)


edit(
    "affine_forward",
    "relu-applied",
    "Negative outputs were set to zero. The affine layer has no ReLU; that is a layer of its own.",
    ("rows.dot(w) + b", "np.maximum(0, rows.dot(w) + b)"),
)


edit(
    "affine_forward",
    "output-not-cache",
    "The function gives out alone. Return both: out, cache.",
    ("return out, cache", "return out"),
)


edit(
    "affine_forward",
    "bias-written-into-x",
    "x itself was changed (an in-place operator such as += on x or on a view of it). Work on a copy.",
    ("rows.dot(w) + b", "rows.dot(w) + b\n    x *= 1.5"),
)


edit(
    "affine_forward",
    "out-transposed",
    "out is transposed: w^T x^T is (M, N); the layer gives (N, M).",
    ("out = rows.dot(w) + b", "out = (rows.dot(w) + b).T"),
)


edit(
    "affine_forward",
    "divided-by-batch",
    "out was divided by N. The layer itself takes no mean; the loss does that.",
    ("rows.dot(w) + b", "rows.dot(w) / len(x) + b"),
)


edit(
    "affine_forward",
    "bias-inside-product",
    "The bias was added to x before the product, or multiplied with w. out = x w + b: the product first.",
    ("rows.dot(w) + b", "(rows + b.sum()).dot(w)"),
)


@alternative("affine_forward")
def by_loops(x, w, b):
    n, m = x.shape[0], w.shape[1]
    out = np.zeros((n, m), dtype=float)
    for i in range(n):
        row = x[i].ravel()
        for j in range(m):
            total = 0.0
            for k in range(len(row)):
                total += row[k] * w[k, j]
            out[i, j] = total + b[j]
    return out, {"x": x, "w": w}


@alternative("affine_forward")
def by_einsum(x, w, b):
    print("x", x.shape)
    return np.einsum("nd,dm->nm", x.reshape(len(x), np.prod(x.shape[1:])), w) + b[None, :], [x, w, b, len(x)]


@alternative("affine_forward")
def by_appended_ones(x, w, b):
    n = x.shape[0]
    rows = np.hstack([x.reshape(n, -1), np.ones((n, 1))])
    return rows @ np.vstack([w, b]), (x, w, b)


@plain("affine_backward")
def affine_backward(dout, cache):
    x, w, b = cache
    rows = x.reshape(x.shape[0], -1)
    dx = dout.dot(w.T).reshape(x.shape)
    dw = rows.T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


edit(
    "affine_backward",
    "db-kept-batch-axis",
    "the batch axis was kept. Sum over axis 0 without keepdims.",
    ("np.sum(dout, axis=0)", "np.sum(dout, axis=0, keepdims=True)"),
)


edit(
    "affine_backward",
    "db-averaged",
    "db is the mean over the batch. The gradient is the sum; the loss has already divided by N.",
    ("np.sum(dout, axis=0)", "np.mean(dout, axis=0)"),
)


edit(
    "affine_backward",
    "db-wrong-axis",
    "db was summed over the wrong axis. Each example adds its dout to b: sum over axis 0.",
    ("np.sum(dout, axis=0)", "np.sum(dout, axis=1)"),
)


edit(
    "affine_backward",
    "db-not-summed",
    "db is dout itself. b is added to every row, so its gradient is the sum over the rows.",
    ("np.sum(dout, axis=0)", "dout"),
)


edit(
    "affine_backward",
    "db-summed-to-a-number",
    "db was summed over every axis. Sum over axis 0 only; db has one entry for each entry of b.",
    ("np.sum(dout, axis=0)", "np.sum(dout)"),
)


edit(
    "affine_backward",
    "db-is-b",
    "db is b, or dout was multiplied with b. The gradient of x w + b with respect to b is 1 for each row.",
    ("np.sum(dout, axis=0)", "np.sum(dout * b, axis=0)"),
)


edit(
    "affine_backward",
    "db-ones",
    "db does not use dout. Sum dout over axis 0.",
    ("np.sum(dout, axis=0)", "np.ones_like(b)"),
)


edit(
    "affine_backward",
    "db-first-row",
    "db takes one row of dout. Sum all rows.",
    ("np.sum(dout, axis=0)", "dout[0]"),
)


edit(
    "affine_backward",
    "dw-divided-by-batch",
    "dw was divided by N. The loss has already done that; the layer sums.",
    ("rows.T.dot(dout)", "rows.T.dot(dout) / x.shape[0]"),
)


edit(
    "affine_backward",
    "dw-transposed",
    "dw has the axes of w^T. dw = x^T dout has the shape of w.",
    ("rows.T.dot(dout)", "dout.T.dot(rows)"),
)


edit(
    "affine_backward",
    "x-not-flattened",
    "x was not flattened for dw. Use x.reshape(x.shape[0], -1), as in the forward.",
    ("rows.T.dot(dout)", "x.T.dot(dout)"),
)


edit(
    "affine_backward",
    "dx-not-reshaped",
    "dx has the right values but not the shape of x. End with .reshape(x.shape).",
    (".dot(w.T).reshape(x.shape)", ".dot(w.T)"),
)


edit(
    "affine_backward",
    "w-not-transposed",
    "dx was made with w where w^T is needed: dx = dout w^T.",
    ("dout.dot(w.T)", "dout.dot(w)"),
)


edit(
    "affine_backward",
    "w-reshaped-not-transposed",
    "w was reshaped to (M, D), which mixes its entries. Transpose it: w.T.",
    ("dout.dot(w.T)", "dout.dot(w.reshape(w.shape[1], w.shape[0]))"),
)


edit(
    "affine_backward",
    "dx-divided-by-batch",
    "dx was divided by N. The loss has already done that.",
    (".reshape(x.shape)\n", ".reshape(x.shape) / x.shape[0]\n"),
)


edit(
    "affine_backward",
    "dx-in-fortran-order",
    "dx was put back into the shape of x in another order than the forward took it apart.",
    ("dout.dot(w.T).reshape(x.shape)", "dout.dot(w.T).reshape(x.shape, order='F')"),
)


edit(
    "affine_backward",
    "writes-dout",
    "dout itself was changed (an in-place operator on dout or on a view of it). Work on a copy.",
    ("rows = x.reshape(x.shape[0], -1)", "rows = x.reshape(x.shape[0], -1)\n    dout *= 2.0\n    dout = dout / 2.0"),
)


edit(
    "affine_backward",
    "wrong-order",
    "The gradients come back in another order. Return dx, dw, db.",
    ("return dx, dw, db", "return dw, dx, db"),
)


edit(
    "affine_backward",
    "relu-applied",
    "dout was set to zero where something is negative. The affine layer has no ReLU.",
    ("dout.dot(w.T)", "(dout * (rows.dot(w) + b > 0)).dot(w.T)"),
)


def _forward_with_rows(x, w, b):
    rows = x.reshape(x.shape[0], -1)
    return rows.dot(w) + b, {"rows": rows, "w": w, "shape": x.shape}


@alternative("affine_backward", forward=_forward_with_rows)
def from_a_dict(dout, cache):
    dx = (dout @ cache["w"].T).reshape(cache["shape"])
    return dx, cache["rows"].T @ dout, dout.sum(0)


@alternative("affine_backward")
def with_ones_vector(dout, cache):
    x, w, _ = cache
    n = x.shape[0]
    dx = np.dot(dout, w.T)
    dx = np.reshape(dx, x.shape)
    dw = np.dot(np.reshape(x, (n, -1)).T, dout)
    db = np.dot(dout.T, np.ones(n))
    return [dx, dw, db]


@alternative("affine_backward")
def gradients_by_loops(dout, cache):
    x, w, b = cache
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for i in range(x.shape[0]):
        dx[i] = np.matmul(w, dout[i]).reshape(x[i].shape)
        dw += np.outer(x[i].flatten(), dout[i])
        db += dout[i]
    return dx, dw, db


@alternative("affine_backward")
def gradients_by_einsum(dout, cache):
    x, w, b = cache
    print("backward")
    rows = x.reshape(len(x), -1)
    return (
        np.einsum("nm,dm->nd", dout, w).reshape(x.shape),
        np.einsum("nd,nm->dm", rows, dout),
        np.einsum("nm->m", dout),
    )


edit(
    "affine_backward",
    "dw-of-the-last-example",
    "dw holds the last example's share alone: in a loop over the batch add with +=.",
    ("dw = rows.T.dot(dout)", "dw = rows[-1:].T.dot(dout[-1:])"),
)


edit(
    "affine_backward",
    "db-of-the-last-example",
    "db holds the last example's share alone: in a loop over the batch add with +=.",
    ("db = np.sum(dout, axis=0)", "db = dout[-1].copy()"),
)


edit(
    "affine_backward",
    "dw-reshaped-not-transposed",
    "dw was made as (M, D) and reshaped to (D, M), which puts its entries in the wrong places. Transpose: x^T dout.",
    ("dw = rows.T.dot(dout)", "dw = dout.T.dot(rows).reshape(w.shape)"),
)


edit(
    "affine_forward",
    "reshaped-to-columns",
    "x was reshaped to (D, N) and transposed, which mixes the examples. Reshape to (N, D): x.reshape(N, -1).",
    ("x.reshape(x.shape[0], -1)", "x.reshape(-1, x.shape[0]).T"),
)


@mistake("affine_backward", "nothing-filled", "The gradients are zeros that were never filled.")
def affine_backward_zeros(dout, cache):
    x, w, b = cache
    return np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)


for _name, _hint, _new in [
    ("bias-summed", "All biases were summed. Each output has its own: out = x w + b.", "rows.dot(w) + np.sum(b)"),
    ("bias-multiplied", "The bias was multiplied with x w. Add it.", "rows.dot(w) * b"),
    (
        "weights-summed",
        "x and w were summed before they were multiplied. x w is the matrix product: x.dot(w).",
        "rows.sum(axis=1, keepdims=True) * w.sum(axis=0) + b",
    ),
    (
        "product-cut-to-integers",
        "The product lost its fractions: astype(int) or an array of integers. Use floats.",
        "rows.dot(w).astype(int) + b",
    ),
]:
    edit("affine_forward", _name, _hint, ("rows.dot(w) + b", _new))


edit(
    "affine_forward",
    "last-example-missing",
    "The last example's row was not filled: a loop over the batch ends one early.",
    ("    cache = (x, w, b)", "    out[-1] = 0\n    cache = (x, w, b)"),
)


for _name, _hint, _old, _new in [
    (
        "dx-of-the-last-output",
        "dx holds the last output's share alone: each x pays into every output. Add with +=, or dout w^T.",
        "dout.dot(w.T)",
        "np.outer(dout[:, -1], w[:, -1])",
    ),
    ("dx-without-dout", "dx is missing dout: dx = dout w^T.", "dout.dot(w.T)", "np.ones_like(dout).dot(w.T)"),
    ("dw-without-dout", "dw is missing dout: dw = x^T dout.", "rows.T.dot(dout)", "rows.T.dot(np.ones_like(dout))"),
    ("dw-is-x-and-w", "dw was multiplied with w. dw = x^T dout.", "rows.T.dot(dout)", "rows.T.dot(dout) * w"),
]:
    edit("affine_backward", _name, _hint, (_old, _new))
