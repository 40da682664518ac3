"""`from dbt.version import __version__`: the release of dbt Core that karat follows."""

from karat_dbt.runner import DBT_VERSION as __version__

__all__ = ["__version__"]
