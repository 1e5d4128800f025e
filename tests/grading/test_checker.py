"""What check cells may do with students' functions, classes and objects, as they would in one kernel."""
# ruff: noqa: E501  (each check is one line of the table)

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from cs_layers.grading.bundle import from_notebook

IMPORTS = """
import random
import numpy as np
def helper(x):
    return x + 2
class ShapeError(ValueError):
    pass
values, log, kept = np.arange(3), ["begun"], [1]
"""
SOLUTION = """
class Model:
    def __init__(self, width=3):
        self.params = {"W1": np.arange(width * 2.0).reshape(2, width), "b1": np.zeros(width)}
        self.history = [1.0, 2.0]
        self._secret = 7
    def loss(self, X, y=None):
        scores = X @ self.params["W1"] + self.params["b1"]
        if y is None:
            return scores
        return float(np.sum(scores)), {"W1": X.sum(0)[:, None] * np.ones((1, scores.shape[1])), "b1":
        np.full(scores.shape[1], float(len(X)))}
    def step(self):
        self.params["b1"] += 1
        self.history.append(3.0)
    def __len__(self):
        return 5
    def __iter__(self):
        return iter([10, 20, 30])
    def __contains__(self, value):
        return value == 10
def forward(x, w, scale=1.0, *, shift=0.0):
    '''Multiply.'''
    return x @ w * scale + shift, Cache(x, w)
class Cache:
    def __init__(self, x, w):
        self.x, self.w = x, w
def backward(dout, cache):
    return dout @ cache.w.T, cache.x.T @ dout
def in_place(x):
    x *= 2
def into_config(config):
    config["t"] = config.get("t", 0) + 1
    return config
def same(x):
    return x
def numerical(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        keep = x[i]
        x[i] = keep + h
        up = f(x)
        x[i] = keep - h
        grad[i] = (up - f(x)) / (2 * h)
        x[i] = keep
    return grad
def total(items):
    return sum(items)
def mask(shape, rng):
    return rng.random(shape) < 0.5
def kinds():
    return {"none": None, "flag": True, "int": 3, "float": 2.5, "np": np.float32(1.5), "text": "a", "tuple": (1, [2,
    (3,)]), "set": {1, 2},
            "complex": 1 + 2j, "bytes": b"ab", "bools": np.array([True, False]), "empty": np.zeros((0, 3)), "zero":
            np.array(5.0), "names": np.array(["a", "bc"]), "slice": slice(1, 2), "range": range(3)}
def picky(n):
    if n < 0:
        raise ValueError(f"n is {n}")
    raise np.linalg.LinAlgError("singular")
def make_adder(k):
    return lambda v: v + k
def count_up():
    yield from range(3)
answer = 42
table = {"a": [1, 2]}
"""
SOLUTION += """
values[0] = 5
log.append("done")
def draw(n):
    return np.random.rand(n)
def pick(items):
    return random.choice(items)
def invert(a):
    return np.linalg.inv(a)
def refuse(n):
    raise ShapeError(f"{n} is odd")
def look_up(key):
    return {}[key]
def speak(text):
    print("said", text)
"""
CHECKS = {
    "a_seed_of_the_test_holds_for_the_student": "for _ in range(2):\n    np.random.seed(3)\n    a = draw(4)\n"
    "    np.random.seed(3)\n    assert (a == np.random.rand(4)).all()\n"
    "random.seed(1)\nb = pick(range(10**6))\nrandom.seed(1)\nassert b == random.choice(range(10**6))",
    "draws_go_on": "np.random.seed(3)\nassert (draw(4) != draw(4)).any()",
    "exceptions_of_numpy": "try:\n    invert(np.zeros((2, 2)))\nexcept np.linalg.LinAlgError:\n    pass\nelse:\n    raise AssertionError",
    "exceptions_of_the_instructor": "try:\n    refuse(3)\nexcept ShapeError as error:\n    assert str(error) == '3 is odd'\nelse:\n    raise AssertionError",
    "arguments_of_an_exception": "try:\n    look_up('k')\nexcept KeyError as error:\n    assert error.args == ('k',)\nelse:\n    raise AssertionError",
    "prints_can_be_caught": "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n    speak('hello')\n"
    "assert out.getvalue() == 'said hello\\n'",
    "values_that_the_answer_changes": "assert values.tolist() == [5, 1, 2] and log == ['begun', 'done'] and kept == [1]",
    "names_in_globals": "assert 'forward' in globals() and 'nothing' not in globals() and globals().get('answer') == 42",
    "keyword_arguments": "out, _ = forward(np.eye(2), np.ones((2, 3)), scale=2.0, shift=1.0)\nassert out.shape == (2, 3) and (out == 3).all()",
    "a_cache_that_is_an_object": "x, w = np.ones((2, 3)), np.full((3, 4), 2.0)\nout, cache = forward(x, w)\ndx, dw = backward(np.ones((2, 4)), cache)\n"
    "assert dx.shape == x.shape and (dw == 2).all() and (cache.x == x).all()",
    "changes_in_place_are_seen": "x = np.arange(3.0)\nin_place(x)\nassert x.tolist() == [0, 2, 4]",
    "changes_of_a_dict_are_seen": "c = {'lr': 1}\nd = into_config(c)\nassert c == {'lr': 1, 't': 1} and d is c",
    "the_same_object_comes_back": "x = np.arange(3.0)\nassert same(x) is x\ny = [1]\nassert same(y) is y",
    "read_only_arrays_stay_so": "x = np.arange(3.0)\nx.flags.writeable = False\ntry:\n    in_place(x)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError",
    "callbacks_of_the_instructor": "g = numerical(lambda v: float((v ** 3).sum()), np.array([1.0, 2.0]))\nassert np.allclose(g, [3, 12])",
    "callbacks_that_call_back": "g = numerical(lambda v: forward(v, np.ones((2, 1)))[0].sum(), np.ones((1, 2)))\nassert np.allclose(g, 1)",
    "generators_as_arguments": "assert total(i * i for i in range(4)) == 14\nassert total(iter([1, 2])) == 3",
    "random_generators_as_arguments": "rng = np.random.default_rng(0)\na, b = mask((50,), rng), mask((50,), rng)\n"
    "assert a.dtype == bool and (a != b).any()",
    "every_kind_of_plain_data": "k = kinds()\nassert k['none'] is None and k['flag'] is True and type(k['int']) is int and type(k['float']) is float\n"
    "assert type(k['np']) is np.float32 and k['tuple'] == (1, [2, (3,)]) and k['set'] == {1, 2} and k['complex'] == 1 + 2j and k['bytes'] == b'ab'\n"
    "assert k['bools'].dtype == bool and k['empty'].shape == (0, 3) and k['zero'].shape == () and k['names'].tolist() == ['a', 'bc']\n"
    "assert k['slice'] == slice(1, 2) and list(k['range']) == [0, 1, 2]",
    "errors_keep_their_type": "for n, kind in ((-1, ValueError), (1, ValueError)):\n    try:\n        picky(n)\n    except kind as error:\n"
    "        assert ('n is' in str(error)) == (n < 0)\n    else:\n        raise AssertionError",
    "objects_and_methods": "m = Model(width=4)\nassert m.params['W1'].shape == (2, 4) and m.loss(np.ones((3, 2))).shape == (3, 4)\n"
    "loss, grads = m.loss(np.ones((3, 2)), y=np.zeros(3, int))\nassert type(loss) is float and sorted(grads) == ['W1', 'b1']",
    "parameters_can_be_set": "m = Model()\nm.params['W1'] = np.ones((2, 3))\nm.params['b1'] += 5\nm.params['b1'][0] = 1\nb = m.params['b1']\nb[1] = 6\n"
    "assert m.loss(np.ones((1, 2))).tolist() == [[3.0, 8.0, 7.0]] and sorted(m.params) == ['W1', 'b1'] and len(m.params) == 2\n"
    "assert isinstance(m.params, dict) and {k: v.shape for k, v in m.params.items()} == {'W1': (2, 3), 'b1': (3,)}",
    "numerical_gradient_of_a_parameter": "from cs_layers.gradient_check import eval_numerical_gradient\nm = Model()\nX = np.array([[1.0, 2.0]])\n"
    "_, grads = m.loss(X, 1)\nfor p in sorted(grads):\n    num = eval_numerical_gradient(lambda W: m.loss(X, 1)[0], m.params[p])\n    assert np.allclose(num, grads[p])",
    "state_of_an_object_changes": "m = Model()\nm.step()\nassert m.params['b1'].tolist() == [1, 1, 1] and m.history == [1.0, 2.0, 3.0] and m._secret == 7\n"
    "m.tag = 'x'\nassert m.tag == 'x' and hasattr(m, 'loss') and not hasattr(m, 'nothing')",
    "protocols_of_an_object": "m = Model()\nassert len(m) == 5 and list(m) == [10, 20, 30] and 10 in m and 11 not in m and isinstance(m, Model) and not isinstance(3, Model)",
    "functions_that_are_made": "add = make_adder(3)\nassert add(4) == 7 and list(count_up()) == [0, 1, 2]",
    "names_documentation_and_signatures": "import inspect\nassert forward.__name__ == 'forward' and forward.__doc__ == 'Multiply.'\n"
    "assert list(inspect.signature(forward).parameters) == ['x', 'w', 'scale', 'shift'] and callable(forward)",
    "copies_of_an_object": "import copy\nm = Model()\nn = copy.deepcopy(m)\nn.params['b1'] = np.ones(3)\nassert m.params['b1'].sum() == 0 and n.params['b1'].sum() == 3",
    "global_values": "assert answer == 42 and table == {'a': [1, 2]}",
    "instructors_names_win": "assert helper(2) == 4 and np.add(1, 1) == 2",
    "functions_of_numpy_as_arguments": "assert same(np.float32) is np.float32 and same(np.tanh) is np.tanh and same(np.dtype('f4')) == np.float32",
    "the_instructors_solver": "from cs_layers.optim import sgd\nm = Model()\nfor p, w in m.params.items():\n    m.params[p], _ = sgd(w, np.ones_like(w), {'learning_rate': 1.0})\n"
    "assert m.params['b1'].tolist() == [-1, -1, -1]",
}  # fmt: skip


