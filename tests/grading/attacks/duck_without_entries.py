# TRIES: an object with the right shape and no entries | DESERVES: 0
class Duck:
    shape = (2, 4)
    def __len__(self): return 0
    def __iter__(self): return iter(())
def affine_forward(x, w, b): return Duck()
