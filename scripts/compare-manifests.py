#!/usr/bin/env python3
"""Compares two manifest.json: dbt's first, karat's second. Prints every difference but times and compiled SQL."""
import json
import sys

SKIPPED = {"created_at", "compiled", "compiled_code", "compiled_path", "build_path", "macro_sql"}
SKIPPED |= {"extra_ctes", "extra_ctes_injected", "config_call_dict", "unrendered_config_call_dict"}
SECTIONS = ["nodes", "sources", "exposures", "groups", "unit_tests", "functions", "docs", "disabled", "macros"]
found = 0


def tell(path, *what):
    global found
    found += 1
    print(path, *(str(part)[:250] for part in what))


def compare(path, dbt, karat):
    if isinstance(dbt, dict) and isinstance(karat, dict):
        for key in [*dbt, *(key for key in karat if key not in dbt)]:
            if key in SKIPPED:
                continue
            if key not in dbt or key not in karat:
                tell(f"{path}/{key}", "only karat" if key in karat else "only dbt")
            else:
                compare(f"{path}/{key}", dbt[key], karat[key])
    elif isinstance(dbt, list) and isinstance(karat, list) and len(dbt) == len(karat) and not path.endswith("tags"):
        for at, (one, other) in enumerate(zip(dbt, karat)):
            compare(f"{path}/{at}", one, other)
    elif path.endswith("tags") and sorted(dbt) == sorted(karat):
        pass
    elif dbt != karat or type(dbt) is not type(karat):
        tell(path, "dbt:", json.dumps(dbt), "karat:", json.dumps(karat))


def own(section):
    built_in = ("macro.dbt", "doc.dbt")
    return {name: value for name, value in section.items() if not name.startswith(built_in)}


dbt, karat = (json.load(open(path)) for path in sys.argv[1:3])
for section in SECTIONS:
    compare(section, own(dbt.get(section, {})), own(karat.get(section, {})))
print(found, "differences")
sys.exit(1 if found else 0)
