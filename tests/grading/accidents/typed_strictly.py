# WHAT: overloads, protocols, generics | DESERVES: 5
from __future__ import annotations
from typing import Generic, Protocol, TypeVar, overload

T = TypeVar('T')

class Layer(Protocol[T]):
    def __call__(self, x: Array, w: Array, b: Array) -> T: ...

@overload
def affine_forward(x: None, w: Array, b: Array) -> None: ...
@overload
def affine_forward(x: Array, w: Array, b: Array) -> Array: ...
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
