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

__all__ = [
    "affine_graph",
    "central_difference",
    "curves",
    "functions_and_slopes",
    "gradient_shapes",
    "image_rows",
    "margins",
    "matrices",
    "matrix_product",
    "minus_log",
    "softmax_bars",
    "sum_over_axes",
]
