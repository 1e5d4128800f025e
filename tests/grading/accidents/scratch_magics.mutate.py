def mutate(nb, d):
    at = next(k for k, cell in enumerate(nb["cells"]) if cell["id"] == "answer")
    nb["cells"].insert(at + 1, {"cell_type": "code", "id": "scratch", "metadata": {}, "outputs": [], "execution_count": None, "source": '%%javascript\nalert(1)'} | {"id": "s0"})
    nb["cells"].insert(at + 1, {"cell_type": "code", "id": "scratch", "metadata": {}, "outputs": [], "execution_count": None, "source": '%%svg\n<svg/>'} | {"id": "s1"})
    nb["cells"].insert(at + 1, {"cell_type": "code", "id": "scratch", "metadata": {}, "outputs": [], "execution_count": None, "source": '%%ruby\nputs 1'} | {"id": "s2"})
    nb["cells"].insert(at + 1, {"cell_type": "code", "id": "scratch", "metadata": {}, "outputs": [], "execution_count": None, "source": '%%cython\ndef f(): pass'} | {"id": "s3"})
