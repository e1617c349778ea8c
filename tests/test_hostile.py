"""What a stranger may bring: each is refused with a sentence, and does no harm on the way.

What one module refuses is tested beside it as well: formulas in CSV cells (data/playlists/test_csv
and test_contract), gzip bombs and endless lines of tracklists (scrapers/test_files), sound files
that are none (models/audio/test_decode), uploads (dashboard/test_uploads, test_uploads_served).
"""

from __future__ import annotations

import io
import os
import socket
import threading
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.app import create_app
from dashboard.services import current_library
from data.catalogue import Catalogue
from data.errors import SegueError
from data.playlists import read_file, reading, render, safe_xml
from data.records import Track
from data.settings import Settings
from hybrid.playlists_in import import_playlist
from models.audio.decode import excerpts
from scrapers.files import open_file


def refusal(read: Callable[[], object]) -> str:
    """What a person is told: one sentence that ends as one."""
    with pytest.raises(SegueError) as refused:
        read()
    said = str(refused.value)
    assert said.endswith(".") and "\n" not in said and len(said) < 400
    return said


def given(folder: Path, content: bytes, name: str) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@contextmanager
def little_memory(most: int) -> Iterator[None]:
    """Fail if the block holds more than `most` bytes at once."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


@pytest.fixture
def listener() -> Iterator[tuple[str, list[int]]]:
    """An address on this machine, and a list that grows whenever somebody connects."""
    met: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def watch() -> None:
            while True:
                try:
                    one, _ = door.accept()
                except OSError:
                    return
                met.append(1)
                one.close()

        threading.Thread(target=watch, daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", met
        door.shutdown(socket.SHUT_RDWR)


# -- XML that defines more than it says


XML_DOORS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "rekordbox": ("<DJ_PLAYLISTS>{}</DJ_PLAYLISTS>", read_file),
    "traktor": ('<NML VERSION="19">{}</NML>', read_file),
    "mediawiki": ("<mediawiki>{}</mediawiki>", lambda path: list(open_file(path).read())),
}
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
DEFINED = {
    "entities in entities": (f"<!DOCTYPE x [{LAUGHS}]>", "&l11;"),
    "one long entity": (f'<!DOCTYPE x [<!ENTITY a "{"x" * 1500}">]>', "&a;" * 20_000),
    "a file": ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"),
    "an address": ('<!DOCTYPE x [<!ENTITY a SYSTEM "{address}/a">]>', "&a;"),
    "a definition elsewhere": ('<!DOCTYPE x SYSTEM "{address}/x.dtd">', ""),
    "a parameter": ('<!DOCTYPE x [<!ENTITY % a SYSTEM "{address}/a"> %a;]>', ""),
    "a harmless one": ("<!DOCTYPE x>", ""),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("what", DEFINED)
@pytest.mark.parametrize("door", XML_DOORS)
def test_xml_with_definitions_is_refused_and_nothing_of_it_is_fetched(
    tmp_path: Path, listener: tuple[str, list[int]], door: str, what: str, encoding: str
) -> None:
    address, met = listener
    body, read = XML_DOORS[door]
    definition, used = DEFINED[what]
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    text += definition.replace("{address}", address) + body.format(used)
    path = given(tmp_path, text.encode(encoding), "library.xml")
    with little_memory(20_000_000):
        assert "carries definitions of its own (a DTD)" in refusal(lambda: read(path))
    assert not met


def test_xml_in_an_encoding_that_hides_its_definitions_is_refused(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="utf-7"?><DJ_PLAYLISTS>+ADw-!DOCTYPE x+AD4-</DJ_PLAYLISTS>'
    path = given(tmp_path, text.encode(), "library.xml")
    assert "is damaged" in refusal(lambda: read_file(path))


# -- files that are not what they are called


def _zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Low Tide.mp3", b"\0" * 1_000_000)
    return stream.getvalue()


LIARS = {
    "a zip": _zipped(),
    "a web page": b"<!DOCTYPE html><html><body><p>Odd Heron - Low Tide</p></body></html>",
    "a program of Windows": b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(2000),
    "a program of Linux": b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20,
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(500),
    "a list for FFmpeg": b"ffconcat version 1.0\nfile /etc/passwd\nfile http://127.0.0.1:9/x.mp3\n",
    "a stream's description": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
    "a list of a stream's parts": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a\n",
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "nothing": b"",
}


@pytest.mark.parametrize("what", LIARS)
def test_what_is_called_music_and_is_none_is_not_heard(tmp_path: Path, what: str) -> None:
    path = given(tmp_path, LIARS[what], "Odd Heron - Low Tide.mp3")
    with pytest.raises(SegueError, match=r"Low Tide\.mp3 (?:is|holds|has)"):
        excerpts(path)


@pytest.mark.parametrize("name", ["library.xml", "collection.nml", "list.csv", "list.jspf"])
@pytest.mark.parametrize("what", [name for name in LIARS if name != "a list of a stream's parts"])
def test_what_is_called_a_playlist_and_is_none_is_not_read(
    tmp_path: Path, what: str, name: str
) -> None:
    path = given(tmp_path, LIARS[what], name)
    assert "is not a playlist that Segue can read" in refusal(lambda: read_file(path))


def test_a_stream_that_is_called_a_playlist_is_not_fetched(
    catalogue: Catalogue, tmp_path: Path, listener: tuple[str, list[int]]
) -> None:
    address, met = listener
    lines = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,Odd Heron - Low Tide\n{address}/a.mp3\n"
    came = import_playlist(catalogue, given(tmp_path, lines.encode(), "list.m3u8"))
    assert (came.new, came.files, met) == (1, (), [])


# -- playlists that lead elsewhere


def _leading_elsewhere(folder: Path) -> list[str]:
    (folder / "secret.txt").write_text("a secret")
    os.mkfifo(folder / "pipe.mp3")
    (folder / "folder.mp3").mkdir()
    return [
        *("/etc/passwd", "../secret.txt", "../../../../../../etc/passwd", "..\\secret.txt"),
        *("/dev/zero", "/dev/stdin", "/proc/self/environ", "/proc/self/mem"),
        *("\\\\server\\share\\a.mp3", "//server/share/a.mp3", "\\\\?\\C:\\a.mp3", "\\\\.\\pipe\\a"),
        *("C:\\Windows\\win.ini", "C:con.mp3", "file:///etc/passwd", "file://server/share/a.mp3"),
        *("file://localhost//server/share/a.mp3", f"{folder}/pipe.mp3", f"{folder}/folder.mp3"),
        *(
            f"{folder}/secret.txt",
            f"{folder}/secret.txt\\..\\a.mp3",
            "~/.ssh/id_rsa",
            "$HOME/a.mp3",
        ),
        *("http://127.0.0.1:9/a.mp3", "smb://server/a.mp3", "a" * 5000 + ".mp3"),
    ]


def test_an_imported_playlist_opens_lists_and_serves_no_file_that_was_not_scanned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    elsewhere = _leading_elsewhere(tmp_path)
    mine = given(tmp_path, b"sound that nobody listened to", "mine.mp3")
    rows = [f"#EXTINF:1,Odd Heron - Tune {n}\n{p}" for n, p in enumerate([*elsewhere, str(mine)])]
    path = given(lists, "\n".join(["#EXTM3U", *rows]).encode(), "list.m3u8")
    opened: list[str] = []
    plain_open = io.open
    monkeypatch.setattr(
        io,
        "open",
        lambda file, *a, **more: opened.append(str(file)) or plain_open(file, *a, **more),
    )
    monkeypatch.setattr("builtins.open", io.open)
    app = create_app(Settings(home=tmp_path / "home"))
    with app.server.app_context():
        catalogue = current_library().catalogue
        came = import_playlist(catalogue, path)
        ids = catalogue.crate(came.crates[0])
        # The DJ's own file is told of, so that it can be listened to; nothing does so unasked.
        assert came.files == (str(mine),)
        assert len(ids) == len(rows)
        browser = app.server.test_client()
        answers = {browser.get(f"/audio/{ident}").status_code for ident in ids}
        answers |= {browser.get(f"/audio/{ident}/waveform").status_code for ident in ids}
    assert answers == {404}
    assert not [name for name in opened if "secret" in name or "mine" in name or "passwd" in name]


# -- playlists without end


def _many(line: bytes, number: int, start: bytes = b"", end: bytes = b"") -> bytes:
    return start + line * number + end


ENDLESS = {
    "10 million lines of files": (_many, b"a.mp3\n", 10_000_000, b"#EXTM3U\n", b""),
    "10 million lines of names": (_many, b"A - B\n", 10_000_000, b"", b""),
    "10 million rows": (_many, b"A,B\n", 10_000_000, b"artist,title\n", b""),
    "10 million values": (_many, b"{},", 10_000_000, b'{"playlist":{"track":[', b"{}]}}"),
    "10 million ends of lines": (_many, b"\r", 10_000_000, b"#EXTM3U\n", b"a.mp3"),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_a_playlist_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, what: str
) -> None:
    make, line, number, start, end = ENDLESS[what]
    path = given(tmp_path, make(line, number, start, end), "list")
    size = path.stat().st_size
    with little_memory(2 * size + 20_000_000):
        assert "holds more than any DJ's library" in refusal(lambda: read_file(path))


@pytest.mark.parametrize(
    "start", [b"#EXTM3U\n", b"#EXTM3U\n#EXTINF:1,", b"artist,title\n", b"A - B\nC - "]
)
def test_a_line_of_200_mb_is_refused(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "list"
    with path.open("wb") as file:
        file.write(start)
        for _ in range(199):
            file.write(b"a" * 2**20)
    with little_memory(250 * 2**20):
        assert "a line of more than 1 MB" in refusal(lambda: read_file(path))


def test_xml_without_end_is_refused_and_a_large_library_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_xml, "MOST_ELEMENTS", 10_000)
    marks = "<POSITION_MARK Num='1'/>" * 5
    track = "<TRACK TrackID='{n}' Name='Tune {n}' Artist='Odd Heron'>{marks}</TRACK>"
    tracks = "".join(track.format(n=n, marks=marks) for n in range(20_000))
    content = f"<DJ_PLAYLISTS><COLLECTION>{tracks}</COLLECTION></DJ_PLAYLISTS>"
    [whole] = read_file(given(tmp_path, content.encode(), "library.xml"))
    assert len(whole.entries) == 20_000

    for nonsense in ("<X a='b'/>" * 20_000, "<X>" * 20_000 + "</X>" * 20_000):
        content = f"<DJ_PLAYLISTS>{nonsense}</DJ_PLAYLISTS>"
        path = given(tmp_path, content.encode(), "library.xml")
        assert "holds more than any DJ's library" in refusal(lambda path=path: read_file(path))


@pytest.mark.parametrize(
    ("head", "folder", "end", "name"),
    [
        ("<DJ_PLAYLISTS><PLAYLISTS>", "<NODE Type='0' Name='a'>", "</NODE>", "library.xml"),
        (
            "<NML><PLAYLISTS>",
            "<NODE TYPE='FOLDER' NAME='a'><SUBNODES>",
            "</SUBNODES></NODE>",
            "a.nml",
        ),
    ],
)
def test_folders_in_folders_without_end_are_refused(
    tmp_path: Path, head: str, folder: str, end: str, name: str
) -> None:
    first, second = (f"</{part}" for part in head.split("<")[:0:-1])
    content = f"{head}{folder * 20_000}{end * 20_000}{first}{second}"
    path = given(tmp_path, content.encode(), name)
    assert "holds more than any DJ's library" in refusal(lambda: read_file(path))


def test_a_length_that_no_recording_has_is_not_taken(tmp_path: Path) -> None:
    tracks = "".join(
        f"<TRACK TrackID='{n}' Name='Tune {n}' Artist='Odd Heron' TotalTime='{said}'/>"
        for n, said in enumerate(("240", "1e308", "nan", "9" * 400))
    )
    content = f"<DJ_PLAYLISTS><COLLECTION>{tracks}</COLLECTION></DJ_PLAYLISTS>"
    [whole] = read_file(given(tmp_path, content.encode(), "library.xml"))
    assert [entry.duration_s for entry in whole.entries] == [240.0, None, None, None]
    assert render("jspf", whole.entries, name="All")


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"playlist":{"track":['])
def test_json_nested_without_end_is_refused(tmp_path: Path, opening: str) -> None:
    content = '{"playlist":{"title":"x","track":' + opening * 200_000
    path = given(tmp_path, content.encode(), "list.jspf")
    assert "damaged JSON" in refusal(lambda: read_file(path))


def test_a_file_of_a_size_that_no_playlist_has_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = given(tmp_path, render("m3u8", [Track("A", "B")], name="x"), "huge.m3u8")
    os.truncate(path, reading.LARGEST * 50)  # a hole: it takes no room on the disk
    with little_memory(reading.LARGEST + 20_000_000):
        assert "is larger than 200 MB" in refusal(lambda: read_file(path))
