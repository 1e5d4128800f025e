"""Right and wrong ways to carry a network's numbers to PyTorch's and Keras's conventions and back."""

from __future__ import annotations

import numpy as np

from ..known import alternative, edit, plain


@plain("to_torch")
def to_torch(params):
    return {
        "conv.weight": params["W1"],
        "conv.bias": params["b1"],
        "fc1.weight": params["W2"].T,
        "fc1.bias": params["b2"],
        "fc2.weight": params["W3"].T,
        "fc2.bias": params["b3"],
    }


@plain("from_torch")
def from_torch(grads):
    return {
        "W1": grads["conv.weight"],
        "b1": grads["conv.bias"],
        "W2": grads["fc1.weight"].T,
        "b2": grads["fc1.bias"],
        "W3": grads["fc2.weight"].T,
        "b3": grads["fc2.bias"],
    }


# How each entry is written in the two functions
_ENTRIES = {
    "to_torch": {n: f'params["{n}"]' for n in ("W1", "b1", "W2", "b2", "W3", "b3")},
    "from_torch": {
        ours: f'grads["{theirs}"]'
        for ours, theirs in zip(
            ("W1", "b1", "W2", "b2", "W3", "b3"),
            ("conv.weight", "conv.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"),
        )
    },
}
_FORM = {
    "to_torch": "PyTorch keeps an affine layer's weights as (outputs, inputs)",
    "from_torch": "PyTorch's gradient has the shape of its weights, (outputs, inputs)",
}
for _target, _entry in _ENTRIES.items():
    _argument = _entry["W1"].split("[")[0]
    _w2, _w3 = _entry["W2"] + ".T", _entry["W3"] + ".T"
    for _name, _hint, *_changes in [
        (
            "not-transposed",
            f"Neither matrix was transposed. {_FORM[_target]}; here it is (inputs, outputs).",
            (_w2, _entry["W2"]),
            (_w3, _entry["W3"]),
        ),
        (
            "first-not-transposed",
            f"The first affine layer's matrix was not transposed. {_FORM[_target]}.",
            (_w2, _entry["W2"]),
        ),
        (
            "last-not-transposed",
            f"The last layer's matrix was not transposed. {_FORM[_target]}.",
            (_w3, _entry["W3"]),
        ),
        (
            "reshaped",
            "The matrices have the right shapes and their numbers are in the wrong places: reshape reads along the "
            "rows again. Transpose them.",
            (_w2, f"{_entry['W2']}.reshape({_entry['W2']}.shape[::-1])"),
            (_w3, f"{_entry['W3']}.reshape({_entry['W3']}.shape[::-1])"),
        ),
        (
            "filters-transposed",
            "Filters and channels of the convolution were swapped. Its weights are (F, C, HH, WW) in both.",
            (_entry["W1"], _entry["W1"] + ".transpose(1, 0, 2, 3)"),
        ),
        (
            "filters-all-axes-reversed",
            ".T of four axes turns them all round. The convolution's weights are (F, C, HH, WW) in both.",
            (_entry["W1"], _entry["W1"] + ".T"),
        ),
        (
            "filters-flipped",
            "The filters were turned by 180°. PyTorch slides them as they are, as this course does.",
            (_entry["W1"], _entry["W1"] + "[:, :, ::-1, ::-1]"),
        ),
        (
            "rows-and-columns-of-filters",
            "Rows and columns of the filters were swapped. The convolution's weights are (F, C, HH, WW) in both.",
            (_entry["W1"], _entry["W1"] + ".swapaxes(2, 3)"),
        ),
        (
            "channels-last",
            "The convolution's weights were put as Keras has them. PyTorch has (F, C, HH, WW), as here.",
            (_entry["W1"], _entry["W1"] + ".transpose(2, 3, 1, 0)"),
        ),
        (
            "single-precision",
            "The numbers were rounded to float32, and so no longer agree to the last digit. Keep their dtype.",
            *((value, f"{value}.astype(np.float32)") for value in _entry.values()),
        ),
        (
            "biases-as-rows",
            "The biases have a second axis. Their shape is (M,) in both.",
            *((_entry[name], f"{_entry[name]}[None]") for name in ("b1", "b2", "b3")),
        ),
        (
            "layers-swapped",
            "The two affine layers were swapped.",
            (_w2, "first"),
            (_w3, _w2),
            ("first", _w3),
        ),
    ]:
        edit(_target, _name, _hint, *_changes)
    _b1 = _entry["b1"]
    edit(
        _target,
        "entry-taken-out",
        f"An entry was taken out of {_argument}. Read it with [...], not with pop.",
        (_b1, f"{_argument}.pop({_b1.split('[')[1][:-1]})"),
    )

