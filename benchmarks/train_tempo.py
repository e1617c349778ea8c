"""Makes `models/audio/weights/tempo.safetensors`, the network that finds the beat's level.

It learns from the loops and the open music of the shared clips, whose licences allow that, and
from rhythms that `rhythms.py` invents. `cross_validate` is what figures come from
(`bench_tempo.py`): no style of loop and no author of a project in `open` is judged by weights
that were fitted on it.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import soundfile
import torch
from corpus import shared_data
from numpy.typing import NDArray
from rhythms import invent
from safetensors.numpy import save_file

from models.audio.onsets import FRAMES_PER_SECOND, SAMPLE_RATE, onset_envelopes
from models.audio.periodicity import evidence, periodicity
from models.audio.tempo import (
    PREFERENCE_CENTRES,
    TOLERANCE,
    WEIGHTS,
    preference_bumps,
)

INVENTED = 1_230
INVENTED_SHARE = 0.4
FOLDS = 10
HIDDEN = 16
EPOCHS = 12
SECONDS = 30
#: How much more decided than the fitted network is the shipped one: fitted on noisy copies, it
#: doubts too much on clean music. Read off the out-of-fold predictions: it brings their log loss
#: from .347 to .289, so the benchmark's table of confidence has this one number fitted to it.
SHARPNESS = 1.4
#: Altered copies per clip, the most clips of one style in it (twelve keys of one loop differ
#: little), and how much a style weighs.
COPIES = {"loops-drums": 6, "open": 14, "loops-chords": 2, "loops-bass": 3}
MOST_PER_STYLE = {"loops-drums": 99, "open": 99, "loops-chords": 6, "loops-bass": 8}
STYLE_WEIGHT = {"loops-drums": 1.0, "open": 1.0, "loops-chords": 0.3, "loops-bass": 0.3}

Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class LabelledClip:
    """Audio of a known tempo; `group` is what must not be on both sides of a fold."""

    name: str
    kind: str
    group: str
    bpms: tuple[float, ...]
    samples: NDArray[np.float32]


@dataclass(frozen=True)
class Examples:
    """Evidence (examples x candidates x features) with the tempo, weight, group of each."""

    tempi: NDArray[np.float64]
    features: NDArray[np.float32]
    bpm: NDArray[np.float64]
    weight: NDArray[np.float64]
    group: NDArray[np.str_]


def read_clips(folder: Path, kinds: Iterable[str]) -> list[LabelledClip]:
    """Every clip of these sets whose tempo is known, short loops repeated to 30 s."""
    clips = []
    with (folder / "audio" / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] in kinds and row["bpm"]]
    for row in rows:
        samples, rate = soundfile.read(folder / "audio" / row["file"], dtype="float32")
        assert rate == SAMPLE_RATE
        group = re.sub(r"-.*", "", row["title"])
        if row["set"].startswith("loops"):
            group = re.sub(r"[-\d]+$", "", row["style"])
            samples = np.tile(samples, -(-SECONDS * rate // len(samples)))[: SECONDS * rate]
        bpms = tuple(float(bpm) for bpm in row["bpm"].split(";"))
        clips.append(LabelledClip(row["file"], row["set"], group, bpms, samples))
    return clips


def learnable(clips: Sequence[LabelledClip]) -> Examples:
    """The clips and altered copies of them."""
    rows, seen = [], Counter()
    for number, clip in enumerate(clips):
        seen[clip.kind, clip.group] += 1
        if seen[clip.kind, clip.group] > MOST_PER_STYLE[clip.kind]:
            continue
        envelopes = onset_envelopes(clip.samples)
        rows.append((envelopes, clip.bpms[0], clip))
        rng = np.random.default_rng([7, number])
        for _ in range(COPIES[clip.kind]):
            altered, faster = _alter(envelopes, rng)
            rows.append((altered, clip.bpms[0] * faster, clip))
    size = Counter((clip.kind, clip.group) for *_, clip in rows)
    weight = [STYLE_WEIGHT[clip.kind] / size[clip.kind, clip.group] ** 0.6 for *_, clip in rows]
    return _examples(rows, weight, [clip.group for *_, clip in rows])


def invented(count: int = INVENTED) -> Examples:
    """Evidence of invented rhythms, of 12 to 30 s each."""
    rng = np.random.default_rng(3)
    rows = []
    for seed in range(count):
        samples, bpm, _ = invent(seed)
        frames = int(rng.uniform(12, 30) * FRAMES_PER_SECOND)
        rows.append((onset_envelopes(samples)[:, :frames], bpm, None))
    return _examples(rows, [1.0] * count, ["invented"] * count)


def _alter(
    envelopes: NDArray[np.float32], rng: np.random.Generator
) -> tuple[NDArray[np.float32], float]:
    """A faster or slower stretch with other levels of the bands and some noise."""
    faster = float(np.exp(rng.uniform(-0.12, 0.12)))
    frames = envelopes.shape[1]
    places = np.arange(0, frames - 1, faster)
    moved = np.stack([np.interp(places, np.arange(frames), band) for band in envelopes])
    length = int(rng.uniform(12, 30) * FRAMES_PER_SECOND)
    first = rng.integers(0, max(1, moved.shape[1] - length))
    moved = moved[:, first : first + length] * np.exp(rng.normal(0, 0.5, (4, 1)))
    noise = np.abs(rng.standard_normal(moved.shape)) * moved.std() * rng.uniform(0, 0.25)
    return (moved + noise).astype(np.float32), faster


def _examples(rows: Sequence[tuple], weight: Sequence[float], group: Sequence[str]) -> Examples:
    read = [evidence([periodicity(envelopes)], [1.0]) for envelopes, *_ in rows]
    return Examples(
        tempi=np.array([tempi for tempi, _ in read]),
        features=np.array([features for _, features in read]),
        bpm=np.array([bpm for _, bpm, _ in rows]),
        weight=np.array(weight),
        group=np.array(group),
    )


def fit(real: Examples, made: Examples, *, seed: int = 0) -> Weights:
    """Maximise the probability of the candidates within the tolerance, over all examples."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    features = np.concatenate([real.features, made.features])
    tempi = np.concatenate([real.tempi, made.tempi])
    bpm = np.concatenate([real.bpm, made.bpm])
    share = np.concatenate(
        [
            real.weight / real.weight.sum() * (1 - INVENTED_SHARE),
            made.weight / made.weight.sum() * INVENTED_SHARE,
        ]
    )
    width = features.shape[-1]
    mean = features.reshape(-1, width).mean(0)
    deviation = features.reshape(-1, width).std(0) + 1e-6
    inputs = torch.from_numpy((features - mean) / deviation)
    bumps = torch.from_numpy(preference_bumps(tempi).astype(np.float32))
    right = torch.from_numpy(np.abs(np.log(tempi / bpm[:, None])) < TOLERANCE - 0.005)
    weight = torch.from_numpy((share / share.mean()).astype(np.float32))
    net = torch.nn.Sequential(
        torch.nn.Linear(width, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1, bias=False)
    )
    preference = torch.nn.Parameter(torch.zeros(len(PREFERENCE_CENTRES)))
    _descend(net, preference, inputs, bumps, right, weight)
    hidden, output = net[0], net[2]
    scale = hidden.weight.detach().numpy().T / deviation[:, None]
    return {
        "hidden_weight": np.ascontiguousarray(scale, np.float32),
        "hidden_bias": np.asarray(hidden.bias.detach().numpy() - mean @ scale, np.float32),
        "output_weight": np.ascontiguousarray(SHARPNESS * output.weight.detach().numpy()[0]),
        "preference": np.ascontiguousarray(SHARPNESS * preference.detach().numpy()),
    }


