# WHAT: runs a loop of events inside the function | DESERVES: 5
import asyncio

async def _row(row, w, b):
    await asyncio.sleep(0)
    return row.ravel() @ w + b

def affine_forward(x, w, b):
    async def all_rows():
        return await asyncio.gather(*(_row(row, w, b) for row in x))
    return np.array(asyncio.run(all_rows()))
