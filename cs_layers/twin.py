"""A three-layer convolutional network as PyTorch and as Keras would compute it, in NumPy alone.

conv - ReLU - 2×2 max pool - flatten - affine - ReLU - affine, in each framework's own layout, written from their
documentation and without `cs_layers.layers`. So a network whose numbers were carried over rightly gets the same scores
here as at home, with or without the frameworks.
"""

import numpy as np

__all__ = ["find_torch", "keras_scores", "torch_scores"]


def torch_scores(state, X):
    """Scores from parameters and images as PyTorch keeps them.

    Parameters
    ----------
    state : dict of str to array
        ``conv.weight`` (F, C, K, K), K odd; ``fc1.weight`` (M, F * H/2 * W/2) and ``fc2.weight`` (classes, M), which
        ``torch.nn.Linear`` applies as ``x @ weight.T + bias``; and their biases.
    X : array (N, C, H, W)

    Returns
    -------
    array (N, classes)
    """
    maps = _convolved(X, state["conv.weight"]) + state["conv.bias"][:, None, None]
    flat = _pooled(np.maximum(maps, 0)).reshape(len(X), -1)
    hidden = np.maximum(flat @ state["fc1.weight"].T + state["fc1.bias"], 0)
    return hidden @ state["fc2.weight"].T + state["fc2.bias"]


def keras_scores(weights, images):
    """Scores from weights and images as Keras keeps them.

    Parameters
    ----------
    weights : list of six arrays
        What ``model.get_weights()`` returns: kernel (K, K, C, F), K odd, and bias of ``Conv2D(padding="same")``; kernel
        (inputs, outputs) and bias of each of two ``Dense``.
    images : array (N, H, W, C)

    Returns
    -------
    array (N, classes)
    """
    kernel, bias, kernel1, bias1, kernel2, bias2 = weights
    maps = _convolved(images.transpose(0, 3, 1, 2), kernel.transpose(3, 2, 0, 1)).transpose(0, 2, 3, 1) + bias
    pooled = _pooled(np.maximum(maps, 0).transpose(0, 3, 1, 2)).transpose(0, 2, 3, 1)
    hidden = np.maximum(pooled.reshape(len(images), -1) @ kernel1 + bias1, 0)
    return hidden @ kernel2 + bias2


def find_torch():
    """PyTorch, if it can be imported, and a sentence that says so.

    Returns
    -------
    torch : module or None
    sentence : str
    """
    try:
        import torch
    except ImportError:
        return None, (
            "PyTorch is not installed, so what needs it is skipped; no point depends on it. To see the comparison: "
            'pip install "cs-layers[torch]", then restart the kernel.'
        )
    except (OSError, MemoryError, RuntimeError) as error:  # a sandbox's limits, a library that does not fit the machine
        return None, f"PyTorch is installed and cannot be loaded here ({error}); what needs it is skipped."
    return torch, f"PyTorch {torch.__version__}."


def _convolved(X, w):
    """Slide filters (F, C, K, K) over images (N, C, H, W) padded so that height and width stay: (N, F, H, W)."""
    pad = (w.shape[2] - 1) // 2
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    return np.einsum("nchwij,fcij->nfhw", windows, w, optimize=True)


def _pooled(maps):
    """The largest of each 2×2 block: (N, F, H, W) -> (N, F, H/2, W/2)."""
    N, F, H, W = maps.shape
    return maps.reshape(N, F, H // 2, 2, W // 2, 2).max(axis=(3, 5))
