#!/usr/bin/env python3
"""Record what `state:` selects after each of many edits of a small project.

    scripts/record-state-edits.py path/to/dbt > tests/it/project/state_edits.json

The executable is dbt Core or karat: run with both, the files must be equal. `tests/it/project/state_edits.rs`
holds karat to the recorded sets.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

FILES = {
    "dbt_project.yml": """\
name: shop
version: "1.0"
profile: shop
vars: {v: 1}
models:
  shop: {+materialized: view, dir: {+tags: [x]}}
seeds: {+quote_columns: true}
on-run-start: select 1
""",
    "profiles.yml": """\
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: dev.duckdb, schema: dev}
    prod: {type: duckdb, path: prod.duckdb, schema: prod}
""",
    "models/a.sql": "select 1 as id, 'x' as t\n",
    "models/b.sql": "{{ config(materialized='table', meta={'k': 1}) }}\n"
    "select * from {{ ref('a') }} where {{ m() }} = 1\n",
    "models/c.sql": "select * from {{ ref('b') }} where 1 = {{ var('v') }}\n",
    "models/e.sql": "{{ config(enabled=target.name != 'no', schema=env_var('WHICH', 'one')) }}\n"
    "select '{{ target.schema }}' as s\n",
    "models/dir/d.sql": "select id from {{ source('raw', 't') }}\n",
    "models/inc.sql": "{{ config(materialized='incremental', unique_key='id') }}\nselect 1 as id\n",
    "models/con.sql": "{{ config(materialized='table', contract={'enforced': true}) }}\nselect 1 as id\n",
    "models/eph.sql": "{{ config(materialized='ephemeral') }}\nselect 1 as id\n",
    "models/uses_f.sql": "select {{ function('f') }}(1) as x\n",
    "models/two.sql": "select '{{ two() }}' as x, * from {{ ref('eph') }}\n",
    "models/s.yml": """\
models:
  - name: a
    description: an a
    columns:
      - name: id
        description: the id
        data_tests: [not_null, {accepted_values: {arguments: {values: [1]}}}]
  - name: b
    config: {persist_docs: {relation: true, columns: true}, tags: [y]}
    description: bee
    columns: [{name: id, description: bid}]
  - name: con
    columns: [{name: id, data_type: int}]
sources:
  - name: raw
    description: rawd
    tables:
      - name: t
        description: td
        identifier: tt
exposures:
  - name: exp
    type: dashboard
    owner: {email: a@b.c}
    depends_on: [ref('b')]
unit_tests:
  - name: ut
    model: c
    given: [{input: ref('b'), rows: [{id: 1}]}]
    expect: {rows: [{id: 1}]}
