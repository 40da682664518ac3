"""`from dbt.cli.exceptions import DbtUsageException`."""

from karat_dbt.errors import DbtInternalException, DbtUsageException

__all__ = ["DbtInternalException", "DbtUsageException"]
