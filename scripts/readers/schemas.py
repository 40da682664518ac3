#!/usr/bin/env python3
"""Checks artifacts against dbt's JSON schemas, as its installed package publishes them, and loads them.

    schemas.py TARGET...
"""
import json
import sys
from pathlib import Path

from dbt.artifacts.schemas.catalog import CatalogArtifact
from dbt.artifacts.schemas.freshness import FreshnessExecutionResultArtifact
from dbt.artifacts.schemas.manifest import WritableManifest
from dbt.artifacts.schemas.run import RunResultsArtifact
from jsonschema import validators

ARTIFACTS = {
    "manifest": WritableManifest,
    "run_results": RunResultsArtifact,
    "catalog": CatalogArtifact,
    "sources": FreshnessExecutionResultArtifact,
}


def check(path, artifact):
    schema = artifact.json_schema()
    faults = list(validators.validator_for(schema)(schema).iter_errors(json.loads(path.read_text())))
    for fault in faults[:10]:
        print(f"{path}: {'/'.join(map(str, fault.absolute_path))}: {fault.message[:300]}")
    if not faults:
        artifact.read_and_check_versions(str(path))
        print(f"valid: {path.parent.name}/{path.name}")
    return not faults


found = [(Path(target) / f"{name}.json", of) for target in sys.argv[1:] for name, of in ARTIFACTS.items()]
found = [check(path, of) for path, of in found if path.exists()]
sys.exit(0 if found and all(found) else 1)