for _target, _hint, *_changes in [
    (
        "to_torch",
        "The names are still those of this course. PyTorch looks for conv.weight, conv.bias, fc1.weight and so on.",
        *(
            (f'"{layer}.{part}"', f'"{letter}{k}"')
            for k, layer in enumerate(("conv", "fc1", "fc2"), 1)
            for part, letter in (("weight", "W"), ("bias", "b"))
        ),
    ),
    (
        "from_torch",
        "The names are still PyTorch's. Here they are W1, b1, W2 and so on.",
        *(
            (f'"{letter}{k}":', f'"{layer}.{part}":')
            for k, layer in enumerate(("conv", "fc1", "fc2"), 1)
            for part, letter in (("weight", "W"), ("bias", "b"))
        ),
    ),
]:
    edit(_target, "names-kept", _hint, *_changes)
edit(
    "to_torch",
    "biases-missing",
    "The biases are missing. They are parameters too.",
    *((f'        "{layer}.bias": params["b{k}"],\n', "") for k, layer in enumerate(("conv", "fc1", "fc2"), 1)),
)
edit(
    "from_torch",
    "biases-missing",
    "The biases' gradients are missing. They are parameters too.",
    *((f'        "b{k}": grads["{layer}.bias"],\n', "") for k, layer in enumerate(("conv", "fc1", "fc2"), 1)),
)
for _target in _ENTRIES:
    edit(_target, "no-return", "Nothing came back: the `return` line is missing.", ("return {", "result = {"))


@alternative("to_torch")
def to_torch_by_loop(params):
    state = {}
    for number, layer in [("1", "conv"), ("2", "fc1"), ("3", "fc2")]:
        weight = params["W" + number]
        state[layer + ".weight"] = np.ascontiguousarray(weight.T) if weight.ndim == 2 else weight.copy()
        state[layer + ".bias"] = params["b" + number].copy()
    return state


@alternative("from_torch")
def from_torch_by_loop(grads):
    ours = {}
    for name, value in grads.items():
        layer, part = name.split(".")
        letter = {"weight": "W", "bias": "b"}[part]
        ours[letter + {"conv": "1", "fc1": "2", "fc2": "3"}[layer]] = (
            np.array(value).transpose() if layer != "conv" else value
        )
    return ours


@plain("channels_last")
def channels_last(X):
    return X.transpose(0, 2, 3, 1)


_TURN = "X.transpose(0, 2, 3, 1)"
for _name, _hint, _new in [
    (
        "reshaped",
        "The shape is right and the numbers are in the wrong places: reshape reads them in their old order. Transpose.",
        "X.reshape(X.shape[0], X.shape[2], X.shape[3], X.shape[1])",
    ),
    (
        "sideways",
        "The pictures lie on their side: rows and columns were swapped as well. Only the channels move.",
        "X.transpose(0, 3, 2, 1)",
    ),
    (
        "the-way-back",
        "This is the way from channels last to channels first: axis k of the result is axis (0, 2, 3, 1)[k] of X.",
        "X.transpose(0, 3, 1, 2)",
    ),
    ("images-last", "The images went to the end as well. They stay first.", "X.transpose(2, 3, 1, 0)"),
    (
        "channels-in-the-middle",
        "The channels came to lie between rows and columns. They go last.",
        "X.transpose(0, 2, 1, 3)",
    ),
    ("all-axes-reversed", ".T turns all axes round. Only the channels move.", "X.T"),
    ("unchanged", "X came back as it was.", "X"),
    ("first-image-alone", "Only the first image came back.", "X[:1].transpose(0, 2, 3, 1)"),
    ("colours-reversed", "The channels came in reverse. They keep their order.", "X.transpose(0, 2, 3, 1)[..., ::-1]"),
    ("upside-down", "The pictures stand on their heads.", "X.transpose(0, 2, 3, 1)[:, ::-1]"),
    ("single-precision", "The numbers were rounded to float32.", "X.transpose(0, 2, 3, 1).astype(np.float32)"),
    (
        "flattened",
        "Each image is a row. Keep its rows, columns and channels.",
        "X.transpose(0, 2, 3, 1).reshape(len(X), -1)",
    ),
]:
    edit("channels_last", _name, _hint, (_TURN, _new))


@alternative("channels_last")
def channels_moved_one_by_one(X):
    return np.stack([np.dstack(list(image)) for image in X])


