"""A preview's sound comes from the listed hosts, within bounds, or with a sentence not at all."""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import soundfile
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from data.errors import SegueError
from data.records import OutsideTrack, Preview
from data.settings import Settings
from hybrid import clips
from hybrid.clip_hosts import Hosts, is_public
from hybrid.clips import ClipGone, fetch, media_type_of

DEEZER = Hosts.of("deezer", Settings())
APPLE = Hosts.of("itunes", Settings())
PUBLIC = "93.184.216.34"

Send = Callable[[BaseHTTPRequestHandler], None]


class Host:
    """A server that does to each path what a test says; `came` holds what it was asked."""

    def __init__(self) -> None:
        self.paths: dict[str, Send] = {}
        self.came: list[tuple[str, str]] = []
        self.over = threading.Event()
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host.came.append((self.path, self.headers["Host"]))
                with suppress(ConnectionError):  # whoever asked has seen enough
                    host.paths[self.path](self)
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.port = self.server.server_address[1]


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    serve = threading.Thread(target=host.server.serve_forever, args=(0.01,), daemon=True)
    serve.start()
    yield host
    host.over.set()
    host.server.shutdown()
    host.server.server_close()


@pytest.fixture
def settings(host: Host) -> Settings:
    """Deezer's previews lie on the test's own server."""
    return Settings(deezer_preview_hosts=f"127.0.0.1:{host.port}, *.dzcdn.net")


@pytest.fixture(scope="module")
def mp3() -> bytes:
    file = io.BytesIO()
    tone = (0.3 * np.sin(np.arange(44_100) * 0.05)).astype(np.float32)
    soundfile.write(file, tone, 44_100, format="MP3")
    return file.getvalue()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names resolve to: each look-up takes the next address, the last one stays."""
    addresses: dict[str, list[str]] = {}
    look_up = socket.getaddrinfo

    def resolve(name: str, port: int, *args: object, **options: object) -> object:
        if name not in addresses:
            return look_up(name, port, *args, **options)
        given = addresses[name]
        address = given.pop(0) if len(given) > 1 else given[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (one, port)) for one in address.split(" ")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return addresses


@pytest.fixture
def no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused address is refused before anything is sent anywhere."""

    def connect(*_: object) -> None:
        raise AssertionError("it connected")

    monkeypatch.setattr(socket.socket, "connect", connect)


def preview(url: str) -> Preview:
    return Preview(OutsideTrack("deezer", "7", ("Ann Arbour",), "First Light"), url)


def sends(body: bytes, status: int = 200, **headers: str) -> Send:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return send


def sends_on_to(url: str) -> Send:
    return sends(b"", 302, Location=url)


