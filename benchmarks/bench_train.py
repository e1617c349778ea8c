"""`segue train` against the bare implicit fit of the same matrix, in one run.

The bare fit has the same parameters and threads and gets the finished matrix. `train` also
reads the catalogue, drops near-duplicate sets, weights, writes the artefact.
"""

from __future__ import annotations

import sys
import time
from statistics import median

from corpus import real_catalogue, verdict

ROUNDS = 5
MOST = 1.2


def main() -> bool:
    """Alternate the two, so that a busy moment hits both."""
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    from hybrid import tuned
    from hybrid.corpus import interactions_of
    from hybrid.training import train
    from models.collaborative import JointALS

    with real_catalogue() as (catalogue, settings):
        everything = interactions_of(catalogue.snapshot())
        interactions = everything.keep_sets(everything.distinct_sets())
        parameters = tuned.als_parameters()
        matrix = JointALS(parameters).confidences(interactions)
        bare, whole = [], []
        for _ in range(ROUNDS):
            model = AlternatingLeastSquares(
                factors=parameters.factors,
                regularization=parameters.regularization,
                alpha=parameters.alpha,
                iterations=parameters.iterations,
                random_state=parameters.seed,
            )
            started = time.perf_counter()
            with threadpool_limits(1, "blas"):
                model.fit(matrix, show_progress=False)
            bare.append(time.perf_counter() - started)
            started = time.perf_counter()
            train(catalogue, settings)
            whole.append(time.perf_counter() - started)
        print(f"{matrix.shape[0]} sets x {matrix.shape[1]} tokens, {matrix.nnz} confidences")
        print(f"bare fit {median(bare):.2f} s, train {median(whole):.2f} s (median of {ROUNDS})")
        return verdict("train / bare fit", median(whole) / median(bare), MOST, "x")


if __name__ == "__main__":
    sys.exit(not main())