def _descend(
    net: torch.nn.Sequential,
    preference: torch.nn.Parameter,
    inputs: torch.Tensor,
    bumps: torch.Tensor,
    right: torch.Tensor,
    weight: torch.Tensor,
    *,
    rate: float = 3e-3,
    batch: int = 64,
) -> None:
    groups = [
        {"params": [net[0].weight, net[2].weight], "weight_decay": 1.0},
        {"params": [net[0].bias], "weight_decay": 0.0},
        {"params": [preference], "weight_decay": 1.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=rate)
    steps = EPOCHS * -(-len(inputs) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate, rate, 5 * rate], total_steps=steps
    )
    for _ in range(EPOCHS):
        for some in torch.randperm(len(inputs)).split(batch):
            scores = net(inputs[some])[..., 0] + bumps[some] @ preference
            chances = torch.log_softmax(scores, 1).masked_fill(~right[some], -1e9)
            loss = -(weight[some] * torch.logsumexp(chances, 1)).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()


def folds_of(groups: Iterable[str], *, seed: int = 0) -> dict[str, int]:
    """A fold for each group, drawn at random."""
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names))
    return {names[place]: rank % FOLDS for rank, place in enumerate(order)}


def cross_validate(clips: Sequence[LabelledClip]) -> dict[str, Weights]:
    """For each group, weights fitted without it; sets that may only be measured teach nothing."""
    real = learnable([clip for clip in clips if clip.kind in COPIES])
    made = invented()
    fold_of = folds_of(clip.group for clip in clips)
    of_example = np.array([fold_of[group] for group in real.group])
    by_fold = []
    for fold in range(FOLDS):
        keep = of_example != fold
        kept = Examples(
            real.tempi[keep],
            real.features[keep],
            real.bpm[keep],
            real.weight[keep],
            real.group[keep],
        )
        by_fold.append(fit(kept, made))
    return {group: by_fold[fold] for group, fold in fold_of.items()}


def main() -> None:
    """Fit on everything and write the weights that are shipped."""
    real = learnable(read_clips(shared_data(), COPIES))
    made = invented()
    WEIGHTS.parent.mkdir(exist_ok=True)
    save_file(fit(real, made), WEIGHTS)
    print(f"{len(real.bpm)} + {len(made.bpm)} examples -> {WEIGHTS}")


if __name__ == "__main__":
    main()
