"""Long work as jobs of the catalogue: what kinds there are, and who runs them.

`run_job` runs one job that was claimed, wherever it is called: by the local worker (`work`), or
by a task of another queue.
"""

from hybrid.jobs.context import Cancelled, JobContext
from hybrid.jobs.kind import Kind
from hybrid.jobs.kinds import KINDS
from hybrid.jobs.run import run_job
from hybrid.jobs.worker import work

__all__ = ["KINDS", "Cancelled", "JobContext", "Kind", "run_job", "work"]
