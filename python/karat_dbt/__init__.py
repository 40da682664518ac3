"""dbt's programmatic interface, carried out by the program karat."""

from .errors import DbtInternalException, DbtRuntimeError, DbtUsageException
from .events import Event
from .results import NodeStatus, RunExecutionResult, RunResult, TimingInfo
from .runner import DBT_VERSION, dbtRunner, dbtRunnerResult

__all__ = [
    "DBT_VERSION",
    "DbtInternalException",
    "DbtRuntimeError",
    "DbtUsageException",
    "Event",
    "NodeStatus",
    "RunExecutionResult",
    "RunResult",
    "TimingInfo",
    "dbtRunner",
    "dbtRunnerResult",
]
