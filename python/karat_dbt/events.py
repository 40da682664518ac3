"""The events of a run: JSON lines in a file, handed to callbacks while the program writes them."""

import json
import os
import tempfile

from .results import moment
from .values import Item


class Event:
    """An event: `.info` with name, code, level, msg, ts, ..., and `.data` with its own fields."""

    def __init__(self, raw):
        self.raw = raw
        self.info = Item(raw.get("info", {}))
        self.data = Item(raw.get("data", {}))

    @property
    def ts(self):
        return moment(self.info.get("ts"))

    def to_dict(self):
        """The plain object."""
        return self.raw

    def __repr__(self):
        return f"<Event {self.info.get('name')}: {self.info.get('msg')!r}>"


class EventFile:
    """The file that karat writes its events into, read as far as it has come."""

    def __init__(self):
        handle, self.path = tempfile.mkstemp(prefix="karat-events-", suffix=".jsonl")
        os.close(handle)
        self.file = open(self.path, encoding="utf-8")
        self.rest = ""

    def read(self):
        """The events since the last time."""
        self.rest += self.file.read()
        *lines, self.rest = self.rest.split("\n")
        return [Event(json.loads(line)) for line in lines if line.startswith("{")]

    def close(self):
        self.file.close()
        os.unlink(self.path)