class TestWhereItMayBeFetched:
    @pytest.mark.parametrize(
        "url",
        [
            "https://evil-dzcdn.net/a.mp3",
            "https://dzcdn.net.evil.example/a.mp3",
            "https://dzcdn.net/a.mp3",
            "https://.dzcdn.net/a.mp3",
            "https://evil.example/https://cdnt-preview.dzcdn.net/a.mp3",
            "https://evil.example/a.mp3#.dzcdn.net",
            "https://evil.example/a.mp3?.dzcdn.net",
            "https://evil.example\\.dzcdn.net/a.mp3",
            "https://evil.example%2f.dzcdn.net/a.mp3",
            "https://cdnt-preview.dzcdn.net@evil.example/a.mp3",
            "https://me@cdnt-preview.dzcdn.net/a.mp3",
            "https://me:secret@cdnt-preview.dzcdn.net/a.mp3",
            "https://cdnt-preview.dzcdn.net./a.mp3",
            "https://cdnt-preview.dzcdn.net:8443/a.mp3",
            "https://cdnt-preview.dzcdn.net:80/a.mp3",
            "http://cdnt-preview.dzcdn.net/a.mp3",
            "http://cdnt-preview.dzcdn.net:443/a.mp3",
            "https://127.0.0.1/a.mp3",
            "https://2130706433/a.mp3",
            "https://0177.0.0.1/a.mp3",
            "https://0x7f.1/a.mp3",
            "https://127.1/a.mp3",
            "https://0/a.mp3",
            "https://localhost/a.mp3",
            "https://localhost.localdomain/a.mp3",
            "https://169.254.169.254/latest/meta-data/",
            "https://[::1]/a.mp3",
            "https://[::ffff:127.0.0.1]/a.mp3",
            "https://[fe80::1%25eth0]/a.mp3",
            "https://①②⑦.0.0.1/a.mp3",
            "https://ｄzcdn.net/a.mp3",
            "file:///etc/passwd",
            "ftp://cdnt-preview.dzcdn.net/a.mp3",
            "data:audio/mpeg;base64,SUQz",
            "gopher://cdnt-preview.dzcdn.net/a.mp3",
            "//cdnt-preview.dzcdn.net/a.mp3",
            "cdnt-preview.dzcdn.net/a.mp3",
            "https:///a.mp3",
            "https://cdnt-preview.dzcdn.net/a.mp3\r\nHost: evil.example",
            " https://cdnt-preview.dzcdn.net/a.mp3",
            "https://cdnt-preview.dzcdn.net:99999/a.mp3",
            "",
        ],
    )  # fmt: skip
    @pytest.mark.usefixtures("no_connections")
    def test_no_other_address_is_asked(self, url: str, names: dict[str, list[str]]) -> None:
        names |= {name: [PUBLIC] for name in ("evil.example", "dzcdn.net", "evil-dzcdn.net")}
        with pytest.raises(SegueError) as refused:
            fetch(preview(url), Settings())
        said = str(refused.value)
        assert said.startswith("Deezer's address of this preview ")
        assert said.endswith("so nothing was fetched; try another track.")
        assert "secret" not in said and "passwd" not in said

    @pytest.mark.parametrize(
        ("hosts", "url"),
        [
            (DEEZER, "https://cdnt-preview.dzcdn.net/api/1/1/a.mp3?hdnea=exp=1~acl=/*~hmac=f"),
            (DEEZER, "https://CDNS-PREVIEW-D.DZCDN.NET/stream/c-1.mp3"),
            (APPLE, "https://audio-ssl.itunes.apple.com:443/itunes-assets/a.p.m4a"),
        ],
    )
    def test_the_services_own_hosts_are(
        self, hosts: Hosts, url: str, names: dict[str, list[str]]
    ) -> None:
        for name in ("cdnt-preview.dzcdn.net", "cdns-preview-d.dzcdn.net"):
            names[name] = [PUBLIC]
        names["audio-ssl.itunes.apple.com"] = [PUBLIC]
        assert hosts.place(url).address == PUBLIC

    def test_one_service_may_not_send_to_the_other(self) -> None:
        with pytest.raises(SegueError, match="none of its hosts"):
            APPLE.place("https://cdnt-preview.dzcdn.net/a.mp3")

    @pytest.mark.parametrize(
        "address",
        [
            *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
            *("100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1"),
            *("::1", "::", "fe80::1", "fd00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1"),
            *("64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "::7f00:1"),
            *("64:ff9b:1::7f00:1", "::ffff:0:10.0.0.1", "fec0::1"),
            f"{PUBLIC} 10.0.0.1",  # two addresses, and one of them is not public
        ],
    )
    @pytest.mark.usefixtures("no_connections")
    def test_a_listed_name_that_leads_into_a_private_network_is_not_asked(
        self, address: str, names: dict[str, list[str]]
    ) -> None:
        names["cdn.dzcdn.net"] = [address]
        with pytest.raises(SegueError, match="leads into a private network"):
            fetch(preview("https://cdn.dzcdn.net/a.mp3"), Settings())

    def test_addresses_of_the_open_internet_are_public(self) -> None:
        assert all(map(is_public, (PUBLIC, "2606:2800:220:1::1", "64:ff9b::5db8:d822")))
        assert not is_public("fe80::1%eth0")

    def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_found(
        self, host: Host, names: dict[str, list[str]], mp3: bytes
    ) -> None:
        host.paths["/a.mp3"] = sends(mp3)
        own = f"media.example:{host.port}"
        names["media.example"] = ["127.0.0.1", "10.255.255.1"]
        clip = fetch(preview(f"http://{own}/a.mp3"), Settings(deezer_preview_hosts=own))
        assert clip.data == mp3
        assert host.came == [("/a.mp3", own)]
        assert names["media.example"] == ["10.255.255.1"]  # it was never looked up again

    def test_a_name_that_turns_private_at_the_second_look_up_is_never_met_there(
        self, host: Host, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[object] = []

        def connect(sock: socket.socket, address: object) -> None:
            asked.append(address)
            raise OSError("there is no network in this test")

        monkeypatch.setattr(socket.socket, "connect", connect)
        names["cdn.dzcdn.net"] = [PUBLIC, "127.0.0.1"]
        with pytest.raises(SegueError, match="did not send the preview"):
            fetch(preview("https://cdn.dzcdn.net/a.mp3"), Settings())
        assert asked == [(PUBLIC, 443)]

    def test_a_name_that_nobody_knows_is_said_to_be_unknown(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unknown(*_: object, **__: object) -> None:
            raise socket.gaierror("no such name")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        with pytest.raises(SegueError, match=r"cannot be found; check your connection"):
            fetch(preview("https://cdn.dzcdn.net/a.mp3"), Settings())


class TestTheCertificate:
    def test_it_must_be_that_of_the_name_that_was_asked_for(
        self, host: Host, names: dict[str, list[str]], mp3: bytes, trusting: Callable[[str], None]
    ) -> None:
        host.paths["/a.mp3"] = sends(mp3)
        trusting("media.example")
        for name in ("media.example", "other.example"):
            names[name] = ["127.0.0.1"]
        own = Settings(deezer_preview_hosts=f"media.example:{host.port}, other.example:{host.port}")
        assert fetch(preview(f"https://media.example:{host.port}/a.mp3"), own).data == mp3
        with pytest.raises(SegueError, match=r"did not send the preview \(ConnectError\)"):
            fetch(preview(f"https://other.example:{host.port}/a.mp3"), own)

    @pytest.fixture
    def trusting(
        self, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[str], None]:
        """The server speaks TLS, with a certificate for one name that Segue trusts."""

        def trust(name: str) -> None:
            pem = tmp_path / "certificate.pem"
            pem.write_bytes(a_certificate(name))
            inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            inside.load_cert_chain(pem)
            host.server.socket = inside.wrap_socket(host.server.socket, server_side=True)
            outside = ssl.create_default_context(cafile=str(pem))
            monkeypatch.setattr(clips, "_certificates", lambda: outside)

        return trust


def a_certificate(name: str) -> bytes:
    """A key and a certificate for `name` that it signed itself, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)


class TestWhereItIsSentOn:
    @pytest.mark.parametrize(
        "target",
        [
            "http://127.0.0.1:1/a.mp3",
            "https://localhost/a.mp3",
            "https://evil.example/a.mp3",
            "file:///etc/passwd",
            "//evil.example/a.mp3",
            "http://169.254.169.254/",
            "http://[",
        ],
    )
    def test_no_further_than_the_list_goes(
        self, host: Host, settings: Settings, target: str
    ) -> None:
        host.paths["/a.mp3"] = sends_on_to(target)
        with pytest.raises(SegueError, match="so nothing was fetched"):
            fetch(preview(f"http://127.0.0.1:{host.port}/a.mp3"), settings)
        assert [path for path, _ in host.came] == ["/a.mp3"]

    def test_to_another_place_of_the_service(
        self, host: Host, settings: Settings, mp3: bytes
    ) -> None:
        host.paths |= {"/a.mp3": sends_on_to("/there/b.mp3"), "/there/b.mp3": sends(mp3)}
        clip = fetch(preview(f"http://127.0.0.1:{host.port}/a.mp3"), settings)
        assert clip.data == mp3

    def test_not_round_in_circles(self, host: Host, settings: Settings) -> None:
        host.paths["/a.mp3"] = sends_on_to("/a.mp3")
        with pytest.raises(SegueError, match="round in circles"):
            fetch(preview(f"http://127.0.0.1:{host.port}/a.mp3"), settings)
        assert len(host.came) == 4


class TestWhatComes:
    @pytest.fixture
    def get(self, host: Host, settings: Settings) -> Callable[..., clips.Clip]:
        def get(send: Send, *, longest_s: float = 5.0) -> clips.Clip:
            host.paths["/a.mp3"] = send
            url = f"http://127.0.0.1:{host.port}/a.mp3"
            return fetch(preview(url), settings, longest_s=longest_s)

        return get

    def test_it_is_what_its_bytes_are(self, get: Callable[..., clips.Clip], mp3: bytes) -> None:
        clip = get(sends(mp3, Content_Type="text/html"))
        assert (clip.data, clip.media_type) == (mp3, "audio/mpeg")

    @pytest.mark.parametrize(
        "body",
        [
            b"<!doctype html><script>alert(1)</script>",
            b'{"error": "gone"}',
            b"",
            b"ID3",
            b"ID3\x04\x00\x00\x00\x00\x00\x00<html><script>alert(1)</script>",
            b"\xff\xfe<\x00h\x00t\x00m\x00l\x00",  # UTF-16 begins as MP3 nearly does
            b"GIF89a" + b"\x00" * 100,
        ],
        ids=["page", "json", "empty", "stub", "page after a tag", "UTF-16", "picture"],
    )
    def test_what_is_no_sound_is_thrown_away_whatever_it_calls_itself(
        self, get: Callable[..., clips.Clip], body: bytes
    ) -> None:
        with pytest.raises(SegueError, match="is no sound, so it was thrown away") as refused:
            get(sends(body, Content_Type="audio/mpeg"))
        assert "alert" not in str(refused.value)

    def test_an_archive_that_is_called_mp3_is_thrown_away(
        self, get: Callable[..., clips.Clip]
    ) -> None:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as packed:
            packed.writestr("a.mp3", "x" * 1000)
        with pytest.raises(SegueError, match="is no sound"):
            get(sends(archive.getvalue(), Content_Type="audio/mpeg"))

    def test_what_says_that_it_is_too_large_is_not_read(
        self, get: Callable[..., clips.Clip]
    ) -> None:
        with pytest.raises(SegueError, match="more than 4 MB"):
            get(sends(b"", Content_Length=str(2**31)))

    def test_what_never_ends_is_read_no_further_than_the_limit(
        self, get: Callable[..., clips.Clip], host: Host
    ) -> None:
        sent = 0

        def endless(handler: BaseHTTPRequestHandler) -> None:
            nonlocal sent
            handler.send_response(200)
            handler.send_header("Connection", "close")
            handler.end_headers()
            while sent < 200_000_000 and not host.over.is_set():
                handler.wfile.write(b"\xff\xfb\x90\x00" * 16_384)
                sent += 65_536

        with pytest.raises(SegueError, match="more than 4 MB"):
            get(endless)
        assert sent < 40_000_000

    @pytest.mark.parametrize("in_headers", [False, True])
    def test_what_comes_drop_by_drop_is_given_up(
        self, get: Callable[..., clips.Clip], host: Host, in_headers: bool
    ) -> None:
        def drip(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"" if in_headers else b"")
            if not in_headers:
                handler.send_response(200)
                handler.end_headers()
            while not host.over.wait(0.02):
                handler.wfile.write(b"X")

        began = time.monotonic()
        with pytest.raises(SegueError, match=r"did not send the preview \(ReadTimeout\)"):
            get(drip, longest_s=0.4)
        assert time.monotonic() - began < 4

    def test_a_host_that_says_nothing_is_given_up(
        self, get: Callable[..., clips.Clip], host: Host
    ) -> None:
        with pytest.raises(SegueError, match="did not send the preview"):
            get(lambda _: bool(host.over.wait(5)) or None, longest_s=0.3)

    def test_what_breaks_off_is_no_clip(self, get: Callable[..., clips.Clip], mp3: bytes) -> None:
        with pytest.raises(SegueError, match="did not send the preview"):
            get(sends(mp3[:100], Content_Length=str(len(mp3))))

    @pytest.mark.parametrize("status", [403, 404, 410])
    def test_an_address_that_died_is_told_from_a_fault(
        self, get: Callable[..., clips.Clip], status: int
    ) -> None:
        with pytest.raises(ClipGone):
            get(sends(b"", status))

    def test_a_fault_of_the_host_is_said(self, get: Callable[..., clips.Clip]) -> None:
        with pytest.raises(SegueError, match="HTTP 503") as failed:
            get(sends(b"<h1>secret</h1>", 503))
        assert not isinstance(failed.value, ClipGone)
        assert "secret" not in str(failed.value)


def test_sound_is_known_by_its_first_bytes(mp3: bytes) -> None:
    tagged = b"ID3\x03\x00\x00\x00\x00\x01\x00" + b"\x00" * 128 + mp3
    assert media_type_of(mp3) == media_type_of(tagged) == "audio/mpeg"
    assert media_type_of(b"\x00\x00\x00\x20ftypM4A " + b"\x00" * 100) == "audio/mp4"
    assert media_type_of(b"\xff\xf1\x50\x80" + b"\x00" * 100) == "audio/aac"
