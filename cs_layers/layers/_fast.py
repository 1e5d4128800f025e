"""What makes convolution and pooling fast. The formulas are in the layers' own files; here is how they are computed.

Five ideas, each of which a stopwatch asked for:

*The batch lies last.* Arrays are (N, C, H, W) to whoever calls, but lie in memory as (C, H, W, N). A pixel is then a
run of N numbers, one for each image, and "the pixel to the right, in every image" is the next run. Shifting, comparing
and adding whole runs is what NumPy and the processor do best. The transposed view costs nothing, so a network pays for
this once, when its first layer copies the batch.

*One axis is unrolled, not two.* im2col copies each pixel HH·WW times. Here each row of the image is laid out WW times,
shifted, and the rows lie one below the other; the windows of one row of output are then HH neighbouring rows of that
matrix: a slice of it, not a copy. The multiplication is the same, with HH times less to copy before it.

*Bands.* The unrolled matrix is never made for the whole batch, but for a few rows of output at a time, in a scratch
buffer that stays in the cache and is used again and again. Its size is bounded whatever the size of the input.

*What is pooled is never kept.* Of a convolution that pooling follows, a few rows are made, their maxima taken while
they are in the cache, and the next rows written over them. The backward pass knows where each maximum was, and spreads
its gradient out again a few rows at a time, just before they are multiplied.

*Threads take bands, BLAS takes one thread.* So everything between two multiplications is shared too. Where BLAS cannot
be told to keep to one thread, bands go one after another and BLAS uses its own threads. How the work is cut never
depends on the number of threads, so neither does any result.
"""

import threading

import numpy as np

from cs_layers.layers._threads import share

_SCRATCH_BYTES = 4 << 20  # the most that one thread unrolls at a time
_CHANNELS_BYTES = 1 << 19  # so much of an image's channels at a time, where each pixel is worked on by itself
_SMALL_PRODUCT = 1 << 18  # so few multiplications are not worth cutting, and BLAS does not wake its threads for them
_BANDS = 8  # at least so many bands, if the output has the rows: work for as many threads


