"""What an invocation that could not start raises in dbt; here it stands in `dbtRunnerResult.exception`."""


class DbtUsageException(Exception):
    """The command line cannot be read."""


class DbtInternalException(Exception):
    """karat ended in a way that it never should."""


class DbtRuntimeError(Exception):
    """The command could not start: a fault of the project, the profile, the packages, the database."""
