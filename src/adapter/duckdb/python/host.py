"""Runs one Python model for karat.

karat holds the database, whose file admits one process. So the model works in a database of its own, in
memory, and what it reads comes from karat as Parquet files when it is first read; the result goes back the
same way. Requests and replies are lines of JSON on this program's own output and input.
"""

import json
import linecache
import os
import re
import sys
import threading
import time
import traceback
import types

replies = os.fdopen(os.dup(0), "r", encoding="utf-8")
requests = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
sys.path[:] = [path for path in sys.path if path]
turn = threading.Lock()
files = []

# Types that Parquet files do not keep; their values travel as text.
AS_TEXT = re.compile(r"HUGEINT|BIGNUM|VARINT|\bBIT\b|TIME WITH TIME ZONE|TIMETZ|INTERVAL|ENUM|UNION|TIMESTAMP_S|TIMESTAMP_MS")


class Refused(Exception):
    """What karat or its database says no to."""


def ask(**request):
    with turn:
        sys.stdout.flush()
        requests.write(json.dumps(request) + "\n")
        requests.flush()
        line = replies.readline()
    if not line:
        os._exit(1)
    reply = json.loads(line)
    if "fault" in reply:
        raise Refused(reply["fault"])
    return reply


def leave_with_parent(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def quote(name):
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    return "'" + text.replace("'", "''") + "'"


class Session:
    """The model's `session`: DuckDB's connection, which fetches tables from karat when they are read."""

    def __init__(self, connection, known):
        self._connection = connection
        self._known = known

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        return None

    def sql(self, query, *args, **kwargs):
        self._prepare(query)
        return self._connection.sql(query, *args, **kwargs)

    def query(self, query, *args, **kwargs):
        self._prepare(query)
        return self._connection.query(query, *args, **kwargs)

    def from_query(self, query, *args, **kwargs):
        self._prepare(query)
        return self._connection.from_query(query, *args, **kwargs)

    def execute(self, query, *args, **kwargs):
        self._prepare(query)
        self._connection.execute(query, *args, **kwargs)
        return self

    def table(self, name):
        self._prepare("select * from " + name)
        return self._connection.table(name)

    def view(self, name):
        return self.table(name)

    def cursor(self):
        cursor = self._connection.cursor()
        settle(cursor)
        return Session(cursor, self._known)

    def _prepare(self, query):
        if isinstance(query, str):
            for table in self._tables(query):
                self._fetch(table)

    def _tables(self, query):
        """The tables that a statement reads, each as its parts."""
        found = []
        try:
            tree = self._connection.execute("select json_serialize_sql(?)", [query]).fetchone()[0]
            walk(json.loads(tree), found)
            if found:
                return found
            names = self._connection.get_table_names(query, qualified=True)
        except Exception:
            names = re.findall(r'(?:from|join|update|into)\s+((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))*)', query, re.I)
        return found + [parts(name) for name in names]

    def _fetch(self, table):
        if table in self._known or table[-2:-1] in (("information_schema",), ("pg_catalog",)):
            return
        self._known.add(table)
        if self._has(table):
            return
        name = ".".join(map(quote, table))
        columns = ask(op="describe", name=name).get("columns")
        if not columns:
            return
        path = new_path()
        ask(op="execute", sql=f"copy (select {written(columns)} from {name}) to {literal(path)} (format parquet)")
        target = (HERE,) + table if len(table) == 2 else (HERE, "main") + table if len(table) == 1 else table
        self._connection.execute("attach if not exists ':memory:' as " + quote(target[0]))
        self._connection.execute("create schema if not exists " + ".".join(map(quote, target[:2])))
        source = read_back(path, columns)
        self._connection.execute(f"create or replace view {'.'.join(map(quote, target))} as {source}")

    def _has(self, table):
        query = """select 1 from duckdb_tables() where lower(table_name) = lower($1)
            and ($2 = '' or lower(schema_name) = lower($2)) union all
            select 1 from duckdb_views() where lower(view_name) = lower($1) and not internal
            and ($2 = '' or lower(schema_name) = lower($2))"""
        schema = table[-2] if len(table) > 1 else ""
        return bool(self._connection.execute(query, [table[-1], schema]).fetchall())


def walk(tree, found):
    if isinstance(tree, dict):
        if tree.get("type") == "BASE_TABLE":
            names = (tree.get("catalog_name"), tree.get("schema_name"), tree.get("table_name"))
            found.append(tuple(name for name in names if name))
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            walk(branch, found)


def new_path():
    with turn:
        files.append(os.path.join(JOB["folder"], f"{len(files)}.parquet"))
        return files[-1]


def parts(name):
    pieces = re.findall(r'"((?:[^"]|"")*)"|([^".]+)', name)
    return tuple(quoted.replace('""', '"') or plain for quoted, plain in pieces)


def written(columns):
    """The select list by which columns go into a file."""
    return ", ".join(
        f"{quote(name)}::varchar as {quote(name)}" if AS_TEXT.search(kind) else quote(name) for name, kind in columns
    )


def read_back(path, columns):
    casts = ", ".join(f"{quote(name)}::{kind} as {quote(name)}" for name, kind in columns)
    return f"select {casts} from read_parquet({literal(path)})"


class Writer:
    """What `materialize` is given: rows go to karat, statements run there."""

    def __init__(self, connection):
        self._connection = connection

    def register(self, name, rows):
        path = new_path()
        if rows is None or isinstance(rows, Session):
            what = "None" if rows is None else "its session"
            raise TypeError(f"the model returned {what}, not rows: return a DuckDB relation, or a pandas, polars or Arrow table")
        self._connection.register("__result", rows)
        described = self._connection.execute("describe select * from __result").fetchall()
        columns = [(row[0], row[1]) for row in described]
        self._connection.execute(f"copy (select {written(columns)} from __result) to {literal(path)} (format parquet)")
        self._connection.unregister("__result")
        ask(op="register", name=name, sql=read_back(path, columns))

    def unregister(self, name):
        ask(op="unregister", name=name)

    def execute(self, sql, *args):
        ask(op="execute", sql=sql)
        return self

    sql = query = execute


def settle(connection):
    connection.execute("set python_scan_all_frames = true")
    for statement in JOB["session"]:
        connection.execute(statement)
    connection.execute("use " + quote(HERE))


def connect():
    import duckdb

    connection = duckdb.connect(":memory:")
    for statement in JOB["database"]:
        connection.execute(statement)
    if HERE != "memory":
        connection.execute("attach ':memory:' as " + quote(HERE))
    settle(connection)
    return connection


def told(fault, file):
    """The fault as Python draws it, from the model's own first line on, and the line to show."""
    frames = traceback.extract_tb(fault.__traceback__)
    own = [at for at, frame in enumerate(frames) if frame.filename == file and frame.name != "materialize"]
    line = frames[own[-1]].lineno if own else getattr(fault, "lineno", None)
    lines = ["Traceback (most recent call last):\n"] if own else []
    shown = [frame for frame in frames[own[0]:] if frame.filename != "<string>"] if own else []
    lines += traceback.format_list(shown) + traceback.format_exception_only(type(fault), fault)
    missing = fault.name if isinstance(fault, ModuleNotFoundError) else None
    text = "".join(lines).rstrip()
    return {"text": text, "line": line, "missing": missing, "refused": isinstance(fault, Refused)}


def main():
    file = JOB["file"]
    sys.path.extend(path for path in JOB["module_paths"] if path not in sys.path)
    linecache.cache[file] = (len(JOB["code"]), None, JOB["code"].splitlines(True), file)
    module = types.ModuleType(JOB["name"])
    module.__file__ = file
    sys.modules.setdefault(JOB["name"], module)
    try:
        connection = connect()
        session = Session(connection, set())
        exec(compile(JOB["code"], file, "exec"), module.__dict__)
        dbt = module.dbtObj(lambda name: session.query(f"select * from {name}"))
        rows = module.model(dbt, session)
        module.materialize(rows, Writer(connection))
    except KeyboardInterrupt:
        os._exit(130)
    except BaseException as fault:
        ask(op="failed", **told(fault, file))
        return
    ask(op="done")


JOB = json.loads(replies.readline())
HERE = JOB["here"]
threading.Thread(target=leave_with_parent, args=(os.getppid(),), daemon=True).start()
main()
sys.stdout.flush()
os._exit(0)
