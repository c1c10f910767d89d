"""Servers of our own, apart from the run's: these tests start, break and move them."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from textfirst.database import server


@pytest.fixture
def place():
    """A short, traversable folder: a socket's name has room for a hundred bytes."""
    folder = Path(tempfile.mkdtemp(prefix="tf-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cluster(place):
    """A cluster that is not made yet, with the programs on its shelf as in production."""
    programs = server.keep(server.find(), place / "pg")
    return server.Cluster(programs, server.running_account(), place / "pg" / "data", place / "run", throwaway=True)


@pytest.fixture
def started(cluster):
    """Starts clusters, and stops whatever a test left running."""
    running = []

    def start(which=cluster, **options):
        with (which.data.parent / "log").open("ab") as log:
            running.append(server.start(which, log=log, **options))
        return running[-1]

    yield start
    for server_ in running:
        server_.stop()


@pytest.fixture
def durable(cluster):
    return replace(cluster, throwaway=False)
