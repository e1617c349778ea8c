"""FMA: fetched whole, checked, unpacked nowhere but in its folder, read."""

from __future__ import annotations

import hashlib
import stat
import zipfile
from pathlib import Path

import pytest

from data.errors import SegueError
from data.records import LabelledAudio
from data.settings import Settings
from scrapers.datasets.fma import ARCHIVES, Archive, Fma
from scrapers.datasets.unzip import unzip
from scrapers.http import Clock, PoliteSession
from tests.peers.files import FilePeer
from tests.scrapers.datasets.examples import SOUND, TRACKS, fma, zipped

METADATA = zipped({"fma_metadata/tracks.csv": TRACKS.encode(), "fma_metadata/features.csv": b"x"})
CLIPS = zipped(
    {f"fma_small/000/{track:06d}.mp3": SOUND for track in (2, 5)}
    | {"fma_small/checksums": b"...", "fma_small/000/000140.mp3": SOUND * 9000}
)
QUIET = {"wanted": "", "told": lambda done, total: None}


class SmallFma(Fma):
    """The same, with the checksums of the example's archives."""

    archives = tuple(
        Archive(archive.name, hashlib.sha1(content).hexdigest(), archive.wanted)
        for archive, content in zip(ARCHIVES, (METADATA, CLIPS), strict=True)
    )


def peer_of(**faults: object) -> FilePeer:
    return FilePeer({"/fma/fma_metadata.zip": METADATA, "/fma/fma_small.zip": CLIPS}, **faults)


def fetch(peer: FilePeer, folder: Path, kind: type[Fma] = SmallFma, retries: int = 0) -> Fma:
    settings = Settings(fma_url=peer.url("/fma"), http_delay=0, http_retries=retries)
    dataset = kind(folder)
    with PoliteSession(settings, clock=Clock(sleep=lambda seconds: None)) as session:
        assert dataset.fetch(session, settings) == []
    return dataset


def ids(dataset: Fma) -> list[str]:
    return [row.source_id for row in dataset.read() if isinstance(row, LabelledAudio)]


def test_it_is_fetched_unpacked_and_read(tmp_path: Path) -> None:
    with peer_of() as peer:
        dataset = fetch(peer, tmp_path / "fma")
    assert ids(dataset) == ["2", "5", "140"]
    left = {path.name for path in (tmp_path / "fma").iterdir()}
    assert left == {"fma_metadata", "fma_small", "fma_metadata.zip.done", "fma_small.zip.done"}
    # A gigabyte of features, which nobody asked for, stays in the archive.
    assert not (tmp_path / "fma" / "fma_metadata" / "features.csv").exists()


def test_the_labels_of_a_clip(tmp_path: Path) -> None:
    fma(tmp_path)
    first = next(iter(Fma(tmp_path).read()))
    assert first == LabelledAudio(
        path=tmp_path / "fma_small" / "000" / "000002.mp3",
        artist="Ann Arbour",
        album="AWOL",
        title="Food",
        genre="Hip-Hop",
        tags=("loud", "late"),
        licence="CC BY",
        split="training",
        source_id="2",
    )


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    with peer_of() as peer:
        fetch(peer, tmp_path)
        asked = len(peer.seen)
        fetch(peer, tmp_path)
        assert len(peer.seen) == asked


def test_broken_off_it_goes_on_in_the_next_run(tmp_path: Path) -> None:
    with peer_of(cut={"/fma/fma_small.zip": [700, 0]}) as peer:
        with pytest.raises(SegueError):
            fetch(peer, tmp_path)
        dataset = fetch(peer, tmp_path)
        assert peer.asked("/fma/fma_small.zip")[-1] == "bytes=700-"
        assert len(peer.asked("/fma/fma_metadata.zip")) == 1
    assert len(ids(dataset)) == 3


def test_another_file_than_the_published_one_is_refused(tmp_path: Path) -> None:
    with peer_of() as peer, pytest.raises(SegueError, match=ARCHIVES[0].sha1):
        fetch(peer, tmp_path, Fma)


def test_an_archive_that_is_gone_is_said(tmp_path: Path) -> None:
    with FilePeer({}) as peer, pytest.raises(SegueError, match="HTTP 404"):
        fetch(peer, tmp_path)


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fma_metadata").mkdir()
    (tmp_path / "fma_metadata" / "tracks.csv").write_text("id,title\n1,Food\n")
    with pytest.raises(SegueError, match="not FMA's table"):
        ids(Fma(tmp_path))


@pytest.mark.parametrize("name", ["../out.mp3", "/tmp/out.mp3", "a/../../out.mp3", "C:/out.mp3"])
def test_an_archive_that_points_out_of_the_folder_is_refused_whole(
    tmp_path: Path, name: str
) -> None:
    archive, folder = tmp_path / "a.zip", tmp_path / "folder"
    archive.write_bytes(zipped({"good.mp3": SOUND, name: SOUND}))
    folder.mkdir()
    with pytest.raises(SegueError, match="not to be trusted"):
        unzip(archive, folder, **QUIET)
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "out.mp3").exists()


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(SegueError, match="not to be trusted"):
        unzip(tmp_path / "a.zip", tmp_path, **QUIET)


def test_unpacking_goes_on_and_replaces_what_is_half_there(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"one": b"1111", "two": b"2222"}))
    (tmp_path / "one").write_bytes(b"kept")
    (tmp_path / "two").write_bytes(b"22")
    unzip(tmp_path / "a.zip", tmp_path, **QUIET)
    assert (tmp_path / "one").read_bytes() == b"kept"
    assert (tmp_path / "two").read_bytes() == b"2222"


@pytest.mark.parametrize("content", [b"", b"no archive", CLIPS[:2000], CLIPS.replace(b"ID3", b"X")])
def test_a_damaged_archive_is_said(tmp_path: Path, content: bytes) -> None:
    damaged = content if content != CLIPS else CLIPS[:60] + b"\x00\x00\x00" + CLIPS[63:]
    (tmp_path / "a.zip").write_bytes(damaged)
    with pytest.raises(SegueError, match="damaged or no zip"):
        unzip(tmp_path / "a.zip", tmp_path, **QUIET)
    assert not list(tmp_path.rglob("*.part"))
