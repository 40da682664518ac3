#!/usr/bin/env python3
"""Compares the manifests that dbt Core and karat make of the same projects, field by field.

    compare-manifests.py DBT KARAT PROJECT...     runs `compile` (`parse` where it fails) with both programs
    compare-manifests.py DBT.json KARAT.json      compares two manifests that are there

DBT and KARAT are the programs. A project may be followed by flags: "path --target pg". What COMPATIBILITY.md
lists (below in DIFFERENT) is passed over; everything else is printed, and makes this fail.
"""
import json
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

# Times, what the programs are, and the fields that COMPATIBILITY.md names under "Artifacts".
DIFFERENT = [
    r".*/created_at",
    r"metadata/(generated_at|invocation_id|invocation_started_at|run_started_at|user_id|send_anonymous_usage_stats|dbt_version)",
    r"macros/macro\.(dbt|dbt_duckdb|dbt_postgres)\..*",
    r"docs/doc\.dbt\..*",
    r"nodes/test\..*/compiled_code",
    r".*/extra_ctes/\d+/sql",
    r"nodes/test\..*/depends_on/macros",
    r"nodes/snapshot\..*/(build_path|compiled_path)",
    r"disabled/.*",
    r"nodes/operation\..*/(index|compiled.*|extra_ctes.*)",
]
DIFFERENT = re.compile("|".join(f"(?:{each})" for each in DIFFERENT))
# Lists whose order says nothing.
SETS = re.compile(r".*/(tags|macros|doc_blocks)|(parent_map|child_map|group_map)/.*")

# A set, in an order by chance, where dbt's static parser read the template; else a list of calls.
STATIC = re.compile(r"nodes/[^/]*/sources")


class Comparison:
    def __init__(self):
        self.found = 0

    def tell(self, path, *what):
        self.found += 1
        print("  ", path, *(str(part)[:250] for part in what))

    def compare(self, path, dbt, karat):
        if DIFFERENT.fullmatch(path):
            return
        if isinstance(dbt, dict) and isinstance(karat, dict):
            for key in [*dbt, *(key for key in karat if key not in dbt)]:
                below = f"{path}/{key}" if path else key
                if key in dbt and key in karat:
                    self.compare(below, dbt[key], karat[key])
                elif not DIFFERENT.fullmatch(below):
                    self.tell(below, "only karat" if key in karat else "only dbt")
            return
        if isinstance(dbt, list) and isinstance(karat, list):
            if STATIC.fullmatch(path):
                dbt, karat = [sorted({str(item) for item in each}) for each in (dbt, karat)]
            if SETS.fullmatch(path):
                dbt, karat = sorted(map(str, dbt)), sorted(map(str, karat))
            if len(dbt) == len(karat):
                for at, (one, other) in enumerate(zip(dbt, karat)):
                    self.compare(f"{path}/{at}", one, other)
                return
        if same_text(path, dbt, karat):
            return
        if dbt != karat or type(dbt) is not type(karat):
            self.tell(path, "dbt:", json.dumps(dbt), "karat:", json.dumps(karat))


def same_text(path, dbt, karat):
    """Line ends may differ; compiled SQL in white space, where built-in macros wrote it."""
    if not (isinstance(dbt, str) and isinstance(karat, str)):
        return False
    if path.endswith(("macro_sql", "raw_code")):
        return dbt.replace("\r\n", "\n") == karat
    return path.endswith("compiled_code") and "".join(dbt.split()) == "".join(karat.split())


def made(verb, program, project, words):
    """The manifest that a command leaves, or what it said when it failed."""
    with tempfile.TemporaryDirectory() as target:
        command = [str(Path(program).resolve()), verb, "--target-path", target, "--no-partial-parse", *words]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True)
        if done.returncode:
            return f"`{' '.join(command)}` in {project}:\n{done.stdout}{done.stderr}"
        return json.loads((Path(target) / "manifest.json").read_text().replace(target, "TARGET"))


def both(programs, project, words):
    for verb in ("compile", "parse"):
        pair = [made(verb, program, project, words) for program in programs]
        if all(isinstance(each, dict) for each in pair):
            return pair
    sys.exit(next(each for each in pair if isinstance(each, str)))


def main(first, second, *projects):
    if not projects:
        pairs = {second: (json.loads(Path(first).read_text()), json.loads(Path(second).read_text()))}
    else:
        pairs = {}
        for project in projects:
            path, *words = shlex.split(project)
            pairs[project] = both((first, second), path, words)
    failed = False
    for name, (dbt, karat) in pairs.items():
        comparison = Comparison()
        comparison.compare("", dbt, karat)
        failed |= comparison.found > 0
        count = sum(len(dbt[part]) for part in ("nodes", "sources", "macros", "exposures", "docs", "disabled"))
        print(f"{name}: {comparison.found} differences in {count} resources")
    sys.exit(1 if failed else 0)


main(*sys.argv[1:])
