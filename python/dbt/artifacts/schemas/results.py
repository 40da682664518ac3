"""`from dbt.artifacts.schemas.results import NodeStatus`."""

from karat_dbt.results import FreshnessStatus, NodeStatus, RunStatus, TestStatus, TimingInfo

__all__ = ["FreshnessStatus", "NodeStatus", "RunStatus", "TestStatus", "TimingInfo"]
