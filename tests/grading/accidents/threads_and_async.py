# WHAT: uses threads and await at top level | DESERVES: 5
import asyncio
from concurrent.futures import ThreadPoolExecutor
await asyncio.sleep(0)
def affine_forward(x, w, b):
    with ThreadPoolExecutor(2) as pool:
        return pool.submit(lambda: x.reshape(len(x), -1) @ w + b).result()
