"""JSON objects that are read by attribute as well as by key, as dbt's own objects are."""


class Item(dict):
    """An object of an artifact. Keys that are absent read as None by attribute."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return item(self.get(name))

    def __getitem__(self, key):
        return item(super().__getitem__(key))

    def get(self, key, default=None):
        return item(super().get(key, default))

    def to_dict(self, *_, **__):
        """The plain object."""
        return dict(self)


def item(value):
    """A JSON value with its objects as `Item`s, made when they are read."""
    if isinstance(value, dict) and not isinstance(value, Item):
        return Item(value)
    if isinstance(value, list):
        return [item(each) for each in value]
    return value


class Section(dict):
    """A part of the manifest: values by unique id."""

    def __getitem__(self, key):
        return item(super().__getitem__(key))

    def get(self, key, default=None):
        return item(super().get(key, default))

    def values(self):
        return [item(value) for value in super().values()]

    def items(self):
        return [(key, item(value)) for key, value in super().items()]


class Manifest:
    """manifest.json: `nodes`, `sources`, `macros`, ... by unique id."""

    def __init__(self, raw):
        self.raw = raw

    def __getattr__(self, name):
        raw = self.__dict__.get("raw", {})
        if name not in raw:
            raise AttributeError(name)
        value = raw[name]
        return Section(value) if isinstance(value, dict) and name != "metadata" else item(value)

    def find(self, unique_id):
        """The resource of that id, whatever its kind; an object with its id alone where there is none."""
        for part in ("nodes", "sources", "exposures", "unit_tests", "functions", "saved_queries", "macros"):
            if unique_id in self.raw.get(part, {}):
                return item(self.raw[part][unique_id])
        words = unique_id.split(".")
        return Item(unique_id=unique_id, resource_type=words[0], name=words[-1])

    def to_dict(self, *_, **__):
        """The plain object."""
        return self.raw
