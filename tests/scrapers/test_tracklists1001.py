"""Saved 1001Tracklists pages: what the site marks, and the checks it shows instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import SegueError
from data.records import OutsideId, Play, SetAside, Tracklist
from scrapers.tracklists1001 import Tracklists1001

HEAD = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html;
charset=utf-8"><title>x</title>%s</head><body>"""
CANONICAL = (
    '<link rel="canonical" href="https://www.1001tracklists.com/tracklist/1abc2de/a-b.html">'
)


def row(name: str = "", number: str = "01", identified: bool = True, **parts: str) -> str:
    metas = f'<meta itemprop="name" content="{name}">' if name else ""
    block = f'<div itemprop="tracks">{metas}{parts.get("metas", "")}' if name else "<div>"
    marked = ' data-isided="true"' if identified else ""
    return f"""<div class="tlpItem"{marked} {parts.get("attributes", "")}>
    <input id="tlp1_cue_seconds" value="{parts.get("seconds", "0")}">
    <span id="tlp1_tracknumber_value">{number}</span>
    <div class="cue">{parts.get("cue", "")}</div>
    {block}<span class="trackValue">{name or "ID - ID"}</span>{parts.get("after", "")}</div>
    </div>"""


def page(*rows: str, head: str = CANONICAL, metas: str = "") -> str:
    return (
        HEAD % head
        + """<div id="pageTitle"><h1><a href="/dj/ann/">Ann Arbour</a> @ Old Mill,
        <a href="/source/1/">Kiln Nights</a> Leeds 2019-05-04</h1></div>
        <div id="tlTab" data-id="1abc2de">
        <meta itemprop="name" content="Ann Arbour @ Old Mill, Kiln Nights Leeds 2019-05-04">"""
        + metas
        + "".join(rows)
        + "</div></body></html>"
    )


def read(tmp_path: Path, content: str | bytes) -> Tracklist:
    (record,) = records(tmp_path, content)
    assert isinstance(record, Tracklist)
    return record


def records(tmp_path: Path, content: str | bytes) -> list[Tracklist | SetAside]:
    path = tmp_path / "page.html"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(Tracklists1001(path).read())


def only_play(tmp_path: Path, **parts: str) -> Play:
    return read(tmp_path, page(row("Bob Basalt - Undertow", **parts))).plays[0]


def test_the_page_says_title_date_djs_venue_and_show(tmp_path: Path) -> None:
    metas = (
        '<meta itemprop="datePublished" content="2019-05-04"><meta itemprop="genre" content="X">'
    )
    tracklist = read(tmp_path, page(row("A - B"), metas=metas))
    assert tracklist.title == "Ann Arbour @ Old Mill, Kiln Nights Leeds"
    assert (tracklist.date, tracklist.djs) == ("2019-05-04", ("Ann Arbour",))
    assert (tracklist.venue, tracklist.show) == ("Old Mill, Kiln Nights Leeds", "Kiln Nights")
    assert tracklist.styles == ("X",)
    assert tracklist.source_id == "1abc2de"
    assert tracklist.url == "https://www.1001tracklists.com/tracklist/1abc2de/a-b.html"


def test_the_address_may_stand_in_og_url_alone(tmp_path: Path) -> None:
    head = '<meta property="og:url" content="https://www.1001tracklists.com/tracklist/9zz/q.html">'
    assert read(tmp_path, page(row("A - B"), head=head)).source_id == "9zz"


def test_a_row_without_a_name_is_unknown(tmp_path: Path) -> None:
    play = read(tmp_path, page(row(identified=False), row("A - B"))).plays[0]
    assert (play.kind, play.reason, play.raw) == ("unknown", "unknown", "ID - ID")


def test_a_row_the_site_does_not_count_as_identified_is_unknown(tmp_path: Path) -> None:
    status = '<span class="trackStatus"> (ID Remix) </span>'
    rows = [row("A - B"), row("Bob Basalt - Undertow", identified=False, after=status)]
    play = read(tmp_path, page(*rows)).plays[1]
    assert (play.kind, play.raw) == ("unknown", "Bob Basalt - Undertow (ID Remix)")


def test_a_page_that_marks_no_row_as_identified_is_read_by_its_names(tmp_path: Path) -> None:
    assert read(tmp_path, page(row("A - B", identified=False))).plays[0].kind == "identified"


def test_a_w_row_was_played_with_the_row_before(tmp_path: Path) -> None:
    plays = read(tmp_path, page(row("A - B"), row("C - D", "w/"), row("E - F", "02"))).plays
    assert [play.with_previous for play in plays] == [False, True, False]


def test_a_mashup_and_its_parts_are_plays_of_which_the_parts_are_marked(tmp_path: Path) -> None:
    rows = [row("Ann vs. Bob - Tide vs. Kelp"), row("Ann - Tide", "w/"), row("Bob - Kelp", "w/")]
    plays = read(tmp_path, page(*rows)).plays
    assert [p.kind for p in plays] == ["identified"] * 3
    assert [p.with_previous for p in plays] == [False, True, True]


def test_suggestions_of_visitors_are_not_rows(tmp_path: Path) -> None:
    suggestion = '<div class="bItm con sugTog">04:25 Cid Cedar - Slow Door</div>'
    assert len(read(tmp_path, page(row("A - B"), suggestion)).plays) == 1


