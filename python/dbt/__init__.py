"""dbt's names for what `karat_dbt` does. Adapters may add modules of theirs below this one."""

__path__ = __import__("pkgutil").extend_path(__path__, __name__)
