"""The same networks in PyTorch, eager, on the CPU, from the same weights."""

import numpy as np
import torch
from torch.nn import functional


class Trainer:
    """As `networks.Trainer`. PyTorch keeps an affine layer's weights transposed, (M, D)."""

    def __init__(self, network, batch=None, seed=0, threads=1):
        torch.set_num_threads(threads)
        torch.manual_seed(seed)
        self.network = network
        self.params = {
            name: torch.from_numpy(np.ascontiguousarray(array.T) if array.ndim == 2 else array).requires_grad_(True)
            for name, array in network.initial(seed).items()
        }
        x, y = network.data(seed, batch)
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y)
        self.optimizer = torch.optim.SGD(self.params.values(), lr=1e-3, momentum=0.9)

    def gradients(self, dtype):
        dtype = getattr(torch, dtype)
        params = {name: tensor.detach().to(dtype).requires_grad_(True) for name, tensor in self.params.items()}
        loss = self._loss(self.network.without_dropout(), params, self.x.to(dtype))
        loss.backward()
        grads = {name: tensor.grad.numpy() for name, tensor in params.items()}
        return {"loss": loss.detach().numpy()} | {n: g.T if g.ndim == 2 else g for n, g in grads.items()}

    def step(self):
        self.optimizer.zero_grad()
        self._loss(self.network, self.params, self.x).backward()
        self.optimizer.step()

    def _loss(self, network, params, out):
        stages = [*network.convolutions, *network.hidden]
        for k, stage in enumerate(stages, 1):
            w, b = params[f"w{k}"], params[f"b{k}"]
            if stage.size:
                out = functional.max_pool2d(functional.relu(functional.conv2d(out, w, b, padding=stage.pad)), 2)
            else:
                out = functional.relu(functional.linear(out.flatten(1), w, b))
            if stage.keep < 1:
                out = functional.dropout(out, 1 - stage.keep)
        k = len(stages) + 1
        out = functional.linear(out.flatten(1), params[f"w{k}"], params[f"b{k}"])
        return functional.cross_entropy(out, self.y)
