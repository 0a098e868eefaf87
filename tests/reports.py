"""What a worker tells the process that counts: what became of a test, not that it began well.

Of the six messages about a test that goes well three are shown: its result, how far all is, and
that the next may come. To write, send and read the others costs more than most tests do.
"""

from typing import Any

import pytest


class Brief:
    """Keeps back what a worker would send and nobody shows; what goes wrong is told in full."""

    def __init__(self, worker: Any) -> None:
        self._send, worker.sendevent = worker.sendevent, self._sent

    def _sent(self, event: str, **more: Any) -> None:
        if event == "logstart" or (event == "testreport" and "outcome" not in more["data"]):
            return
        self._send(event, **more)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_to_serializable(self, report: Any) -> dict[str, Any] | None:
        """A step before or after a test that went well is nothing; of a test its marks are not told."""
        if not isinstance(report, pytest.TestReport) or not report.passed:
            return None
        if report.when != "call" and not report.sections:
            return {}
        report.keywords = {}
        return None


def configure(config: pytest.Config) -> None:
    """In a worker, and where nobody asked for more than dots: be brief."""
    kept = config.getoption("durations") or config.getoption("xmlpath")
    if kept or config.getoption("verbose") > 0:
        return
    for plugin in list(config.pluginmanager.get_plugins()):
        if type(plugin).__name__ == "WorkerInteractor":
            config.pluginmanager.register(Brief(plugin))
