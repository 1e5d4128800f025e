def mutate(nb, d):
    at = next(k for k, cell in enumerate(nb["cells"]) if cell["id"] == "imports")
    nb["cells"][at]["source"] = "import numpy as np\nimport seaborn as sns\nimport torch"
