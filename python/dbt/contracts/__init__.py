"""dbt's names for what `karat_dbt` does."""
