"""Checks that judge a function and explain what is wrong with it.

A check takes the function, tries it on many inputs and compares with what is right. It prints one line and returns
None, or raises `CheckFailed` (an `AssertionError`) whose message names what was called, what came back, where it
first differs and, if known, the mistake behind it.

    from cs_layers import checks
    checks.affine_forward(affine_forward)
    checks.affine_backward(affine_backward, affine_forward)     # a backward is fed from the forward's own cache

Every check takes `seed=None` (None: the environment's CS_LAYERS_CHECK_SEED, else 0). `checks.mistakes(name)` lists the
known mistakes of a function, `checks.alternatives(name)` right ways to write it, `checks.names()` all checks.

Helpers for a cell of one's own
    same(got, expected, what, hint=None, rtol=1e-7)      kind, shape and values of one result
    like(f, reference, inputs, name=None, hint=None)     `f(*args)` equals `reference(*args)` for each args in inputs
    raises(ValueError, f, *args, what=None)              `f(*args)` raises that, and not another exception
    cache_of(f, *args, right, otherwise)         the cache of a forward if its output equals `right`, else `otherwise`
    partial(check, *functions, points=5)                 the points earned, for a cell whose last line is a score
    hidden_messages()                                    a `with` block whose messages leave the inputs out

Warm-up
    add(f)                      add(a, b) -> sum of two numbers or arrays
    rel_error(f)                rel_error(x, y) -> float: max |x - y| / max(1e-8, |x| + |y|)
    numerical_gradient(f)       numerical_gradient(f, x, h=1e-5) -> array like x; f: array -> number; x stays as it was
    center_rows(f)              center_rows(x) -> x (N, D) less the mean of each row
    flatten_images(f)           flatten_images(images) -> (N, C * H * W)
    sum_per_channel(f)          sum_per_channel(x) -> (C,), the sum over images, rows and columns

Layers
    affine_forward(f)           affine_forward(x, w, b) -> (out, cache); x (N, d1, ..., dk), w (D, M), b (M,)
    affine_backward(g, f)       affine_backward(dout, cache) -> (dx, dw, db)
    relu_forward(f)             relu_forward(x) -> (out, cache)
    relu_backward(g, f, at_zero="any")    relu_backward(dout, cache) -> dx; at_zero=0 demands gradient 0 at 0

Losses; a loss is a number, the mean over the batch
    softmax(f)                  softmax(scores) -> probabilities; scores (N, C) or (C,), any finite size
    cross_entropy_error(f)      cross_entropy_error(probs, t) -> number; probs (N, C), t (N,) indices or (N, C) one-hot
    softmax_loss(f)             softmax_loss(x, y) -> (loss, dx); finite for any finite x
    svm_loss(f)                 svm_loss(x, y) -> (loss, dx); hinge with margin 1

Convolution and pooling; must_fit=True demands a ValueError where the stride does not fit
    conv_output_size(f)         conv_output_size(size, window, pad, stride) -> int; ValueError where the stride does not
                                fit or the window is larger than the padded input (must_fit=False leaves the errors out)
    pad_images(f)               pad_images(x, pad) -> (N, C, H + 2 pad, W + 2 pad), zeros around; pad 0 too
    conv_single_window(f)       conv_single_window(window, w, b) -> number; window and w (C, HH, WW), b a number
    conv_forward_naive(f, must_fit=False)     conv_forward_naive(x, w, b, conv_param) -> (out, cache)
    conv_backward_naive(g, f)                 conv_backward_naive(dout, cache) -> (dx, dw, db)
    max_pool_forward_naive(f, must_fit=False)   max_pool_forward_naive(x, pool_param) -> (out, cache)
    max_pool_backward_naive(g, f)               max_pool_backward_naive(dout, cache) -> dx; of tied maxima one is paid
    mean_pool_forward(f, must_fit=False), mean_pool_backward(g, f)      likewise
    the same under the names conv_forward, conv_forward_fast, max_pool_forward, mean_pool_forward_naive, ...
    im2col(f)                   im2col(x, HH, WW, stride=1, pad=0) -> (N * H' * W', C * HH * WW)
    col2im(g)                   col2im(col, x_shape, HH, WW, stride=1, pad=0) -> array of x_shape, overlaps added

Update rules: rule(w, dw, config=None) -> (next_w, config); pure=True demands that w is not changed in place
    sgd(f), sgd_momentum(f), rmsprop(f), adam(f), adagrad(f), nesterov(f)

Normalization and dropout; p is the probability to KEEP
    batchnorm_forward(f), batchnorm_backward(g, f), batchnorm_backward_alt(g, f),
    layernorm_forward(f), layernorm_backward(g, f),
    spatial_batchnorm_forward(f), spatial_batchnorm_backward(g, f),
    dropout_forward(f, p_is="either"), dropout_backward(g, f); p_is="keep" demands that p is the probability to keep

A first network in functions; params is a dict of W1, b1, W2, b2
    two_layer_init(f)           two_layer_init(input_dim, hidden_dim, num_classes, weight_scale, seed) -> params
    two_layer_scores(f)         two_layer_scores(params, X) -> (N, C)
    two_layer_loss(f)           two_layer_loss(params, X, y, reg) -> (loss, grads)
    expected_first_loss(f)      expected_first_loss(num_classes, params, reg) -> number
    train(f)                    train(loss, params, X, y, learning_rate, batch_size, num_epochs, seed)
                                -> (params, losses); loss(params, X, y) -> (loss, grads)
    keep_best(f)                keep_best(epoch, scores, params, X_val, y_val, num_epochs) -> (best, history);
                                epoch(params) -> params, scores(params, X) -> (N, C)
    training_settings(f)        training_settings() -> dict that trains a TwoLayerNet on the digits past a gate

Tuning
    train_val_split(f)          train_val_split(X, y, val_fraction, seed) -> X_train, y_train, X_val, y_val
    standardize(f)              standardize(X_train, X_val, X_test) -> the three, by the training set's mean and std
    log_uniform(f)              log_uniform(low, high, count, seed) -> (count,)
    shrink_range(f)             shrink_range(low, high, best) -> (low, high)
    random_search(f)            random_search(evaluate, ranges, num_trials, num_rounds, draw, shrink)
                                -> list of (setting, score); a higher score is better; draw(low, high) -> number,
                                shrink(low, high, best) -> (low, high)

Initial weights, a bug clinic and the parts of an autograd engine
    xavier(f), he(f)            xavier(shape, seed) -> array of that shape; (D, M), or (F, C, HH, WW) for filters
    expose_1(f) ... expose_8(f) expose_1() -> an input on which a broken layer of the module `clinic` is wrong;
                                show_broken, survey_broken, picture_broken, list_broken and mended belong to it
    unbroadcast(f)              unbroadcast(gradient, shape) -> array of that shape
    matmul_rule(f), relu_rule(f)    matmul_rule(a, b) -> (out, pull); pull(dout) -> (da, db)
    backward_order(f)           backward_order(end, parents_of) -> list of nodes; parents_of(node) -> tuple of nodes
    collect_gradients(f)        collect_gradients(order, dout, parents_of, pull) -> dict of node to gradient

A convolutional network, from its layers to its file; params is a dict of W1, b1, W2, b2, W3, b3
    Convolution(cls)            Convolution(w, b, stride=1, pad=0) with forward(x) -> out, backward(dout) -> dx; dw, db
    conv_net_init(f)            conv_net_init(input_dim, num_filters, filter_size, hidden_dim, num_classes,
                                weight_scale, seed) -> params; input_dim (C, H, W)
    conv_net_loss(f)            conv_net_loss(params, X, y=None, reg=0.0) -> scores, or with y (loss, grads)
    conv_training_settings(f)   conv_training_settings() -> dict that trains a ThreeLayerConvNet past a gate
    rescue_steps(f)             rescue_steps() -> list of settings, from cnn_runs.FAILED to a run that learns
    filter_images(f)            filter_images(w) -> (F, HH, WW, C) from 0 to 1; w (F, C, HH, WW)
    mistakes_of(f)              mistakes_of(scores, y, count) -> (matrix, worst)
    save_params(f, g), load_params(g, f)    save_params(params, path), load_params(path) -> params

Real data sets, from their files to one epoch of training; images are arrays of bytes
    read_idx(f)                 read_idx(raw) -> array of the shape in the header; ValueError for what is no IDX file
    prepare_digits(f)           prepare_digits(images, labels, flatten, normalize, one_hot) -> (x, t)
    cifar_images(f)             cifar_images(batch) -> images (N, 3, 32, 32), labels (N,); batch: dict of data, labels
    join_batches(f)             join_batches(batches, read) -> X_train, y_train, X_test, y_test
    annotated_labels(f)         annotated_labels(annotations, names, wnids) -> labels (N,); annotations: a file's text
    center_and_scale(f)         center_and_scale(X_train, X_val, X_test) -> the three, mean_image, std (C,)
    train_epoch(f)              train_epoch(gradient, params, x, t, rule, config, batch_size, seed) -> params;
                                gradient(params, x, t) -> dict; rule(w, dw, config) -> (next_w, config)

The same network elsewhere; params and grads are dicts of W1, b1, W2, b2, W3, b3
    to_torch(f)                 to_torch(params) -> dict of conv.weight, conv.bias, fc1.weight, ... in PyTorch's layout
    from_torch(f)               from_torch(grads) -> the same way back
    channels_last(f)            channels_last(X) -> (N, H, W, C); X (N, C, H, W)
    to_keras(f)                 to_keras(params) -> list of six arrays in Keras's layout and order

Networks, given as classes
    TwoLayerNet(cls), ThreeLayerConvNet(cls)
"""