""",
    "macros/m.sql": "{% macro m() %}1{% endmacro %}\n{% macro deep() %}2{% endmacro %}\n"
    "{% macro two() %}{{ deep() }}{% endmacro %}\n{% macro unused() %}3{% endmacro %}\n",
    "seeds/sd.csv": "id,n\n1,a\n2,b\n",
    "snapshots/sn.sql": "{% snapshot sn %}{{ config(unique_key='id', strategy='check', check_cols='all', "
    "schema='snaps') }}select * from {{ ref('a') }}{% endsnapshot %}\n",
    "tests/sing.sql": "select * from {{ ref('a') }} where id < 0\n",
    "functions/f.sql": "x + 1\n",
    "functions/f.yml": "functions: [{name: f, arguments: [{name: x, data_type: int}], returns: {data_type: int}}]\n",
    "analyses/an.sql": "select * from {{ ref('a') }}\n",
}

S, B, M, P = "models/s.yml", "models/b.sql", "macros/m.sql", "dbt_project.yml"
TABLE, CONTRACT = "materialized='table'", "{name: id, data_type: int}"
# What is done: texts replaced, files rewritten with the line ends of Windows, written, removed, moved; then
# options and variables.
EDITS = [
    {"name": "nothing"},
    {"name": "another target", "args": ["-t", "prod"]},
    {"name": "a var", "args": ["--vars", "{v: 2}"]},
    {"name": "a variable", "env": {"WHICH": "two"}},
    {"name": "SQL", "replace": ["models/a.sql", "1 as id", "2 as id"]},
    {"name": "line ends of SQL", "crlf": "models/a.sql"},
    {"name": "line ends of YAML", "crlf": S},
    {"name": "line ends of a seed", "crlf": "seeds/sd.csv"},
    {"name": "line ends of macros", "crlf": M},
    {"name": "blank lines", "replace": ["models/a.sql", "as t\n", "as t\n\n\n"]},
    {"name": "a config in SQL", "replace": [B, "'k': 1", "'k': 2"]},
    {"name": "a materialization", "replace": [B, "'table'", "'view'"]},
    {"name": "tags in YAML", "replace": [S, "tags: [y]", "tags: [z]"]},
    {"name": "a materialization of the project", "replace": [P, "+materialized: view", "+materialized: table"]},
    {"name": "tags of the project", "replace": [P, "+tags: [x]", "+tags: [xx]"]},
    {"name": "a var of the project", "replace": [P, "v: 1", "v: 2"]},
    {"name": "a description", "replace": [S, "an a", "an aa"]},
    {"name": "a persisted description", "replace": [S, "bee", "beee"]},
    {"name": "a persisted description of a column", "replace": [S, "bid", "bidd"]},
    {"name": "a macro", "replace": [M, "m() %}1", "m() %}2"]},
    {"name": "a macro of a macro", "replace": [M, "deep() %}2", "deep() %}4"]},
    {"name": "an unused macro", "replace": [M, "unused() %}3", "unused() %}4"]},
    {"name": "an alias", "replace": [B, TABLE, TABLE + ", alias='bb'"]},
    {"name": "a schema", "replace": [B, TABLE, TABLE + ", schema='bb'"]},
    {"name": "a type of a contract", "replace": [S, "data_type: int", "data_type: bigint"]},
    {"name": "a column of a contract", "replace": [S, CONTRACT, CONTRACT + ", {name: z, data_type: int}"]},
    {"name": "a contract let go", "replace": ["models/con.sql", "true", "false"]},
    {"name": "a constraint", "replace": [S, CONTRACT, CONTRACT[:-1] + ", constraints: [{type: not_null}]}"]},
    {"name": "a seed", "replace": ["seeds/sd.csv", "2,b", "2,c"]},
    {"name": "a config of seeds", "replace": [P, "quote_columns: true", "quote_columns: false"]},
    {"name": "a snapshot", "replace": ["snapshots/sn.sql", "ref('a') }}", "ref('a') }} where 1=1"]},
    {"name": "a config of a snapshot", "replace": ["snapshots/sn.sql", "check_cols='all'", "check_cols=['id']"]},
    {"name": "an identifier of a source", "replace": [S, "identifier: tt", "identifier: ttt"]},
    {"name": "a description of a source", "replace": [S, "td\n", "tdd\n"]},
    {"name": "what an exposure reads", "replace": [S, "ref('b')]", "ref('c')]"]},
    {"name": "the owner of an exposure", "replace": [S, "a@b.c", "z@b.c"]},
    {"name": "a unit test", "replace": [S, "expect: {rows: [{id: 1}]}", "expect: {rows: [{id: 2}]}"]},
    {"name": "arguments of a test", "replace": [S, "values: [1]", "values: [1, 2]"]},
    {"name": "severity of a test", "replace": [S, "[not_null,", "[{not_null: {config: {severity: warn}}},"]},
    {"name": "a singular test", "replace": ["tests/sing.sql", "< 0", "< 1"]},
    {"name": "a function", "replace": ["functions/f.sql", "+ 1", "+ 2"]},
    {"name": "an argument of a function", "replace": ["functions/f.yml", "int}]", "bigint}]"]},
    {"name": "an analysis", "replace": ["analyses/an.sql", "select *", "select id"]},
    {"name": "a new model", "put": ["models/new.sql", "select 1 as id"]},
    {"name": "a model less", "remove": "models/uses_f.sql"},
    {"name": "another folder", "move": ["models/inc.sql", "models/q/inc.sql"]},
    {"name": "a disabled model", "replace": ["models/c.sql", "select", "{{ config(enabled=false) }}select"]},
    {"name": "a group", "replace": [S, "sources:", "groups: [{name: g, owner: {email: a@b.c}}]\nsources:"]},
    {"name": "access", "replace": [S, "tags: [y]", "tags: [y], access: public"]},
    {"name": "meta beside config", "replace": [S, "description: bee", "description: bee\n    meta: {q: 1}"]},
    {"name": "a hook", "replace": [B, TABLE, TABLE + ", post_hook='select 1'"]},
    {"name": "grants", "replace": [B, TABLE, TABLE + ", grants={'select': ['x']}"]},
    {"name": "on_schema_change", "replace": ["models/inc.sql", "'id'", "'id', on_schema_change='fail'"]},
    {"name": "the comment of queries", "replace": [P, "vars:", "query-comment: hi\nvars:"]},
    {"name": "quoting", "replace": [P, "vars:", "quoting: {identifier: false}\nvars:"]},
    {"name": "a hook of the project", "replace": [P, "select 1", "select 2"]},
    {"name": "a deprecation date", "replace": [S, "an a\n", "an a\n    deprecation_date: 2099-01-01\n"]},
    {
        "name": "a var, where vars count",
        "replace": [P, "vars:", "flags: {state_modified_compare_vars: true}\nvars:"],
        "args": ["--vars", "{v: 2}"],
    },
]
CHECKS = ["body", "configs", "persisted_descriptions", "relation", "macros", "contract"]
SELECTORS = ["state:new", "state:old", "state:modified", *(f"state:modified.{check}" for check in CHECKS)]


def write(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())


def apply(root, edit):
    """Does to the project what an edit says."""
    if "replace" in edit:
        path, old, new = edit["replace"]
        text = (root / path).read_bytes().decode()
        assert old in text, edit["name"]
        write(root, {path: text.replace(old, new, 1)})
    if "crlf" in edit:
        write(root, {edit["crlf"]: (root / edit["crlf"]).read_text().replace("\n", "\r\n")})
    if "put" in edit:
        write(root, dict([edit["put"]]))
    if "remove" in edit:
        (root / edit["remove"]).unlink()
    if "move" in edit:
        old, new = edit["move"]
        write(root, {new: (root / old).read_text()})
        (root / old).unlink()


def run(program, root, words, env):
    own = {key: value for key, value in os.environ.items() if not key.startswith("DBT_")}
    done = subprocess.run([program, *words], cwd=root, env={**own, **env}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{words} {env}: {done.stdout}{done.stderr}")
    return sorted(done.stdout.split())


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write(folder / "base", FILES)
        run(program, folder / "base", ["-q", "parse", "--target-path", folder / "state"], {})
        for at, edit in enumerate(EDITS):
            root = folder / str(at)
            write(root, FILES)
            apply(root, edit)
            words = ["-q", "ls", "--state", folder / "state", *edit.get("args", []), "--select"]
            answers = {one: run(program, root, [*words, one], edit.get("env", {})) for one in SELECTORS}
            edit["selected"] = {one: nodes for one, nodes in answers.items() if nodes}
    print(json.dumps({"files": FILES, "selectors": SELECTORS, "edits": EDITS}, indent=1))


if __name__ == "__main__":
    main()
