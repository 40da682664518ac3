#!/usr/bin/env python3
"""Writes a small project and runs karat on it, so that others can read what it leaves.

    project.py KARAT FOLDER

FOLDER/shop is the project, with `karat` linked as `FOLDER/bin/dbt`. Three target folders are left there:
`good` (all went well, with a catalog and the freshness of sources), `failed` (some nodes failed) and
`stopped` (the run was interrupted).
"""
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

FILES = {
    "dbt_project.yml": """
name: shop
version: '1.0'
profile: shop
on-run-end: "select 1"
models:
  shop: {+materialized: view}
""",
    "profiles.yml": """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb, threads: 2}
""",
    "seeds/payments.csv": "id,customer_id,paid_at,amount\n1,1,2024-01-01,10\n2,1,2024-01-02,20\n3,2,2024-01-03,30\n",
    "seeds/people.csv": "id,name\n1,Ann\n2,Bob\n",
    "models/customers.sql": "select id as customer_id, name from {{ ref('people') }}\n",
    "models/orders.sql": """
{{ config(materialized='table') }}
select id as order_id, customer_id, paid_at, amount from {{ source('raw', 'payments') }}
{% if var('breaks', false) %} where there_is_none {% endif %}
{% if var('long', false) %}
    cross join (select sum(a.range * b.range) from range(3000000) a, range(3000000) b) as long
{% endif %}
""",
    "models/small.sql": """
{{ config(materialized='ephemeral') }}
select * from {{ ref('orders') }} where amount < 15
""",
    "models/kept.sql": """
{{ config(materialized='incremental', unique_key='order_id') }}
select * from {{ ref('small') }}
""",
    "models/versioned_v1.sql": "select 1 as id\n",
    "models/versioned_v2.sql": "select 2 as id\n",
    "models/switched_off.sql": "{{ config(enabled=false) }} select 1 as id\n",
    "models/docs.md": "{% docs name %}The name of a person.{% enddocs %}\n",
    "macros/hello.sql": "{% macro hello(name) %}{{ log('hello ' ~ name, info=true) }}{% endmacro %}\n",
    "tests/positive.sql": "select * from {{ ref('orders') }} where amount < 0\n",
    "analyses/by_day.sql": "select paid_at, count(*) from {{ ref('orders') }} group by 1\n",
    "snapshots/history.yml": """
snapshots:
  - name: customers_history
    relation: ref('customers')
    config: {unique_key: customer_id, strategy: check, check_cols: all}
""",
    "selectors.yml": """
selectors:
  - name: daily
    definition: tag:daily
""",
    "models/schema.yml": """
sources:
  - name: raw
    schema: main
    config: {freshness: {warn_after: {count: 1, period: day}}, loaded_at_field: "paid_at::timestamp"}
    tables:
      - name: payments
        description: Payments as they came.
        columns: [{name: id, description: Its key, data_tests: [not_null]}]
groups:
  - name: sales
    owner: {name: Sales, email: sales@example.com}
models:
  - name: customers
    description: People who pay.
    config: {tags: [daily], meta: {owner: sales}}
    columns:
      - {name: customer_id, description: Its key, data_tests: [unique, not_null]}
      - {name: name, description: "{{ doc('name') }}"}
  - name: orders
    description: What was paid.
    config: {group: sales, contract: {enforced: true}}
    columns:
      - {name: order_id, data_type: integer, description: Its key, constraints: [{type: not_null}], data_tests: [unique]}
      - name: customer_id
        data_type: integer
        data_tests:
          - relationships: {arguments: {to: "ref('customers')", field: customer_id}}
      - {name: paid_at, data_type: date}
      - name: amount
        data_type: integer
        data_tests:
          - accepted_values: {arguments: {values: [10, 20], quote: false}, config: {severity: warn}}
  - name: versioned
    latest_version: 1
    versions: [{v: 1}, {v: 2}]
unit_tests:
  - name: orders_keep_rows
    model: orders
    given:
      - input: source('raw', 'payments')
        rows: [{id: 1, customer_id: 1, paid_at: 2024-01-01, amount: 3}]
    expect: {rows: [{order_id: 1, customer_id: 1, paid_at: 2024-01-01, amount: 3}]}
exposures:
  - name: board
    type: dashboard
    owner: {name: Ann}
    depends_on: ["ref('orders')"]
""",
}


def write(folder):
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"))


def main():
    karat, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    shop, dbt = folder / "shop", folder / "bin" / "dbt"
    write(shop)
    dbt.parent.mkdir()
    dbt.symlink_to(karat)

    def run(code, *words):
        done = subprocess.run([dbt, *words], cwd=shop, capture_output=True, text=True)
        if done.returncode != code:
            sys.exit(f"`dbt {' '.join(words)}` ended with {done.returncode}, not {code}:\n{done.stdout}{done.stderr}")

    good, failed, stopped = (["--target-path", target] for target in ("good", "failed", "stopped"))
    run(0, "seed", *good)
    run(0, "build", *good)
    run(0, "docs", "generate", *good)
    run(0, "source", "freshness", *good)
    # The catalog's command leaves results of its own: those of a build are wanted.
    run(0, "build", *good)
    run(1, "build", "--vars", "{breaks: true}", *failed)
    long = ["run", "--select", "orders+", "--vars", "{long: true}", *stopped]
    process = subprocess.Popen([dbt, *long], cwd=shop, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if "START" in line:
            break
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    process.communicate()
    if process.returncode != 1:
        sys.exit(f"an interrupted run ended with {process.returncode}, not 1")


if __name__ == "__main__":
    main()