from __future__ import annotations

from . import (
    activations,
    affine,
    autograd,
    clinic,
    conv_net,
    conv_training,
    convolution,
    dropout,
    epoch,
    files,
    filters,
    framework,
    implementations,
    initializers,
    keeping,
    layer_objects,
    looking,
    losses,
    models,
    normalization,
    optimizers,
    pooling,
    real_files,
    searching,
    shapes,
    training,
    tuning,
    two_layer,
    waiting,
    warmup,
)
from .feeding import cache_of
from .helpers import like, partial, raises, same
from .known import alternatives, mistakes
from .registry import check, names, report
from .report import CheckFailed, Finding, hidden_messages

waiting.install()

__all__ = [
    "CheckFailed",
    "Finding",
    "alternatives",
    "cache_of",
    "hidden_messages",
    "implementations",
    "like",
    "mistakes",
    "names",
    "partial",
    "raises",
    "report",
    "same",
]

add = check(warmup.ADD)
rel_error = check(warmup.REL_ERROR)
numerical_gradient = check(warmup.GRADIENT)
center_rows = check(shapes.CENTER)
flatten_images = check(shapes.FLATTEN)
sum_per_channel = check(shapes.SUM)

affine_forward = check(affine.FORWARD)
affine_backward = check(affine.BACKWARD)
relu_forward = check(activations.FORWARD)
relu_backward = check(activations.BACKWARD)

