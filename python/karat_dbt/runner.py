"""`dbtRunner`: runs the program and makes dbt-shaped objects of what it leaves."""

import functools
import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, List, Optional

from . import results
from .errors import DbtInternalException, DbtRuntimeError, DbtUsageException
from .events import Event, EventFile
from .values import Manifest, item

DBT_VERSION = "1.11.16"
# Flags that have no `--no-` half: false means that they are not given.
SWITCHES = {"add_package", "config_dir", "connection", "empty_catalog", "lock", "show", "skip_profile_setup", "static", "upgrade"}
TICK = 0.02


@dataclass
class dbtRunnerResult:
    """The outcome of an invocation."""

    success: bool
    exception: Optional[BaseException] = None
    result: Any = None


class dbtRunner:
    """Invokes karat as dbt's own runner invokes dbt."""

    def __init__(self, manifest: Any = None, callbacks: Optional[List[Callable[[Event], None]]] = None):
        self.manifest = manifest
        self.callbacks = callbacks or []

    def invoke(self, args: List[str], **kwargs) -> dbtRunnerResult:
        """Runs a command line; named arguments are flags."""
        try:
            return Invocation(self.callbacks).run([*map(str, args), *words_of(kwargs)])
        except BaseException as fault:  # As dbt: a runner does not raise.
            return dbtRunnerResult(success=False, exception=fault)


class Invocation:
    """One run of the program."""

    def __init__(self, callbacks):
        self.callbacks = callbacks
        self.lines = []
        self.artifacts = {}
        self.sources = None
        self.told = None
        self.command = None
        self.fault = None

    def run(self, words):
        events = EventFile()
        try:
            code, said = self.execute(words, events)
        finally:
            events.close()
        if self.fault is not None:
            return dbtRunnerResult(success=False, exception=self.fault)
        return self.outcome(code, said)

    def execute(self, words, events):
        environment = {**os.environ, "KARAT_EVENT_FILE": events.path}
        pipe = subprocess.PIPE
        process = subprocess.Popen([program(), *words], stdout=pipe, stderr=pipe, env=environment, text=True, encoding="utf-8")
        said = []
        readers = [
            threading.Thread(target=copy, args=(process.stdout, sys.stdout, [])),
            threading.Thread(target=copy, args=(process.stderr, sys.stderr, said)),
        ]
        for reader in readers:
            reader.start()
        interrupted = None
        while True:
            try:
                process.wait(TICK)
                break
            except subprocess.TimeoutExpired:
                self.take(events)
            except KeyboardInterrupt as fault:
                # The program has been told, too: it ends its nodes and writes what it knows.
                interrupted = fault
        for reader in readers:
            reader.join()
        process.stdout.close()
        process.stderr.close()
        self.take(events)
        if interrupted is not None:
            self.fault = interrupted
        return process.returncode, "".join(said)

    def take(self, events):
        for event in events.read():
            self.note(event)
            for callback in self.callbacks:
                try:
                    callback(event)
                except Exception as fault:
                    self.fault = self.fault or fault

    def note(self, event):
        name, data = event.info.get("name"), event.data
        if name == "ArtifactWritten":
            self.artifacts[Path(data["artifact_path"]).name] = data["artifact_path"]
            if data["artifact_type"] == "FreshnessExecutionResultArtifact":  # `--output` may name any file.
                self.sources = data["artifact_path"]
        elif name == "PrintEvent":
            self.lines.append(data["msg"])
        elif name == "MainEncounteredError":
            self.told = data["exc"]
        elif name == "CommandCompleted":
            self.command = data["command"].split()[1:]

    def outcome(self, code, said):
        if code == 2 and self.told is None and said:
            return dbtRunnerResult(success=False, exception=DbtUsageException(usage(said)))
        if code == 2:
            return dbtRunnerResult(success=False, exception=DbtRuntimeError(self.told or said))
        if code not in (0, 1):
            return dbtRunnerResult(success=False, exception=DbtInternalException(f"unhandled exit code {code}"))
        return dbtRunnerResult(success=code == 0, result=self.result(code))

    def result(self, code):
        command = (self.command or [""])[0]
        manifest = functools.lru_cache(maxsize=None)(lambda: Manifest(self.read("manifest.json") or {}))
        if command in ("ls", "list"):
            return [line for text in self.lines for line in text.split("\n")]
        if command == "debug":
            return code == 0
        if command == "parse":
            return manifest()
        if command == "docs":
            return item(self.read("catalog.json"))
        if command == "source":
            return results.of_sources(load(self.sources), manifest) if self.sources else None
        raw = self.read("run_results.json")
        return results.of_run(raw, manifest) if raw else None

    def read(self, name):
        return load(self.artifacts[name]) if name in self.artifacts else None


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def copy(source, target, kept):
    for line in source:
        kept.append(line)
        target.write(line)
    target.flush()


def usage(said):
    """The sentence of a usage error."""
    return said.rsplit("Error: ", 1)[-1].strip()


def program():
    """The program's path."""
    beside = Path(sys.executable).parent / "karat"
    found = os.environ.get("KARAT_BIN") or (str(beside) if beside.exists() else shutil.which("karat"))
    if not found:
        raise DbtRuntimeError("there is no `karat` on the path; `KARAT_BIN` may name it")
    return found


def words_of(kwargs):
    """Named arguments as flags: `full_refresh=True` is `--full-refresh`."""
    words = []
    for name, value in kwargs.items():
        flag = "--" + name.replace("_", "-")
        if value is None or (value is False and name in SWITCHES):
            continue
        if isinstance(value, bool):
            words.append(flag if value else "--no-" + flag[2:])
        elif isinstance(value, dict):
            words += [flag, json.dumps(value)]
        elif isinstance(value, (list, tuple, set)):
            words += [flag, *map(str, value)] if value else []
        else:
            words += [flag, str(value)]
    return words
