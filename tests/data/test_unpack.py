import io
import stat
import tarfile
import zipfile

import pytest

from cs_layers.data import DataFileError
from cs_layers.data.unpack import unpack


@pytest.fixture
def make_tar(tmp_path):
    def make(*members):
        path = tmp_path / "archive.tar.gz"
        with tarfile.open(path, "w:gz") as tar:
            for name, content, kind, link in members:
                member = tarfile.TarInfo(name)
                member.type, member.linkname, member.size = kind, link, len(content)
                tar.addfile(member, io.BytesIO(content))
        return path

    return make


def file(name, content=b"x", kind=tarfile.REGTYPE, link=""):
    return name, content, kind, link


@pytest.fixture
def make_zip(tmp_path):
    def make(*members):
        path = tmp_path / "archive.zip"
        with zipfile.ZipFile(path, "w") as packed:
            for name, content, mode in members:
                info = zipfile.ZipInfo(name)
                info.external_attr = mode << 16
                packed.writestr(info, content)
        return path

    return make


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "outer" / "target"
    folder.mkdir(parents=True)
    return folder


def contents(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_files_and_folders(make_tar, make_zip, target):
    unpack(make_tar(file("a", b"", tarfile.DIRTYPE), file("a/b", b"hello"), file("./c/d")), target, 100)
    assert (target / "a" / "b").read_bytes() == b"hello"
    assert contents(target) == {"a", "a/b", "c", "c/d"}
    unpack(make_zip(("e/", b"", stat.S_IFDIR | 0o755), ("e/f", b"hello", stat.S_IFREG | 0o644)), target, 100)
    assert (target / "e" / "f").read_bytes() == b"hello"


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/evil", "a/..", "..\\evil", "C:evil", "C:\\evil"])
def test_a_path_that_leads_out(make_tar, make_zip, target, name):
    for archive in (make_tar(file(name)), make_zip((name, b"x", 0))):
        with pytest.raises(DataFileError, match="leads out of the folder"):
            unpack(archive, target, 100)
    assert contents(target.parent) == {"target"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_tar(make_tar, target, kind):
    with pytest.raises(DataFileError, match="a link or a device"):
        unpack(make_tar(file("link", b"", kind, "/etc/passwd"), file("link/evil")), target, 100)
    assert contents(target) == set()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_in_zip(make_zip, target, kind):
    with pytest.raises(DataFileError, match="a link, a device or encrypted"):
        unpack(make_zip(("link", b"/etc/passwd", kind | 0o777)), target, 100)
    assert contents(target) == set()


def test_more_bytes_than_expected(make_tar, make_zip, target):
    with pytest.raises(DataFileError, match="unpacks to more than"):
        unpack(make_tar(file("a", bytes(60)), file("b", bytes(60))), target, 100)
    with pytest.raises(DataFileError, match="unpacks to more than"):
        unpack(make_zip(("c", bytes(10**6), 0)), target, 100)


def test_two_files_of_one_name(make_tar, target):
    with pytest.raises(DataFileError, match="two files of the same name"):
        unpack(make_tar(file("a"), file("a")), target, 100)
    (target / "a").unlink()
    with pytest.raises(DataFileError, match="two files of the same name"):
        unpack(make_tar(file("a"), file("a/b")), target, 100)


@pytest.mark.parametrize("keep", [0.9, 0.5, 0.0])
def test_cut_off_archives(make_tar, make_zip, target, keep):
    for archive in (make_tar(file("a", bytes(range(256)))), make_zip(("a", bytes(range(256)), 0))):
        content = archive.read_bytes()
        archive.write_bytes(content[: int(len(content) * keep)])
        with pytest.raises(DataFileError, match="is damaged and cannot be unpacked"):
            unpack(archive, target, 1000)


def test_a_zip_whose_content_is_not_what_its_checksum_says(make_zip, target):
    archive = make_zip(("a", b"hello hello", 0))
    archive.write_bytes(archive.read_bytes().replace(b"hello hello", b"hallo hello"))
    with pytest.raises(DataFileError, match="is damaged"):
        unpack(archive, target, 1000)
