"""How good are the recommendations? Measured on sets that were held out of training."""

from hybrid.evaluate.report import Report
from hybrid.evaluate.run import evaluate, measure

__all__ = ["Report", "evaluate", "measure"]