softmax = check(losses.SOFTMAX)
cross_entropy_error = check(losses.CROSS_ENTROPY)
softmax_loss = check(losses.SOFTMAX_LOSS)
svm_loss = check(losses.SVM_LOSS)

conv_output_size = check(convolution.OUTPUT_SIZE)
pad_images = check(convolution.PAD)
conv_single_window = check(convolution.WINDOW)
conv_forward_naive = check(convolution.FORWARD)
conv_backward_naive = check(convolution.BACKWARD)
conv_forward = check(convolution.FORWARD, "conv_forward")
conv_backward = check(convolution.BACKWARD, "conv_backward")
conv_forward_fast = check(convolution.FORWARD, "conv_forward_fast")
conv_backward_fast = check(convolution.BACKWARD, "conv_backward_fast")
im2col = check(convolution.IM2COL)
col2im = check(convolution.COL2IM)

max_pool_forward_naive = check(pooling.MAX_FORWARD)
max_pool_backward_naive = check(pooling.MAX_BACKWARD)
max_pool_forward = check(pooling.MAX_FORWARD, "max_pool_forward")
max_pool_backward = check(pooling.MAX_BACKWARD, "max_pool_backward")
max_pool_forward_fast = check(pooling.MAX_FORWARD, "max_pool_forward_fast")
max_pool_backward_fast = check(pooling.MAX_BACKWARD, "max_pool_backward_fast")
mean_pool_forward_naive = check(pooling.MEAN_FORWARD)
mean_pool_backward_naive = check(pooling.MEAN_BACKWARD)
mean_pool_forward = check(pooling.MEAN_FORWARD, "mean_pool_forward")
mean_pool_backward = check(pooling.MEAN_BACKWARD, "mean_pool_backward")

