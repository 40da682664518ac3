#!/usr/bin/env python3
"""Lets tools that people use read what karat has written: each reads it whole, or this fails.

    tools.py FOLDER     (as project.py left it)
"""
import json
import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(sys.argv[1]).resolve()
SHOP, DBT = FOLDER / "shop", FOLDER / "bin" / "dbt"
MODELS = {"customers", "orders", "kept", "versioned.v1", "versioned.v2"}


def parser():
    """dbt-artifacts-parser reads all four artifacts."""
    from dbt_artifacts_parser import parser

    readers = {
        "manifest": parser.parse_manifest,
        "run_results": parser.parse_run_results,
        "catalog": parser.parse_catalog,
        "sources": parser.parse_sources,
    }
    for target in ("good", "failed", "stopped"):
        for name, read in readers.items():
            path = SHOP / target / f"{name}.json"
            if path.exists() or target == "good":
                read(json.loads(path.read_text()))


def cosmos():
    """astronomer-cosmos renders the DAG, from the manifest and from `dbt ls`."""
    os.environ |= {"AIRFLOW_HOME": str(FOLDER / "airflow"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    os.environ |= {"AIRFLOW__COSMOS__ENABLE_CACHE": "False", "AIRFLOW__CORE__UNIT_TEST_MODE": "True"}
    from datetime import datetime

    from cosmos import DbtDag, ExecutionConfig, LoadMode, ProfileConfig, ProjectConfig, RenderConfig
    from cosmos.constants import InvocationMode

    profile = ProfileConfig("shop", "dev", profiles_yml_filepath=SHOP / "profiles.yml")
    execution = ExecutionConfig(dbt_executable_path=str(DBT), invocation_mode=InvocationMode.SUBPROCESS)
    for mode in (LoadMode.DBT_MANIFEST, LoadMode.DBT_LS):
        manifest = {"manifest_path": SHOP / "good" / "manifest.json"} if mode == LoadMode.DBT_MANIFEST else {}
        dag = DbtDag(
            dag_id=f"shop_{mode.value}",
            start_date=datetime(2024, 1, 1),
            project_config=ProjectConfig(SHOP, project_name="shop", **manifest),
            profile_config=profile,
            execution_config=execution,
            render_config=RenderConfig(
                load_method=mode,
                dbt_executable_path=str(DBT),
                invocation_mode=InvocationMode.SUBPROCESS,
                dbt_deps=False,
            ),
        )
        tasks = set(dag.task_ids)
        wanted = {"people_seed", "customers.run", "orders.run", "customers_history_snapshot"}
        assert wanted <= tasks, (mode, sorted(tasks))
        orders = dag.get_task("kept.run") if "kept.run" in tasks else dag.get_task("kept_run")
        assert orders.upstream_task_ids, (mode, sorted(tasks))


def coverage():
    """dbt-coverage computes what is documented and tested."""
    out = FOLDER / "coverage.json"
    for kind in ("doc", "test"):
        words = ["compute", kind, "--project-dir", str(SHOP), "--run-artifacts-dir", str(SHOP / "good")]
        subprocess.run([tool("dbt-coverage"), *words, "--cov-report", str(out)], check=True, stdout=subprocess.DEVNULL)
        report = json.loads(out.read_text())
        assert report["covered"] > 0 and report["total"] > report["covered"], report


def erd():
    """dbterd draws the relationships that tests state."""
    (FOLDER / "erd").mkdir(exist_ok=True)
    words = ["run", "-ad", str(SHOP / "good"), "-o", str(FOLDER / "erd"), "-t", "dbml"]
    subprocess.run([tool("dbterd"), *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    drawn = (FOLDER / "erd" / "output.dbml").read_text()
    assert "Ref:" in drawn and "customer_id" in drawn, drawn


def tool(name):
    return str(Path(sys.executable).parent / name)


for read in (parser, cosmos, coverage, erd):
    read()
    print(f"read: {read.__doc__}")
