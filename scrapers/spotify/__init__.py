"""Spotify: signing in, looking up, and reading and writing playlists."""

from scrapers.spotify.client import Memory, Pause, SpotifyClient
from scrapers.spotify.errors import SpotifyProblem, problem_of
from scrapers.spotify.reading import Me, PlaylistInfo, PlaylistItem
from scrapers.spotify.sign_in import SCOPES, AppKeys, Started, app_token, exchange, renew, start

__all__ = [
    "SCOPES",
    "AppKeys",
    "Me",
    "Memory",
    "Pause",
    "PlaylistInfo",
    "PlaylistItem",
    "SpotifyClient",
    "SpotifyProblem",
    "Started",
    "app_token",
    "exchange",
    "problem_of",
    "renew",
    "start",
]
