"""run_results.json and sources.json as the objects that dbt's runner returns."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Dict, List, Optional

from .values import Item, item


class NodeStatus(str, Enum):
    """The outcome of a node. Equal to its word, and printed as it."""

    Success = "success"
    Error = "error"
    Fail = "fail"
    Warn = "warn"
    Skipped = "skipped"
    PartialSuccess = "partial success"
    Pass = "pass"
    RuntimeErr = "runtime error"
    NoOp = "no-op"

    def __str__(self):
        return self.value


RunStatus = TestStatus = FreshnessStatus = NodeStatus


@dataclass
class TimingInfo:
    """A stage of a node: `compile` or `execute`."""

    name: str
    started_at: Optional[datetime] = None
    completed_at: Optional[datetime] = None


@dataclass
class RunResult:
    """What became of a node."""

    status: Any
    timing: List[TimingInfo]
    thread_id: Optional[str]
    execution_time: float
    adapter_response: Dict[str, Any]
    message: Optional[str]
    failures: Optional[int]
    unique_id: str
    compiled_code: Optional[str] = None
    relation_name: Optional[str] = None
    batch_results: Optional[Item] = None
    raw: Dict[str, Any] = field(default_factory=dict, repr=False)
    manifest: Any = field(default=None, repr=False)

    @property
    def node(self):
        """The node of the manifest, with the SQL that was compiled."""
        node = self.manifest().find(self.unique_id)
        for name in ("compiled_code", "relation_name"):
            if self.raw.get(name) is not None:
                node[name] = self.raw[name]
        return node

    @property
    def skipped(self):
        return self.status == NodeStatus.Skipped

    def to_dict(self, *_, **__):
        """As run_results.json has it."""
        return dict(self.raw)


@dataclass
class FreshnessResult:
    """How fresh a source is."""

    status: Any
    unique_id: str
    raw: Dict[str, Any] = field(default_factory=dict, repr=False)
    manifest: Any = field(default=None, repr=False)

    @property
    def node(self):
        return self.manifest().find(self.unique_id)

    @property
    def age(self):
        return self.raw.get("max_loaded_at_time_ago_in_s")

    def __getattr__(self, name):
        raw = self.__dict__.get("raw", {})
        if name not in raw:
            raise AttributeError(name)
        value = raw[name]
        return moment(value) if name in ("max_loaded_at", "snapshotted_at") else item(value)

    def to_dict(self, *_, **__):
        """As sources.json has it."""
        return dict(self.raw)


@dataclass
class RunExecutionResult:
    """The results of an invocation, in the order in which they came."""

    results: List[Any]
    elapsed_time: float = 0.0
    args: Dict[str, Any] = field(default_factory=dict)
    metadata: Any = None

    @property
    def generated_at(self):
        return moment((self.metadata or {}).get("generated_at"))

    def __len__(self):
        return len(self.results)

    def __iter__(self):
        return iter(self.results)

    def __getitem__(self, index):
        return self.results[index]


def of_run(raw, manifest):
    """run_results.json; `manifest` is called when a node is asked for."""
    results = [of_node(result, manifest) for result in raw["results"]]
    return RunExecutionResult(results, raw["elapsed_time"], raw.get("args", {}), item(raw["metadata"]))


def of_sources(raw, manifest):
    """sources.json."""
    results = [FreshnessResult(status(each["status"]), each["unique_id"], each, manifest) for each in raw["results"]]
    return RunExecutionResult(results, raw["elapsed_time"], {}, item(raw["metadata"]))


def of_node(raw, manifest):
    timing = [TimingInfo(t["name"], moment(t.get("started_at")), moment(t.get("completed_at"))) for t in raw["timing"]]
    names = ("thread_id", "execution_time", "adapter_response", "message", "failures", "unique_id")
    own = {name: raw.get(name) for name in (*names, "compiled_code", "relation_name")}
    batches = item(raw.get("batch_results"))
    return RunResult(status(raw["status"]), timing, **own, batch_results=batches, raw=raw, manifest=manifest)


def status(word):
    """The status of a word; a word of a later release stays one."""
    try:
        return NodeStatus(word)
    except ValueError:
        return word


def moment(text):
    """The instant of `2026-11-21T00:57:01.918844Z`."""
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
