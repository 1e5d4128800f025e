"""Drawings that explain one idea each: every number in them is computed from the arrays that they are given.

Every function returns a Matplotlib figure that is already closed, so that a notebook shows it once: as the value of
a cell's last line. Colours are those of Okabe and Ito (2008), which people with any colour vision can tell apart.
"""

from .matrices import (
    affine_graph,
    central_difference,
    curves,
    functions_and_slopes,
    gradient_shapes,
    image_rows,
    margins,
    matrices,
    matrix_product,
    minus_log,
    softmax_bars,
    sum_over_axes,
)
from .optimization import (
    active_units,
    curves_by_name,
    decades,
    grid_against_random,
    loss_curves,
    point_clouds,
    ravine,
    search_rounds,
    splits,
    tiny_network,
)
from .signals import (
    activation_histograms,
    batchnorm_paths,
    computation_graph,
    disagreement,
    dropped_network,
)

__all__ = [
    "activation_histograms",
    "active_units",
    "affine_graph",
    "batchnorm_paths",
    "central_difference",
    "computation_graph",
    "curves",
    "curves_by_name",
    "decades",
    "disagreement",
    "dropped_network",
    "functions_and_slopes",
    "gradient_shapes",
    "grid_against_random",
    "image_rows",
    "loss_curves",
    "margins",
    "matrices",
    "matrix_product",
    "minus_log",
    "point_clouds",
    "ravine",
    "search_rounds",
    "softmax_bars",
    "splits",
    "sum_over_axes",
    "tiny_network",
]
