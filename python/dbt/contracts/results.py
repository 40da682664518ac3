"""`from dbt.contracts.results import NodeStatus, RunResult`."""

from karat_dbt.results import (
    FreshnessStatus,
    NodeStatus,
    RunExecutionResult,
    RunResult,
    RunStatus,
    TestStatus,
    TimingInfo,
)

__all__ = [
    "FreshnessStatus",
    "NodeStatus",
    "RunExecutionResult",
    "RunResult",
    "RunStatus",
    "TestStatus",
    "TimingInfo",
]