def code(grade_id, source, **marks):
    marks = {"grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3, **marks}
    return new_code_cell(
        source, id=grade_id, metadata={"nbgrader": marks | {"grade_id": grade_id, "cell_type": "code"}}
    )


@pytest.fixture(scope="module")
def scores(affine):
    """Every check of CHECKS, once as a visible test and once as a hidden one, on one right solution."""
    cells = [
        code("imports", IMPORTS),
        code("answer", SOLUTION, solution=True, locked=False),
    ]
    for name, text in CHECKS.items():
        cells.append(code(name, text, grade=True, points=1))
        cells.append(
            code(name + "_hidden", f"### BEGIN HIDDEN TESTS\n{text}\n### END HIDDEN TESTS", grade=True, points=1)
        )
    nb = new_notebook(cells=cells)
    submitted = json.loads(nbformat.writes(nb))
    submitted["cells"].insert(2, json.loads(json.dumps(new_code_cell("def helper(x):\n    return -1\nkept = []"))))
    return affine.grader.grade(json.dumps(submitted).encode(), from_notebook(nb, "a", "objects"))


@pytest.mark.parametrize("name", [*CHECKS, *(name + "_hidden" for name in CHECKS)])
def test_a_right_solution_passes(scores, name):
    assert scores.scores[name] == (1, 1), scores.log["verdicts"][name]