sgd = check(optimizers.SGD)
sgd_momentum = check(optimizers.MOMENTUM)
rmsprop = check(optimizers.RMSPROP)
adam = check(optimizers.ADAM)
adagrad = check(optimizers.ADAGRAD)
nesterov = check(optimizers.NESTEROV)

batchnorm_forward = check(normalization.BATCH_FORWARD)
batchnorm_backward = check(normalization.BATCH_BACKWARD)
batchnorm_backward_alt = check(normalization.BATCH_BACKWARD, "batchnorm_backward_alt")
spatial_batchnorm_forward = check(normalization.SPATIAL_FORWARD)
spatial_batchnorm_backward = check(normalization.SPATIAL_BACKWARD)
layernorm_forward = check(normalization.LAYER_FORWARD)
layernorm_backward = check(normalization.LAYER_BACKWARD)
dropout_forward = check(dropout.FORWARD)
dropout_backward = check(dropout.BACKWARD)

TwoLayerNet = check(models.TWO_LAYER)
ThreeLayerConvNet = check(models.CONV_NET)

two_layer_init = check(two_layer.INIT)
two_layer_scores = check(two_layer.SCORES)
two_layer_loss = check(two_layer.LOSS)
expected_first_loss = check(two_layer.FIRST_LOSS)
train = check(training.TRAIN)
keep_best = check(keeping.KEEP)
training_settings = check(training.SETTINGS)

train_val_split = check(tuning.SPLIT)
standardize = check(tuning.STANDARDIZE)
log_uniform = check(searching.LOG_UNIFORM)
shrink_range = check(searching.SHRINK)
random_search = check(searching.SEARCH)

xavier = check(initializers.XAVIER)
he = check(initializers.HE)

expose_1, expose_2, expose_3, expose_4, expose_5, expose_6, expose_7, expose_8 = clinic.CHECKS
show_broken, survey_broken, picture_broken = clinic.show, clinic.survey, clinic.picture
list_broken, mended = clinic.list_differences, clinic.mended

unbroadcast = check(autograd.UNBROADCAST)
matmul_rule = check(autograd.MATMUL)
relu_rule = check(autograd.RELU)
backward_order = check(autograd.ORDER)
collect_gradients = check(autograd.COLLECT)

Convolution = check(layer_objects.CONVOLUTION)
conv_net_init = check(conv_net.INIT)
conv_net_loss = check(conv_net.LOSS)
conv_training_settings = check(conv_training.SETTINGS)
rescue_steps = check(conv_training.RESCUE)
filter_images = check(filters.FILTERS)
mistakes_of = check(looking.MISTAKES)
save_params = check(files.SAVE)
load_params = check(files.LOAD)

read_idx = check(real_files.READ_IDX)
prepare_digits = check(real_files.PREPARE)
cifar_images = check(real_files.CIFAR_IMAGES)
join_batches = check(real_files.JOIN)
annotated_labels = check(real_files.LABELS)
center_and_scale = check(epoch.CENTRE)
train_epoch = check(epoch.EPOCH)

to_torch = check(framework.TO_TORCH)
from_torch = check(framework.FROM_TORCH)
channels_last = check(framework.CHANNELS_LAST)
to_keras = check(framework.TO_KERAS)
