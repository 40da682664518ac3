"""`from dbt.cli.main import dbtRunner, dbtRunnerResult`."""

from karat_dbt.runner import dbtRunner, dbtRunnerResult

__all__ = ["dbtRunner", "dbtRunnerResult"]
