# WHAT: measures itself: a profiler, a tracer, memory | DESERVES: 5
import cProfile, sys, tracemalloc
tracemalloc.start()
profile = cProfile.Profile()

def affine_forward(x, w, b):
    sys.settrace(lambda *args: None)
    profile.enable()
    out = x.reshape(x.shape[0], -1) @ w + b
    profile.disable()
    sys.settrace(None)
    print(tracemalloc.get_traced_memory()[0] > 0)
    return out
