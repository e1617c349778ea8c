"""What encoders are worth: the same questions put to each, on the same clips."""

from __future__ import annotations

from models.encoders.evaluate.report import EncoderReport, EncoderRow
from models.encoders.evaluate.run import evaluate

__all__ = ["EncoderReport", "EncoderRow", "evaluate"]