def test_cues_are_seconds_and_zero_without_text_is_none(tmp_path: Path) -> None:
    rows = [row("A - B", seconds="0", cue="00:00"), row("C - D", seconds="3661"), row("E - F")]
    cues = [play.cue for play in read(tmp_path, page(*rows)).plays]
    assert [cue and cue.seconds for cue in cues] == [0, 3661, None]


def test_the_label_is_the_publisher(tmp_path: Path) -> None:
    play = only_play(tmp_path, metas='<meta itemprop="publisher" content="Kiln Recordings">')
    assert play.track and play.track.label == "Kiln Recordings"


def test_a_publisher_written_as_escaped_html_is_its_text(tmp_path: Path) -> None:
    escaped = "&lt;a href=&quot;/label/1/&quot;&gt;Kiln &amp;amp; Sons&lt;/a&gt;"
    play = only_play(tmp_path, metas=f'<meta itemprop="publisher" content="{escaped}">')
    assert play.track and play.track.label == "Kiln & Sons"


def test_without_a_publisher_the_label_shown_counts(tmp_path: Path) -> None:
    play = only_play(tmp_path, after='<span class="trackLabel">KILN</span>')
    assert play.track and play.track.label == "KILN"


def test_a_version_beside_the_name_belongs_to_it(tmp_path: Path) -> None:
    play = only_play(tmp_path, after='<span class="trackEditData">(Live Edit)</span>')
    assert play.track and play.track.version == "Live Edit"


def test_the_sites_own_track_id_is_kept(tmp_path: Path) -> None:
    play = only_play(tmp_path, attributes='data-trackid="28xyz"')
    assert play.track
    assert play.track.ids == (OutsideId("1001tracklists", "28xyz", "1001tracklists"),)


def test_an_artist_with_a_dash_is_read_from_its_own_field(tmp_path: Path) -> None:
    meta = '<meta itemprop="byArtist" content="Mono - Lith">'
    (play,) = read(tmp_path, page(row("Mono - Lith - Undertow", metas=meta))).plays
    assert play.track and (play.track.artist, play.track.title) == ("Mono - Lith", "Undertow")


def test_windows_1252_bytes_are_read_although_the_page_declares_utf8(tmp_path: Path) -> None:
    content = page(row("Bjørk Ärger - Ándale")).encode("cp1252")
    play = read(tmp_path, content).plays[0]
    assert str(play.track) == "Bjørk Ärger - Ándale"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Please wait, you will be forwarded to the requested page</h1>",
        '<form method="POST"><input type="hidden" name="captcha" value="1"></form>',
        "<title>Just a moment...</title>",
    ],
)
def test_a_challenge_is_blocked_and_never_an_empty_set(tmp_path: Path, body: str) -> None:
    (record,) = records(tmp_path, HEAD % CANONICAL + body + "</body></html>")
    assert isinstance(record, SetAside)
    assert record.reason.startswith("blocked page: ")


def test_a_page_of_the_site_without_a_tracklist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SegueError, match="holds no tracklist"):
        records(tmp_path, HEAD % CANONICAL + "<p>Top DJs</p></body></html>")


REAL = {
    # file name begins: rows, identified, played with the row before, with a cue
    "Bibi Seck": (15, 15, 0, 0),
    "DJ Gigola": (13, 13, 0, 13),
    "Lil Texas": (49, 45, 0, 49),
    "Lokier": (18, 18, 0, 0),
    "Net Gala": (18, 18, 0, 0),
    "Skream & Mala": (67, 24, 5, 14),
    "Skream @": (27, 3, 0, 1),
    "Tove Lo": (17, 14, 0, 0),
    "tracklist": (22, 16, 0, 0),
}


@pytest.mark.parametrize("start", REAL)
def test_a_real_page_is_read_row_by_row(shared: Path, start: str) -> None:
    (path,) = (shared / "tracklists1001").glob(f"{start}*.html")
    (tracklist,) = Tracklists1001(path).read()
    assert isinstance(tracklist, Tracklist)
    plays = tracklist.plays
    assert (
        len(plays),
        len(tracklist.identified),
        sum(play.with_previous for play in plays),
        sum(play.cue is not None for play in plays),
    ) == REAL[start]
    assert tracklist.date and tracklist.djs and tracklist.styles
    assert tracklist.url.startswith("https://www.1001tracklists.com/tracklist/")


def test_real_challenge_pages_are_blocked(shared: Path) -> None:
    folder = shared / "tracklists1001"
    paths = [*folder.glob("challenge*.html"), *folder.glob("captcha*.html")]
    assert len(paths) == 3
    for path in paths:
        (record,) = Tracklists1001(path).read()
        assert isinstance(record, SetAside) and record.reason.startswith("blocked page")


def test_real_names_keep_versions_labels_and_accents(shared: Path) -> None:
    folder = shared / "tracklists1001"
    (newer,) = Tracklists1001(next(folder.glob("Lokier*.html"))).read()
    (older,) = Tracklists1001(folder / "tracklist.html").read()
    assert isinstance(newer, Tracklist) and isinstance(older, Tracklist)
    assert str(newer.plays[0].track) == "2vine - Kärttina Väppe"
    assert str(older.plays[0].track) == "Bicep - Apricots (Live Edit)"
    assert older.plays[0].track and older.plays[0].track.label == "Ninja Tune"
    assert older.venue == "" and older.djs == ("Bicep",)
