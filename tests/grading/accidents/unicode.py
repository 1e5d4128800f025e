# WHAT: names and strings in other alphabets | DESERVES: 5
α = "привет 你好"
def affine_forward(x, w, b):
    """Ответ."""
    return x.reshape(len(x), -1) @ w + b
