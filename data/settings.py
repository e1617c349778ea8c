"""Every setting of Segue, in one place.

Each can be given in the environment with the prefix ``SEGUE_``. Nothing else in
the project reads the environment.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What can be set, with its default and meaning."""

    model_config = SettingsConfigDict(env_prefix="SEGUE_", frozen=True)

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("segue", appauthor=False)),
        description="Folder that holds all state: database, models, downloads.",
    )
    database_url: str = Field(
        default="",
        description="SQLAlchemy URL of the catalogue; empty means SQLite in the home folder.",
    )
    host: str = Field(default="127.0.0.1", description="Address the dashboard listens on.")
    port: int = Field(default=8050, ge=1, le=65535, description="Port the dashboard listens on.")
    names: str = Field(
        default="",
        description="Names besides `localhost` by which browsers may ask for Segue, with commas "
        "between them: yours in the network, or that of a proxy in front of it.",
    )
    public_url: str = Field(
        default="",
        description="Where browsers find Segue, if not at its own address: that of a proxy in "
        "front of it, with `https://`. Spotify sends people back there.",
    )
    threads: int = Field(default=8, ge=1, description="Threads that serve the dashboard.")
    user_agent: str = Field(
        default="Segue/0.1 (DJ track finder; one polite connection)",
        description="How Segue names itself to the sites it reads. Add your address to it.",
    )
    http_timeout: float = Field(
        default=30.0, gt=0, description="Seconds before a request is given up."
    )
    http_delay: float = Field(
        default=1.0, ge=0, description="Least seconds between two requests to one host."
    )
    http_retries: int = Field(default=5, ge=0, description="Tries after a failure that may pass.")
    mixesdb_api_url: str = Field(
        default="https://www.mixesdb.com/w/api.php", description="MediaWiki API of MixesDB."
    )
    mixesdb_page_url: str = Field(
        default="https://www.mixesdb.com/w/",
        description="Start of a MixesDB page's address; the title follows.",
    )
    mixesdb_delay: float = Field(
        default=4.0, ge=0, description="Least seconds between two requests to MixesDB."
    )
    spotify_client_id: str = Field(
        default="",
        description="Client ID of your Spotify app; the Spotify page takes it as well.",
    )
    spotify_client_secret: str = Field(
        default="",
        repr=False,
        description="Client secret of your Spotify app. Not needed to sign in.",
    )
    spotify_api_url: str = Field(
        default="https://api.spotify.com/v1/", description="Spotify's Web API."
    )
    spotify_accounts_url: str = Field(
        default="https://accounts.spotify.com/", description="Where people sign in to Spotify."
    )
    spotify_market: str = Field(
        default="US",
        pattern="^([A-Z]{2})?$",
        description="Country in which tracks must be available, as two letters.",
    )
    spotify_delay: float = Field(
        default=0.2, ge=0, description="Least seconds between two requests to Spotify."
    )
    previews: bool = Field(
        default=True,
        description="Whether tracks without a file are looked for at Deezer and Apple, to hear "
        "30 seconds of them.",
    )
    deezer_api_url: str = Field(default="https://api.deezer.com/", description="Deezer's API.")
    deezer_preview_hosts: str = Field(
        default="*.dzcdn.net",
        description="Hosts from which Deezer's previews are taken, with commas between them.",
    )
    deezer_delay: float = Field(
        default=0.15, ge=0, description="Least seconds between two requests to Deezer."
    )
    itunes_api_url: str = Field(
        default="https://itunes.apple.com/", description="Apple's iTunes Search API."
    )
    itunes_preview_hosts: str = Field(
        default="audio-ssl.itunes.apple.com",
        description="Hosts from which Apple's previews are taken, with commas between them.",
    )
    itunes_country: str = Field(
        default="US", pattern="^[A-Z]{2}$", description="Country of the iTunes store."
    )
    itunes_delay: float = Field(
        default=3.0, ge=0, description="Least seconds between two requests to Apple."
    )
    fma_url: str = Field(
        default="https://os.unil.cloud.switch.ch/fma/",
        description="Folder of the web that holds the archives of the FMA data set.",
    )
    ncs_url: str = Field(
        default="https://ncs.io/music-search",
        description="Music search of NoCopyrightSounds.",
    )
    dask_scheduler: str = Field(
        default="",
        description="Dask scheduler whose workers analyse audio (tcp://host:8786); "
        "empty means processes of this machine.",
    )
    vector_index: Literal["exact", "ivf"] = Field(
        default="exact",
        description="How the nearest vectors are found: `exact`, or `ivf` (FAISS) for more than "
        "half a million of them.",
    )
    max_duration_min: float = Field(
        default=30.0,
        gt=0,
        description="Minutes beyond which an audio file is a mix and is not analysed.",
    )
    shared: Path = Field(
        default=Path("../shared"),
        description="Folder with data for measuring; only tests and benchmarks read it.",
    )

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the catalogue."""
        return self.database_url or f"sqlite:///{self.home / 'catalogue.sqlite'}"

    @property
    def models_dir(self) -> Path:
        """Folder that holds the trained models."""
        return self.home / "models"

    @property
    def vault_key(self) -> Path:
        """File that holds the key to what is kept sealed, such as sign-ins."""
        return self.home / "vault.key"

    @property
    def demo_audio_dir(self) -> Path:
        """Folder that holds the sound of the demo crate."""
        return self.home / "demo-audio"


@cache
def get_settings() -> Settings:
    """Settings of this process, read once."""
    return Settings()
