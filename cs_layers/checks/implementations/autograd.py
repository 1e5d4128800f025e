"""Right and wrong ways to write the parts of a small autograd engine, as students write them."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, mistake, plain


@plain("unbroadcast")
def unbroadcast(gradient, shape):
    front = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(front)))
    ones = tuple(axis for axis, n in enumerate(shape) if n == 1)
    return gradient.sum(axis=ones, keepdims=True)


for _name, _hint, *_changes in [
    (
        "ones-forgotten",
        "An axis of length 1 was repeated too. Sum over it, with keepdims=True.",
        ("    return gradient.sum(axis=ones, keepdims=True)", "    return gradient"),
    ),
    (
        "front-forgotten",
        "Axes that broadcasting put in front are still there. Sum over the first gradient.ndim − len(shape) axes.",
        ("    gradient = gradient.sum(axis=tuple(range(front)))\n", ""),
    ),
    (
        "axes-of-length-1-lost",
        "An axis of length 1 was summed away. Keep it: keepdims=True.",
        ("axis=ones, keepdims=True", "axis=ones"),
    ),
    (
        "front-kept",
        "The axes in front were summed but kept, with length 1. There keepdims must be False.",
        ("axis=tuple(range(front)))", "axis=tuple(range(front)), keepdims=True)"),
        ("    ones = tuple(axis for axis, n in enumerate(shape) if n == 1)\n", ""),
        ("    return gradient.sum(axis=ones, keepdims=True)", "    return gradient"),
    ),
    (
        "averaged",
        "The mean was taken. Every copy counts in full: sum.",
        ("gradient.sum(axis=tuple", "gradient.mean(axis=tuple"),
    ),
    (
        "axes-of-length-1-averaged",
        "The mean was taken over an axis of length 1. Every copy counts in full: sum.",
        ("gradient.sum(axis=ones", "gradient.mean(axis=ones"),
    ),
    (
        "first-axis-only",
        "Only one axis in front was summed; there may be several.",
        ("axis=tuple(range(front))", "axis=tuple(range(min(front, 1)))"),
    ),
    (
        "back-for-front",
        "The last axes were summed. Broadcasting adds axes in front.",
        ("axis=tuple(range(front))", "axis=tuple(range(-front, 0))"),
    ),
    (
        "first-copy-only",
        "Only the first copy's gradient was taken. Add those of all copies.",
        ("gradient.sum(axis=tuple(range(front)))", "gradient[(0,) * front]"),
    ),
    (
        "unchanged",
        "The gradient came back as it was.",
        ("gradient.sum(axis=tuple(range(front)))", "gradient"),
        ("gradient.sum(axis=ones, keepdims=True)", "gradient"),
    ),
    (
        "broadcast-again",
        "The gradient was cut to the shape by reshape, or broadcast. Sum what belongs to one entry.",
        ("gradient.sum(axis=tuple(range(front)))", "gradient.ravel()[: int(np.prod(shape))].reshape(shape)"),
        ("gradient.sum(axis=ones, keepdims=True)", "gradient"),
    ),
]:
    edit("unbroadcast", _name, _hint, *_changes)


@alternative("unbroadcast")
def unbroadcast_by_loops(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


@alternative("unbroadcast")
def unbroadcast_by_adding(gradient, shape):
    total = np.zeros(shape)
    wide = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    for index in np.ndindex(gradient.shape):
        total.reshape(wide)[tuple(i if n > 1 else 0 for i, n in zip(index, wide))] += gradient[index]
    return total


@plain("matmul_rule")
def matmul_rule(a, b):
    def pull(dout):
        da = dout @ b.T
        db = a.T @ dout
        return da, db

    return a @ b, pull


for _name, _hint, *_changes in [
    ("a-without-transpose", "da = dout @ bᵀ: b is not transposed.", ("dout @ b.T", "dout @ b")),
    (
        "a-reshaped",
        "b was reshaped, which mixes its entries. Transpose it: b.T.",
        ("dout @ b.T", "dout @ b.reshape(b.shape[::-1])"),
    ),
    ("b-without-transpose", "db = aᵀ @ dout: a is not transposed.", ("a.T @ dout", "a @ dout")),
    ("b-transposed", "db is transposed. aᵀ @ dout has the shape of b.", ("a.T @ dout", "dout.T @ a")),
    ("a-transposed", "da is transposed. dout @ bᵀ has the shape of a.", ("dout @ b.T", "b @ dout.T")),
    (
        "swapped",
        "da and db are in the wrong order. One gradient for each array, in the order of the arguments.",
        ("return da, db", "return db, da"),
    ),
    ("a-only", "pull returns one gradient. There are two arrays, so there are two.", ("return da, db", "return (da,)")),
    (
        "pull-called",
        "pull was called already: return the function, without brackets.",
        ("return a @ b, pull", "return a @ b, pull(np.ones((len(a), b.shape[1])))"),
    ),
    (
        "dout-ignored",
        "The gradients do not use dout.",
        ("dout @ b.T", "np.ones_like(dout) @ b.T"),
        ("a.T @ dout", "a.T @ np.ones_like(dout)"),
    ),
    (
        "averaged",
        "db was divided by N. The rule sums; a mean is an operation of its own.",
        ("a.T @ dout", "a.T @ dout / len(a)"),
    ),
    ("product-reversed", "out is a @ b, in this order.", ("return a @ b, pull", "return (b.T @ a.T), pull")),
    ("pull-missing", "The rule returns out alone. Return both: out, pull.", ("return a @ b, pull", "return a @ b")),
]:
    edit("matmul_rule", _name, _hint, *_changes)


@alternative("matmul_rule")
def matmul_by_einsum(a, b):
    def back(g):
        return [np.einsum("nm,dm->nd", g, b), np.einsum("nd,nm->dm", a, g)]

    return np.einsum("nd,dm->nm", a, b), back


@alternative("matmul_rule")
def matmul_by_lambda(a, b):
    return a.dot(b), lambda dout: (dout.dot(b.T), a.T.dot(dout))


@plain("relu_rule")
def relu_rule(a):
    out = np.maximum(0, a)

    def pull(dout):
        return (dout * (a > 0),)

    return out, pull


for _name, _hint, *_changes in [
    ("mask-missing", "dout came back unchanged. It passes where a > 0 only.", ("dout * (a > 0)", "dout.copy()")),
    ("mask-of-dout", "The mask was made from dout. It is a that decides.", ("(a > 0)", "(dout > 0)")),
    ("mask-returned", "The mask came back without dout.", ("dout * (a > 0)", "(a > 0) * 1.0")),
    (
        "times-out",
        "dout was multiplied with out. The slope is 1, so multiply with the mask a > 0.",
        ("dout * (a > 0)", "dout * out"),
    ),
    ("gradient-at-zero", "At exactly 0 the gradient is 0 here: a > 0, not a >= 0.", ("a > 0", "a >= 0")),
    ("mask-inverted", "The mask is the wrong way round.", ("a > 0", "a <= 0")),
    (
        "no-tuple",
        "pull returns an array. It returns a tuple with one gradient for each array: (da,).",
        ("return (dout * (a > 0),)", "return dout * (a > 0)"),
    ),
    (
        "pull-called",
        "pull was called already: return the function, without brackets.",
        ("return out, pull", "return out, pull(np.ones(a.shape))"),
    ),
    ("pull-missing", "The rule returns out alone. Return both: out, pull.", ("return out, pull", "return out")),
    ("absolute-value", "Negative values had their sign turned. They become 0.", ("np.maximum(0, a)", "np.abs(a)")),
    ("writes-a", "a itself was changed. Make a new array.", ("out = np.maximum(0, a)", "out = a\n    out[a < 0] = 0")),
    (
        "writes-dout",
        "dout itself was changed. Make a new array: dout * (a > 0).",
        ("        return (dout * (a > 0),)", "        dout[a <= 0] = 0\n        return (dout,)"),
    ),
]:
    edit("relu_rule", _name, _hint, *_changes)


@mistake(
    "relu_rule",
    "kept-in-a-global",
    "The mask is kept in a global, which the next ReLU overwrites. Let pull remember its own a.",
)
def relu_with_a_global(a):
    global mask
    mask = a > 0
    return np.maximum(0, a), lambda dout: (dout * mask,)


@alternative("relu_rule")
def relu_by_where(a):
    out = a * (a > 0)
    return out, lambda dout: (np.where(out > 0, dout, 0.0),)


@plain("backward_order")
def backward_order(end, parents_of):
    seen, order = set(), []

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for parent in parents_of(node):
            visit(parent)
        order.append(node)

    visit(end)
    return order[::-1]


for _name, _hint, *_changes in [
    (
        "not-reversed",
        "The order is the forward one: parents first. Turn it round at the end.",
        ("order[::-1]", "order"),
    ),
    (
        "noted-on-the-way-down",
        "A node was noted before its parents were visited, so after a short cut it comes too early. Note it once "
        "all of its parents are done, and turn the list round.",
        ("        order.append(node)\n", ""),
        ("        seen.add(node)\n", "        seen.add(node)\n        order.append(node)\n"),
        ("order[::-1]", "order"),
    ),
    (
        "not-remembered",
        "A node that is reached on two ways is in the list twice. Remember which were visited.",
        ("        if node in seen:\n            return\n", ""),
    ),
    ("end-left-out", "The end itself is missing. Its pull is the first to be asked.", ("order[::-1]", "order[-2::-1]")),
    (
        "leaves-left-out",
        "Nodes without parents are missing. They are the ones whose gradient is wanted.",
        ("        order.append(node)\n", "        if parents_of(node):\n            order.append(node)\n"),
    ),
    (
        "first-parent-only",
        "Only the first parent of each node was visited.",
        ("for parent in parents_of(node):", "for parent in parents_of(node)[:1]:"),
    ),
    (
        "last-parent-only",
        "Only the last parent of each node was visited.",
        ("for parent in parents_of(node):", "for parent in parents_of(node)[-1:]:"),
    ),
    ("a-set", "A set has no order. Keep a list.", ("return order[::-1]", "return seen")),
]:
    edit("backward_order", _name, _hint, *_changes)


@mistake(
    "backward_order",
    "level-by-level",
    "The graph was walked level by level. A node may be reached early, by a short cut, and yet be used further on.",
)
def breadth_first(end, parents_of):
    order = [end]
    for node in order:
        for parent in parents_of(node):
            if parent not in order:
                order.append(parent)
    return order


@alternative("backward_order")
def order_with_a_stack(end, parents_of):
    order, stack, done = [], [(end, False)], set()
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in done:
            done.add(node)
            stack.append((node, True))
            stack.extend((p, False) for p in parents_of(node))
    order.reverse()
    return order


@alternative("backward_order")
def order_by_counting_users(end, parents_of):
    nodes = [end]
    for node in nodes:
        nodes.extend(p for p in dict.fromkeys(parents_of(node)) if p not in nodes)
    users = {node: 0 for node in nodes}
    for node in nodes:
        for p in parents_of(node):
            users[p] += 1
    order = [end]
    for node in order:
        for p in parents_of(node):
            users[p] -= 1
            if users[p] == 0:
                order.append(p)
    return order


@plain("collect_gradients")
def collect_gradients(order, dout, parents_of, pull):
    gradients = {order[0]: dout}
    for node in order:
        shares = pull(node, gradients[node])
        for parent, share in zip(parents_of(node), shares):
            gradients[parent] = gradients.get(parent, 0) + share
    return gradients


_ADD = "gradients[parent] = gradients.get(parent, 0) + share"
for _name, _hint, *_changes in [
    (
        "assigned",
        "A node that is used twice gets a share from each use. Add; = keeps the last share only.",
        (_ADD, "gradients[parent] = share"),
    ),
    (
        "first-share-only",
        "A node that is used twice gets a share from each use. Add; here the first share alone is kept.",
        (_ADD, "gradients.setdefault(parent, share)"),
    ),
    (
        "added-in-place",
        "+= writes into an array that belongs to another node as well: a sum gives both its parents the same one. "
        "Make a new array: old + share.",
        (
            _ADD,
            "if parent in gradients:\n                gradients[parent] += share\n"
            "            else:\n                gradients[parent] = share",
        ),
    ),
    (
        "dout-ignored",
        "The walk starts from ones. It starts from dout.",
        ("{order[0]: dout}", "{order[0]: np.ones_like(dout)}"),
    ),
    (
        "first-parent-only",
        "Only the first parent of each node got its share.",
        ("zip(parents_of(node), shares)", "list(zip(parents_of(node), shares))[:1]"),
    ),
    (
        "parents-swapped",
        "The shares went to the parents in the wrong order.",
        ("zip(parents_of(node), shares)", "zip(parents_of(node)[::-1], shares)"),
    ),
    (
        "dout-everywhere",
        "Every node was pulled with dout. Each is pulled with its own gradient.",
        ("pull(node, gradients[node])", "pull(node, dout)"),
    ),
    (
        "averaged",
        "The shares were averaged. Add them.",
        (_ADD, "gradients[parent] = (gradients[parent] + share) / 2 if parent in gradients else share"),
    ),
    (
        "end-missing",
        "The end has a gradient too, dout.",
        ("    return gradients", "    del gradients[order[0]]\n    return gradients"),
    ),
    ("stops-early", "The loop returns after its first node.", ("    return gradients", "        return gradients")),
    (
        "values-only",
        "A list came back. Return the dict, so that each node finds its own.",
        ("    return gradients", "    return list(gradients.values())"),
    ),
]:
    edit("collect_gradients", _name, _hint, *_changes)


@alternative("collect_gradients")
def collected_by_lists(order, dout, parents_of, pull):
    shares = {node: [] for node in order}
    shares[order[0]].append(dout)
    for node in order:
        for parent, share in zip(parents_of(node), pull(node, sum(shares[node]))):
            shares[parent].append(share)
    return {node: sum(parts) for node, parts in shares.items()}


@alternative("collect_gradients")
def collected_into_zeros(order, dout, parents_of, pull):
    gradients = {order[0]: dout.copy()}
    for node in order:
        for parent, share in zip(parents_of(node), pull(node, gradients[node])):
            if parent not in gradients:
                gradients[parent] = np.zeros_like(share)
            gradients[parent] += share
    return gradients
