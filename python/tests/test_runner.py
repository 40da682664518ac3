"""The runner against the program: KARAT_BIN names it, SHOP a project folder as scripts/readers writes it."""

import contextlib
import io
import os
import signal
import threading
import time
import unittest
from datetime import datetime

from dbt.artifacts.schemas.results import NodeStatus
from dbt.cli.exceptions import DbtUsageException
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.results import RunResult
from dbt.version import __version__

SHOP = os.environ["SHOP"]


class Runner(unittest.TestCase):
    def setUp(self):
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(SHOP)
        self.out = io.StringIO()

    def invoke(self, *words, callbacks=None, **flags):
        with contextlib.redirect_stdout(self.out), contextlib.redirect_stderr(self.out):
            done = dbtRunner(callbacks=callbacks).invoke(list(words), **flags)
        self.assertIsInstance(done, dbtRunnerResult)
        return done

    def test_a_build_gives_results(self):
        done = self.invoke("build", "--select", "customers", "people")
        self.assertTrue(done.success, self.out.getvalue())
        self.assertIsNone(done.exception)
        by_name = {result.node.name: result for result in done.result}
        customers = by_name["customers"]
        self.assertIsInstance(customers, RunResult)
        self.assertEqual(customers.status, "success")
        self.assertIs(customers.status, NodeStatus.Success)
        self.assertEqual(str(customers.status), "success")
        self.assertEqual([timing.name for timing in customers.timing], ["compile", "execute"])
        self.assertIsInstance(customers.timing[0].started_at, datetime)
        self.assertEqual(customers.node.config.materialized, "view")
        self.assertIn("people", customers.node.compiled_code)
        self.assertEqual(by_name["not_null_customers_customer_id"].failures, 0)
        self.assertGreater(done.result.elapsed_time, 0)
        self.assertEqual(done.result.args["which"], "build")
        self.assertEqual(len(done.result), len(done.result.results))
        self.assertIn("Completed successfully", self.out.getvalue())

    def test_a_failure_is_no_exception(self):
        done = self.invoke("run", "--select", "orders", vars={"breaks": True})
        self.assertFalse(done.success)
        self.assertIsNone(done.exception)
        broken, hook = done.result
        self.assertEqual((broken.status, hook.status), ("error", "success"))
        self.assertIn("there_is_none", broken.message)
        self.assertEqual(hook.node.resource_type, "operation")

    def test_named_arguments_are_flags(self):
        done = self.invoke("run", select=["customers", "versioned"], full_refresh=True, quiet=True, threads=1)
        self.assertTrue(done.success, self.out.getvalue())
        self.assertEqual(sum(result.node.resource_type == "model" for result in done.result), 3)
        self.assertIs(done.result.args["full_refresh"], True)
        self.assertEqual(self.out.getvalue(), "")

    def test_ls_gives_lines(self):
        done = self.invoke("ls", "--resource-type", "model", "--select", "tag:daily")
        self.assertEqual(done.result, ["shop.customers"])

    def test_parse_gives_the_manifest(self):
        manifest = self.invoke("parse").result
        self.assertIn("model.shop.customers", manifest.nodes)
        self.assertEqual(manifest.nodes["model.shop.customers"].config.tags, ["daily"])
        self.assertEqual(manifest.metadata.project_name, "shop")
        with self.assertRaises(AttributeError):
            manifest.no_such_section

    def test_other_commands(self):
        self.assertIs(self.invoke("debug").result, True)
        catalog = self.invoke("docs", "generate").result
        self.assertEqual(catalog.nodes["model.shop.customers"].metadata.type, "VIEW")
        freshness = self.invoke("source", "freshness").result
        self.assertEqual([(each.status, each.node.name) for each in freshness], [("warn", "payments")])
        self.assertGreater(freshness[0].age, 86400)
        self.assertIsNone(self.invoke("deps").result)
        called = self.invoke("run-operation", "hello", "--args", "{name: you}")
        self.assertEqual([result.status for result in called.result], ["success"])
        self.assertIn("hello you", self.out.getvalue())

    def test_callbacks_hear_events_while_they_happen(self):
        heard, ended = [], []
        self.invoke("run", "--select", "customers", callbacks=[lambda event: heard.append(event)])
        names = [event.info.name for event in heard]
        for name in ("MainReportVersion", "LogModelResult", "NodeFinished", "SQLQuery", "CommandCompleted"):
            self.assertIn(name, names)
        result = next(event for event in heard if event.info.name == "LogModelResult")
        self.assertEqual(result.info.code, "Q012")
        self.assertEqual(result.data.node_info.unique_id, "model.shop.customers")

        def slow(event):
            if event.info.name == "NodeStart" and not ended:
                time.sleep(0.2)
            if event.info.name == "NodeFinished":
                ended.append(event)

        self.assertTrue(self.invoke("run", "--select", "customers", callbacks=[slow]).success)
        self.assertEqual(len(ended), 1)

    def test_a_callback_that_fails_is_told(self):
        def fails(event):
            raise KeyError("mine")

        done = self.invoke("run", "--select", "customers", callbacks=[fails])
        self.assertFalse(done.success)
        self.assertIsInstance(done.exception, KeyError)

    def test_what_cannot_start_is_an_exception(self):
        done = self.invoke("run", "--no-such-flag")
        self.assertIsInstance(done.exception, DbtUsageException)
        self.assertIn("No such option: --no-such-flag", str(done.exception))
        done = self.invoke("run", "--profile", "none")
        self.assertFalse(done.success)
        self.assertIn("Runtime Error", str(done.exception))
        self.assertIsNone(done.result)

    def test_an_interrupt_ends_the_run(self):
        def interrupt():
            time.sleep(1)
            os.killpg(0, signal.SIGINT)

        os.setpgrp()
        threading.Thread(target=interrupt, daemon=True).start()
        done = self.invoke("run", "--select", "orders", "--vars", "{long: true}")
        self.assertIsInstance(done.exception, KeyboardInterrupt)

    def test_the_version_is_dbts(self):
        self.assertRegex(__version__, r"^1\.\d+\.\d+$")


if __name__ == "__main__":
    unittest.main()
