"""From a recipe to sound: choose, play each layer, mix."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from data.demo.sound import score
from data.demo.sound.chance import between, dice, pick
from data.demo.sound.drums import kit
from data.demo.sound.oscillators import Patch, note
from data.demo.sound.recipes import Recipe
from data.demo.sound.score import BAR, Part, Tone
from data.harmony import Key

Audio = NDArray[np.float32]

SAMPLE_RATE = 22_050
_DRUM_MIX = {"kick": 0.85, "snare": 0.6, "clap": 0.6, "hat": 0.28, "open": 0.3, "perc": 0.22}
_DRUM_MIX |= {"crash": 0.3, "cowbell": 0.25, "riser": 0.25}
_SENDS = {"chords": 0.7, "pad": 0.5, "lead": 0.8, "arp": 0.8, "clap": 0.35, "snare": 0.25}


@dataclass(frozen=True, slots=True)
class Makers:
    """Whose hands a track went through; equal names give equal traits.

    Parameters
    ----------
    artist : str
        Decides instruments, drum kit, and the progressions that come back.
    label : str
        Decides the room and the tilt of the sound.
    work : str
        Decides the hook and the progression; versions of one work share both.
    """

    artist: str = ""
    label: str = ""
    work: str = ""


def render(
    recipe: Recipe,
    bpm: float,
    key: Key,
    seed: object,
    seconds: float = 24.0,
    *,
    energy: float = 0.6,
    makers: Makers = Makers(),
    beatless: bool = False,
) -> Audio:
    """Make a track.

    Parameters
    ----------
    recipe : Recipe
        The genre; its `tempo` and `minor` are not read here.
    bpm : float
        Tempo. The first beat is the first sample.
    key : Key
    seed : object
        Anything with a stable `str`; equal arguments give equal samples.
    seconds : float
        Length of the result. However long, it goes from intro to drop.
    energy : float
        0 (sparse, dark, quiet) to 1 (dense, bright, loud).
    makers : Makers
    beatless : bool
        Leave the drums out.

    Returns
    -------
    ndarray of float32, shape (seconds * SAMPLE_RATE,)
        Mono, within -1 to 1.

    Raises
    ------
    ValueError
        If `bpm` or `seconds` is not above 0.

    Examples
    --------
    >>> from data.demo.sound.recipes import RECIPES
    >>> render(RECIPES["House"], 124, Key(9, "minor"), seed=1, seconds=2).shape
    (44100,)
    """
    if not bpm > 0 or not seconds > 0:
        raise ValueError(f"bpm and seconds must be above 0, not {bpm!r} and {seconds!r}")
    track = _Track(recipe, bpm, key, seed, seconds, energy, makers)
    if not beatless:
        track.play_drums()
    track.play_bass()
    track.play_harmony()
    return track.mixed()


class _Track:
    """One track while it is made."""

    def __init__(
        self, recipe: Recipe, bpm: float, key: Key, seed: object, seconds: float, energy: float,
        makers: Makers,
    ) -> None:  # fmt: skip
        self.recipe, self.key, self.energy = recipe, key, float(np.clip(energy, 0, 1))
        self.makers = makers
        self.rng = dice("track", recipe.name, seed)
        artist, label = dice("artist", recipe.name, makers.artist), dice("label", makers.label)
        self.size = round(seconds * SAMPLE_RATE)
        self.step_s = 15.0 / bpm
        self.bars = max(math.ceil(seconds / (BAR * self.step_s) - 1e-6), 1)
        self.parts = score.parts(self.bars)
        self.swing = between(artist, *recipe.swing)
        self.tilt = 2.0 ** (2.0 * (self.energy - 0.5) + between(label, -0.35, 0.35))
        self.space = recipe.space * between(label, 0.7, 1.3)
        self.room = str(makers.label)
        self.patches = {
            "bass": _own(artist, pick(artist, recipe.bass_patches)),
            "chords": _own(artist, pick(artist, recipe.chord_patches)),
            "pad": _own(artist, pick(artist, recipe.pad_patches)),
            "lead": _own(artist, pick(artist, recipe.lead_patches)),
            "arp": _own(artist, pick(artist, recipe.chord_patches)),
        }
        work = dice("work", makers.work or seed)
        loops = recipe.minor_loops if key.mode == "minor" else recipe.major_loops
        liked = [pick(artist, loops), pick(artist, loops)]  # an artist has habits
        self.loop = pick(work, liked)
        self.hook = score.hook(key, work)
        self.dry = np.zeros(self.size, np.float32)
        self.ducked = np.zeros(self.size, np.float32)
        self.send = np.zeros(self.size, np.float32)
        self.kicks: list[int] = []
        self.sounds: dict[tuple[object, ...], Audio] = {}

    # -- where things are

    def sample(self, step: float) -> int:
        """Sample at which a sixteenth starts; every second one swings."""
        late = self.swing if int(step) % 2 else 0.0
        return round((step + late) * self.step_s * SAMPLE_RATE)

    def by_density(self, choices: tuple[str, ...]) -> str:
        """Return one of `choices`, which go from sparse to dense, by the track's energy."""
        wanted = self.energy * len(choices) + between(self.rng, -0.5, 0.5)
        return choices[int(np.clip(wanted, 0, len(choices) - 1))]

    def part_of(self, bar: int) -> Part:
        """Return the part that holds a bar."""
        return next(part for part in reversed(self.parts) if part.start <= bar)

    # -- layers

    def play_drums(self) -> None:
        """Play every piece of the kit, a riser into the drop and a crash on it."""
        recipe = self.recipe
        sounds = kit(
            recipe.kit, self.makers.artist, self.key.pitch_class, SAMPLE_RATE, bright=self.tilt
        )
        for piece, rhythms in recipe.drums.items():
            rhythm = self.by_density(rhythms)
            for bar in range(self.bars):
                if piece in self.part_of(bar).layers:
                    for step, strength in score.strokes(rhythm):
                        self.strike(piece, sounds[piece], bar * BAR + step, strength)
        for part in self.parts:
            if part.name == "drop":
                self.strike("crash", sounds["crash"], part.start * BAR, 0.4 + 0.6 * self.energy)
                second = 1.0 / self.step_s
                self.strike("riser", sounds["riser"], part.start * BAR - second, self.energy)

    def strike(self, piece: str, sound: Audio, step: float, strength: float) -> None:
        """Put one stroke of a drum where it belongs."""
        start = max(self.sample(step), 0)
        # The drums of a calm track stand back.
        level = strength * self.recipe.mix.get(piece, _DRUM_MIX[piece]) * (0.65 + 0.5 * self.energy)
        level *= between(self.rng, 0.92, 1.0)
        _add(self.dry, sound, start, level)
        if piece in _SENDS:
            _add(self.send, sound, start, level * _SENDS[piece])
        if piece == "kick":
            self.kicks.append(start)

    def play_bass(self) -> None:
        """Play the bass line on the roots of the progression; in the break it holds the root."""
        line = self.by_density(self.recipe.bass)
        for bar in range(self.bars):
            part = self.part_of(bar)
            held = "r---------------" if part.name == "break" else line
            degree = self.loop[bar % len(self.loop)]
            for tone in score.bass_line(held, self.key, degree, bar):
                self.play("bass", tone, part)

    def play_harmony(self) -> None:
        """Play chords, pad, arpeggio and hook."""
        rhythm = self.by_density(self.recipe.chords)
        for bar in range(self.bars):
            part, degree = self.part_of(bar), self.loop[bar % len(self.loop)]
            pitches = score.chord(self.key, degree, sevenths=self.recipe.sevenths, centre=62)
            if "chords" in part.layers:
                for step, strength in score.strokes(rhythm):
                    for pitch in pitches:
                        self.play("chords", Tone(bar * BAR + step, 1.6, pitch, strength), part)
            if "pad" in part.layers:
                behind = 0.5 if part.name == "drop" else 1.0  # the drums stand in front there
                for pitch in pitches:
                    self.play("pad", Tone(bar * BAR, BAR - 0.5, pitch, behind), part)
            if "arp" in part.layers and self.recipe.arpeggio:
                high = [pitch + 12 for pitch in pitches[:3]]
                for tone in score.arpeggio(high, self.recipe.arpeggio, bar, dice("arp", bar)):
                    self.play("arp", tone, part)
            if "lead" in part.layers:
                first = (bar - part.start) % 2 * BAR
                for tone in self.hook:
                    if first <= tone.step < first + BAR:
                        at = bar * BAR + tone.step - first
                        self.play("lead", replace(tone, step=at), part)

    def play(self, layer: str, tone: Tone, part: Part) -> None:
        """Put one note where it belongs; equal notes are made once."""
        mark = (layer, tone.pitch, tone.length, part.bright)
        if mark not in self.sounds:
            self.sounds[mark] = note(
                self.patches[layer], tone.pitch, tone.length * self.step_s, SAMPLE_RATE,
                bright=self.tilt * part.bright,
            )  # fmt: skip
        level = tone.strength * self.recipe.mix.get(layer, 0.2)
        start = self.sample(tone.step)
        _add(self.ducked, self.sounds[mark], start, level)
        if layer in _SENDS:
            _add(self.send, self.sounds[mark], start, level * _SENDS[layer])

    # -- mix

    def mixed(self) -> Audio:
        """Duck under the kick, add the room, drive, and set the loudness by the energy."""
        wet = self.recipe.wet * _room(self.send, self.space, self.room)
        music = (self.ducked + wet) * self.pumping()
        mix = music + self.dry
        mix = np.tanh(mix * np.float32(0.16 * self.recipe.drive / _rms(mix)))
        # -19 to -9 dB; what is left over one is clipped softly.
        wanted = 10.0 ** ((-19.0 + 10.0 * self.energy) / 20.0)
        mix = np.tanh(mix * np.float32(wanted / _rms(mix)))
        fade = min(round(0.25 * SAMPLE_RATE), self.size)
        mix[-fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
        return np.asarray(mix, np.float32)

    def pumping(self) -> Audio:
        """Loudness of the music over time: down at each kick, up again until the next."""
        level = np.ones(self.size, np.float32)
        length = round(3.2 * self.step_s * SAMPLE_RATE)
        up = np.linspace(0.0, 1.0, length, dtype=np.float32) ** 0.7
        dip = 1.0 - np.float32(self.recipe.pump) * (1.0 - up)
        for start in self.kicks:
            end = min(start + length, self.size)
            if start < end:
                level[start:end] = np.minimum(level[start:end], dip[: end - start])
        return level


def _own(artist: np.random.Generator, patch: Patch) -> Patch:
    """Turn the knobs of a patch a little, the way one artist has them."""
    return replace(
        patch,
        cutoff=patch.cutoff * 2.0 ** between(artist, -0.5, 0.5),
        decay=patch.decay * 2.0 ** between(artist, -0.4, 0.4),
        detune=patch.detune * between(artist, 0.6, 1.5),
    )


def _add(out: Audio, sound: Audio, start: int, level: float) -> None:
    end = min(start + len(sound), len(out))
    if start < end:
        out[start:end] += np.float32(level) * sound[: end - start]


def _rms(samples: Audio) -> float:
    return max(math.sqrt(float(np.dot(samples, samples)) / len(samples)), 1e-6)


def _room(send: Audio, seconds: float, name: str) -> Audio:
    """Reverb: noise that dies away, darker than the sound, at half the sample rate for speed."""
    even = len(send) // 2 * 2
    pairs = np.float32(0.5) * (send[0:even:2] + send[1:even:2])
    size = round(seconds * SAMPLE_RATE / 2)
    tail = dice("room", name).standard_normal(size).astype(np.float32)
    tail = (tail + np.roll(tail, 1)) * np.exp(np.linspace(0.0, -6.9, size, dtype=np.float32))
    tail /= np.sqrt(np.sum(tail**2))
    length = fft.next_fast_len(len(pairs) + size, real=True)
    spectrum = fft.rfft(pairs, length) * fft.rfft(tail, length)
    echo = fft.irfft(spectrum, length)[: len(pairs)]
    full = np.zeros(len(send), np.float32)
    full[: 2 * len(echo)] = np.repeat(echo, 2)
    return full
