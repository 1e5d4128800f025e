"""The course's own layers: correct, vectorised, and as fast as NumPy lets them be.

Every layer is a pair of pure functions, a forward pass that returns its output and a cache, and a backward pass that
takes the upstream gradient and that cache. None writes into its arguments; all keep the dtype: float32 in, float32 out.
"""

from cs_layers.layers.activations import (
    elu_backward,
    elu_forward,
    leaky_relu_backward,
    leaky_relu_forward,
    maxout_backward,
    maxout_forward,
    relu_backward,
    relu_forward,
    sigmoid_backward,
    sigmoid_forward,
    tanh_backward,
    tanh_forward,
)
from cs_layers.layers.affine import affine_backward, affine_forward
from cs_layers.layers.composed import (
    affine_relu_backward,
    affine_relu_forward,
    conv_relu_backward,
    conv_relu_forward,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
)
from cs_layers.layers.convolution import conv_backward, conv_backward_fast, conv_forward, conv_forward_fast
from cs_layers.layers.dropout import dropout_backward, dropout_forward
from cs_layers.layers.losses import cross_entropy_error, mean_squared_error, softmax, softmax_loss, svm_loss
from cs_layers.layers.normalization import (
    batchnorm_backward,
    batchnorm_forward,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
)
from cs_layers.layers.pooling import (
    max_pool_backward,
    max_pool_backward_fast,
    max_pool_forward,
    max_pool_forward_fast,
    mean_pool_backward,
    mean_pool_forward,
)

__all__ = [
    "affine_backward",
    "affine_forward",
    "affine_relu_backward",
    "affine_relu_forward",
    "batchnorm_backward",
    "batchnorm_forward",
    "conv_backward",
    "conv_backward_fast",
    "conv_forward",
    "conv_forward_fast",
    "conv_relu_backward",
    "conv_relu_forward",
    "conv_relu_pool_backward",
    "conv_relu_pool_forward",
    "cross_entropy_error",
    "dropout_backward",
    "dropout_forward",
    "elu_backward",
    "elu_forward",
    "leaky_relu_backward",
    "leaky_relu_forward",
    "max_pool_backward",
    "max_pool_backward_fast",
    "max_pool_forward",
    "max_pool_forward_fast",
    "maxout_backward",
    "maxout_forward",
    "mean_pool_backward",
    "mean_pool_forward",
    "mean_squared_error",
    "relu_backward",
    "relu_forward",
    "sigmoid_backward",
    "sigmoid_forward",
    "softmax",
    "softmax_loss",
    "spatial_batchnorm_backward",
    "spatial_batchnorm_forward",
    "svm_loss",
    "tanh_backward",
    "tanh_forward",
]
