# WHAT: indented with tabs, names in other forms of Unicode | DESERVES: 5
größe = 0
def affine_forward(x, w, b):
	flat = x.reshape(x.shape[0], -1)
	return flat @ w + b + größe