def matmul(a, b):
    """a @ b, cut along the longest of its three axes into pieces for our threads rather than those of BLAS."""
    (M, K), N = a.shape, b.shape[1]
    size, longest = M * K * N, max(M, K, N)
    piece = max(64, -(-longest // _BANDS))
    pieces = [slice(start, start + piece) for start in range(0, longest, piece)]
    if size < _SMALL_PRODUCT or len(pieces) == 1:
        return a @ b
    if longest == K:
        return sum(share(lambda part: a[:, part] @ b[part], pieces, size))
    out = np.empty((M, N), dtype=a.dtype)
    if longest == M:
        share(lambda part: np.matmul(a[part], b, out=out[part]), pieces, size)
    else:
        share(lambda part: np.matmul(a, b[:, part], out=out[:, part]), pieces, size)
    return out


def batch_last(x):
    """The images of x (N, C, H, W) as a contiguous array (C, H, W, N): a view if they already lie so, else a copy."""
    N, C, H, W = x.shape
    view = x.transpose(1, 2, 3, 0)
    if view.flags.c_contiguous:
        return view
    if not x.flags.c_contiguous:
        return np.ascontiguousarray(view)
    # A plain transposed copy reads one number from each of N far-apart places, and where their distance is a power of
    # two they push each other out of the cache. Going through a narrow buffer reads whole cache lines.
    rows, out = x.reshape(N, C * H * W), np.empty((C * H * W, N), dtype=x.dtype)
    for start in range(0, C * H * W, 64):
        piece = _matrix("transposing", N, min(64, C * H * W - start), x.dtype)
        piece[...] = rows[:, start : start + 64]
        out[start : start + 64] = piece.T
    return out.reshape(C, H, W, N)


def batch_first(x):
    """The array (C, H, W, N) as images (N, C, H, W): a view."""
    return x.transpose(3, 0, 1, 2)


def correlate(source, w, b, out, stride=1, top=0, left=0, relu=False):
    """out[f, i, j] = b[f] + the sum of w[f] · source over the window at (i·stride − top, j·stride − left).

    source : (C, H, W, N), an array or `Pooled`; outside it lies zero. w : (F, C, HH, WW). b : (F,) or 0.
    out : (F, H', W', N), written.

    With `relu`, what is below 0 becomes 0 while it is still in the cache.
    """
    F, C, HH, WW = w.shape
    _, rows_out, columns_out, N = out.shape
    rows_of_w, column_of_b = _as_rows(w), _as_column(b, w)

    def work(band):
        rows, images = band
        lines = _unroll(source, (HH, WW), stride, top, left, rows, images, columns_out)
        product = _matrix("product", F, lines.shape[1], w.dtype)
        for i, window in _windows(lines, rows, stride * C * WW, HH * C * WW):
            np.matmul(rows_of_w, window, out=product)
            pixels, target = product.reshape(F, columns_out, -1), out[:, i, :, images]
            np.add(pixels, column_of_b, out=target)
            if relu:
                np.maximum(target, 0, out=target)

    share(work, _bands(rows_out, N, C * WW * columns_out * w.itemsize, HH, stride), out.size * w[0].size)


def correlate_pool(source, w, b, out, which, size, stride=1, top=0, left=0):
    """`correlate` with ReLU, of which only the largest in each window of size × size is kept, and where it was.

    The windows lie side by side. out : (F, H', W', N) for a product of H'·size rows and W'·size columns, written.
    which : of that shape, written: the maximum's place in its window, in reading order; of equal ones the first.

    The largest of the positive parts is the positive part of the largest, and a bias changes no order; so both wait
    until pooling has left them a quarter of the work, and the product of a few rows never leaves the cache.
    """
    F, C, HH, WW = w.shape
    _, rows_out, columns_out, N = out.shape
    rows_of_w, column_of_b = _as_rows(w), _as_column(b, w)

    def work(band):
        rows, images = band
        lines_of = slice(rows.start * size, rows.stop * size)
        lines = _unroll(source, (HH, WW), stride, top, left, lines_of, images, columns_out * size)
        product = _matrix("product", size * F, lines.shape[1], w.dtype).reshape(size, F, -1)
        places = product.reshape(size, F, columns_out, size, -1).transpose(0, 3, 1, 2, 4)
        for i, window in _windows(lines, lines_of, stride * C * WW, HH * C * WW):
            row, line = divmod(i, size)
            np.matmul(rows_of_w, window, out=product[line])
            if line == size - 1:
                target = out[:, row, :, images]
                keep_largest([place for line in places for place in line], target, which[:, row, :, images])
                target += column_of_b
                np.maximum(target, 0, out=target)

    bytes_of_line = C * WW * columns_out * size * w.itemsize
    bands = _bands(rows_out, N, bytes_of_line, (size - 1) * stride + HH, size * stride)
    share(work, bands, out.size * size * size * w[0].size)


def keep_largest(places, best, which):
    """Write into `best` the largest, entry by entry, of several arrays, and into `which` the number of the first such.

    `which` holds integers that are large enough.
    """
    so_far, *others = places
    which[...] = 0
    for number, place in enumerate(others, start=1):
        better = place > so_far  # only then: of equal ones, the first stays
        so_far = np.maximum(so_far, place, out=best)
        np.maximum(which, better * which.dtype.type(number), out=which)
    if not others:
        best[...] = so_far


def correlate_weights(source, dout, shape, stride=1, top=0, left=0):
    """The gradient of w, (F, C, HH, WW), for the upstream gradient dout (F, H', W', N) of what `correlate` wrote.

    dout may be `Pooled`.
    """
    F, C, HH, WW = shape
    _, rows_out, columns_out, N = dout.shape

    def work(band):
        rows, images = band
        lines = _unroll(source, (HH, WW), stride, top, left, rows, images, columns_out)
        product = _matrix("product", HH * C * WW, F, dout.dtype)
        total = np.zeros((HH * C * WW, F), dtype=dout.dtype)
        for i, window in _windows(lines, rows, stride * C * WW, HH * C * WW):
            np.matmul(window, _rows(dout, i, i + 1, images).reshape(F, -1).T, out=product)
            total += product
        return total

    bands = _bands(rows_out, N, C * WW * columns_out * source.itemsize, HH, stride)
    parts = share(work, bands, F * rows_out * columns_out * N * HH * WW * C)
    return np.ascontiguousarray(sum(parts[1:], start=parts[0]).T.reshape(F, HH, C, WW).transpose(0, 2, 1, 3))


class Pooled:
    """The upstream gradient (F, H', W', N) of what was max pooled, kept in the size of what pooling left.

    dpooled, which : (F, H'/size, W'/size, N), the gradient of the maxima and their places in windows side by side.
    """

    def __init__(self, dpooled, which, size):
        F, rows, columns, N = dpooled.shape
        self.dpooled, self.which, self.size = dpooled, which, size
        self.shape, self.dtype = (F, rows * size, columns * size, N), dpooled.dtype

    def rows(self, start, stop, images):
        """Some rows of the gradient, (F, rows, W', images), in scratch memory that the next call overwrites."""
        F, _, columns, _ = self.dpooled.shape
        count = images.stop - images.start
        out = _matrix("upstream", F, (stop - start) * columns * self.size * count, self.dtype)
        entries = out.reshape(F, stop - start, columns, self.size, count)
        for i in range(start, stop):
            row, line = divmod(i, self.size)
            dpooled, which = self.dpooled[:, row, :, images], self.which[:, row, :, images]
            for place in range(self.size):
                np.multiply(dpooled, which == line * self.size + place, out=entries[:, i - start, :, place])
        return out.reshape(F, stop - start, columns * self.size, count)


def _rows(array, start, stop, images):
    """Rows of an array (C, H, W, N), or of a `Pooled` one, for some images."""
    return array.rows(start, stop, images) if isinstance(array, Pooled) else array[:, start:stop, :, images]


def _as_rows(w):
    """Each filter as a row, in the order in which `_unroll` lays out what it meets."""
    return np.ascontiguousarray(w.transpose(0, 2, 1, 3)).reshape(len(w), -1)


def _as_column(b, w):
    return np.broadcast_to(b, len(w)).astype(w.dtype)[:, np.newaxis, np.newaxis]


def _unroll(source, window, stride, top, left, rows, images, columns_out):
    """The rows of the source that a band of output rows looks at, each laid out WW times.

    Line (h, c, j) holds, for each output column, the pixel of row h and channel c that filter column j meets there.
    """
    C, H, W, _ = source.shape
    HH, WW = window
    first = rows.start * stride - top
    count = (rows.stop - rows.start - 1) * stride + HH
    lines = _matrix("unrolled", count * C * WW, columns_out * (images.stop - images.start), source.dtype)
    pixels = lines.reshape(count, C, WW, columns_out, -1)
    begin, end = _inside(count, first, H)
    there = _rows(source, first + begin, first + end, images)
    pixels[:begin] = 0
    pixels[end:] = 0
    for j in range(WW):
        left_of, right_of = _inside(columns_out, j - left, W, stride)
        target = pixels[begin:end, :, j]
        target[:, :, :left_of] = 0
        target[:, :, right_of:] = 0
        columns = slice(left_of * stride + j - left, max(right_of - 1, 0) * stride + j - left + 1, stride)
        if right_of > left_of:
            target[:, :, left_of:right_of] = there[:, :, columns].swapaxes(0, 1)
    return lines


def _inside(count, first, length, stride=1):
    """Of `count` places first, first + stride, …, the range of those from 0 to length − 1."""
    begin = min(max(0, -(first // stride)), count)
    return begin, max(begin, min(count, (length - 1 - first) // stride + 1))


def _windows(lines, rows, step, size):
    """For each output row of the band, the lines under its windows."""
    for k, i in enumerate(range(rows.start, rows.stop)):
        yield i, lines[k * step : k * step + size]


def _bands(rows_out, N, line_bytes, HH, stride):
    """Cut the rows of output, and the images if one row of all is still too much, into pairs of slices."""
    band = -(-rows_out // _BANDS)
    images = min(N, max(16, -(-N * rows_out // _BANDS)))  # where there are too few rows for all threads
    while ((band - 1) * stride + HH) * line_bytes * images > _SCRATCH_BYTES and (band, images) != (1, 1):
        band, images = (band - 1, images) if band > 1 else (1, -(-images // 2))
    return [
        (slice(i, min(i + band, rows_out)), slice(n, min(n + images, N)))
        for i in range(0, rows_out, band)
        for n in range(0, N, images)
    ]


_own = threading.local()


def _matrix(name, rows, columns, dtype):
    """A scratch matrix of this thread's own, with whatever was left in it; the next call with this name reuses it."""
    dtype = np.dtype(dtype)
    # A little longer than its columns: rows a power of two apart would fall on the same few places of the cache.
    line = columns + 16
    size = rows * line * dtype.itemsize
    buffers = _own.__dict__
    if name not in buffers or buffers[name].nbytes < size:
        buffers[name] = np.empty(size, dtype=np.uint8)
    return buffers[name][:size].view(dtype).reshape(rows, line)[:, :columns]


def share_entries(work, *arrays):
    """work(*the same entries of all arrays), a cacheful at a time: for what is done to each entry by itself."""
    # Axes in the order in which the last array, the one to be written, lies in memory.
    axes = np.argsort([-stride for stride in arrays[-1].strides], kind="stable")
    arrays = [np.atleast_1d(array.transpose(axes)) for array in arrays]
    share_channels(lambda some: work(*(array[some] for array in arrays)), arrays[-1])


def share_channels(work, images):
    """work(slice of channels) for all channels of images (C, H, W, N), a few at a time: what fits in the cache."""
    few = max(1, _CHANNELS_BYTES // images[0].nbytes)
    # Entry by entry, NumPy makes several passes over the data: about ten multiplications' worth.
    share(work, [slice(c, c + few) for c in range(0, len(images), few)], 10 * images.size)
