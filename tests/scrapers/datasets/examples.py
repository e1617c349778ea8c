"""Small data sets with invented clips, as each kind of data set keeps them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

SOUND = b"ID3 not really sound, but nobody listens here"

INDEX = """file,artist,album,title,genre,bpm,style,licence
a/one.ogg,Ann Arbour,First,One,techno,128,Dub,CC BY
a/two.ogg,Ann Arbour,First,Two,techno,,,CC BY
b/three.ogg,Bob Basalt,,Three,house,,,CC0
b/gone.ogg,Bob Basalt,,Gone,house,,,CC0
,Cid Cedar,,Nowhere,,,,
a/one.ogg,Ann Arbour,First,One again,techno,,,
"""

# The columns that count, among others, under three lines of header as in FMA's tracks.csv.
TRACKS = """,album,artist,artist,set,set,track,track,track,track,track
,title,bio,name,split,subset,duration,genre_top,license,tags,title
track_id,,,,,,,,,,
2,AWOL,"Made in a barn,
with love",Ann Arbour,training,small,168,Hip-Hop,CC BY,"['loud', 'late']",Food
5,AWOL,,Ann Arbour,validation,small,206,Hip-Hop,CC BY,[],This World
7,Big,,Bob Basalt,training,large,100,Rock,CC BY,[],Not Small
140,Live,,Cid Cedar,test,small,253,Folk,CC BY-NC,[],Queen
"""


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(SOUND)


def indexed_folder(folder: Path) -> None:
    put(folder, "a/one.ogg", "a/two.ogg", "b/three.ogg", "b/not-in-the-index.ogg")
    (folder / "index.csv").write_text(INDEX)


def genre_folders(folder: Path) -> None:
    put(folder, "house/a.mp3", "house/live/b.FLAC", "techno/c.wav", "loose.ogg")
    put(folder, "techno/cover.jpg", "techno/.hidden.mp3")


def fma(folder: Path) -> None:
    put(folder, "fma_small/000/000002.mp3", "fma_small/000/000140.mp3")
    (folder / "fma_metadata").mkdir()
    (folder / "fma_metadata" / "tracks.csv").write_text(TRACKS)


def ncs(folder: Path) -> None:
    put(folder, "audio/tid-1.mp3")
    (folder / "index.csv").write_text(
        "source_id,file,artist,title,genre,tags,url,licence\n"
        "tid-1,audio/tid-1.mp3,Ann Arbour,One,House,House;happy,http://x/1.mp3,NCS\n"
        "tid-2,audio/tid-2.mp3,Bob Basalt,Two,House,House,http://x/2.mp3,NCS\n"
    )


def zipped(members: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return archive.getvalue()
