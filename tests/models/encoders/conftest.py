"""Encoders are small and the machine may be busy: no test here is to depend on either."""

from __future__ import annotations

import torch
from hypothesis import settings

# Threads that wait for each other cost more than they bring where networks are this small.
torch.set_num_threads(1)

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