@alternative("channels_last")
def channels_by_moveaxis(X):
    return np.moveaxis(X, 1, -1).copy()


@plain("to_keras")
def to_keras(params):
    F, M = len(params["W1"]), params["W2"].shape[1]
    kernel = params["W1"].transpose(2, 3, 1, 0)
    blocks = params["W2"].reshape(F, -1, M)
    dense = blocks.transpose(1, 0, 2).reshape(-1, M)
    return [kernel, params["b1"], dense, params["b2"], params["W3"], params["b3"]]


_KERNEL = 'params["W1"].transpose(2, 3, 1, 0)'
_BLOCKS = 'params["W2"].reshape(F, -1, M)'
_ROWS = "blocks.transpose(1, 0, 2).reshape(-1, M)"
_LIST = '[kernel, params["b1"], dense, params["b2"], params["W3"], params["b3"]]'
for _name, _hint, *_changes in [
    (
        "rows-not-permuted",
        "The first dense layer's rows are still in the order channel by channel. Keras flattens pixel by pixel, so "
        "its rows come in that order.",
        (_ROWS, 'params["W2"]'),
    ),
    (
        "rows-permuted-backwards",
        "The rows were permuted the other way round. They come channel by channel, so F is the first axis of the "
        "folded W2, and is to be the second.",
        (_BLOCKS, 'params["W2"].reshape(-1, F, M)'),
    ),
    (
        "rows-and-units-mixed",
        "The hidden units were mixed with the pixels: the last axis, M, stays last when the folded W2 is transposed.",
        ("blocks.transpose(1, 0, 2)", "blocks.transpose(1, 2, 0)"),
    ),
    (
        "rows-of-the-second-layer",
        "The rows of the second dense layer were turned round. Only what follows the flattening is permuted.",
        ('params["W3"], params["b3"]]', 'params["W3"][::-1], params["b3"]]'),
    ),
    ("kernel-unchanged", "The kernel is still (F, C, HH, WW). Keras has (HH, WW, C, F).", (_KERNEL, 'params["W1"]')),
    (
        "kernel-all-axes-reversed",
        ".T swaps rows and columns of the kernel as well. Keras has (HH, WW, C, F).",
        (_KERNEL, 'params["W1"].T'),
    ),
    (
        "kernel-channels-and-filters",
        "Channels and filters of the kernel were swapped. Keras has (HH, WW, C, F).",
        (_KERNEL, 'params["W1"].transpose(2, 3, 0, 1)'),
    ),
    (
        "kernel-reshaped",
        "The kernel has the right shape and its numbers are in the wrong places. Transpose; reshape reads along the "
        "rows again.",
        (_KERNEL, 'params["W1"].reshape(*params["W1"].shape[2:], -1, F)'),
    ),
    (
        "kernel-flipped",
        "The kernel was turned by 180°. Keras slides it as it is, as this course does.",
        (_KERNEL, _KERNEL + "[::-1, ::-1]"),
    ),
    (
        "dense-transposed",
        "The dense kernels are (outputs, inputs), as in PyTorch. Keras has (inputs, outputs), as here.",
        ("dense, params", "dense.T, params"),
        ('params["W3"], params["b3"]]', 'params["W3"].T, params["b3"]]'),
    ),
    (
        "biases-at-the-end",
        "The biases come after all kernels. Each follows its own kernel.",
        (_LIST, '[kernel, dense, params["W3"], params["b1"], params["b2"], params["b3"]]'),
    ),
    (
        "biases-missing",
        "The biases are missing. set_weights takes a kernel and a bias for each layer.",
        (_LIST, '[kernel, dense, params["W3"]]'),
    ),
    (
        "dict-returned",
        "A dict came back. set_weights takes a list, in the order of the layers.",
        (_LIST, '{"kernel": kernel, "dense": dense, "W3": params["W3"]}'),
    ),
    (
        "single-precision",
        "The numbers were rounded to float32. Keep their dtype.",
        ("return " + _LIST, "return [a.astype(np.float32) for a in " + _LIST + "]"),
    ),
]:
    edit("to_keras", _name, _hint, *_changes)


@alternative("to_keras")
def to_keras_by_row_numbers(params):
    F = params["W1"].shape[0]
    pixels = params["W2"].shape[0] // F
    rows = [f * pixels + place for place in range(pixels) for f in range(F)]
    kernel = np.moveaxis(np.moveaxis(params["W1"], 0, -1), 0, 2)
    return (kernel, params["b1"], params["W2"][rows], params["b2"], params["W3"].copy(), params["b3"].copy())
