"""Look a track up on Spotify, as a link that was pasted names it."""

from __future__ import annotations

from data.errors import SegueError
from data.records import OutsideTrack
from hybrid.spotify.account import Account


def look_up(account: Account, ident: str) -> OutsideTrack:
    """Return a track of Spotify by its id.

    Parameters
    ----------
    account : Account
        Being signed in is not needed where the app has a secret.
    ident : str
        22 letters and digits; `data.identity.parse_outside_id` reads links.

    Raises
    ------
    SegueError
        If Spotify does not have it.
    SpotifyProblem
        If Spotify does not answer, or nobody is signed in.
    """
    found = account.lookup_client().track(ident)
    if found is None:
        raise SegueError(
            "Spotify does not have this track, or not in your country: check the link, "
            "and the setting SEGUE_SPOTIFY_MARKET."
        )
    return found
