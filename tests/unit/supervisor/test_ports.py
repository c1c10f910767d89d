"""Addresses: the public one never moves, the simulator's may."""

from __future__ import annotations

import socket

import pytest

from textfirst.supervisor.ports import check_public, simulator_bind, split
from textfirst.supervisor.trouble import Exit, Trouble


@pytest.fixture
def taken():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def test_a_busy_public_port_is_refused_with_a_free_one_to_try(taken):
    with pytest.raises(Trouble, match="in use by another program") as raised:
        check_public(taken)
    assert raised.value.exit_code is Exit.PORT_BUSY
    offered = raised.value.message.split("TEXTFIRST_BIND=")[1].split()[0]
    check_public(offered)


def test_the_simulator_moves_to_a_free_port_of_the_same_host(taken):
    moved = simulator_bind(taken)
    assert moved != taken
    assert split(moved)[0] == "127.0.0.1"
    assert simulator_bind(moved) == moved


def test_an_address_of_another_machine_is_named_so():
    with pytest.raises(Trouble, match="not an address of this machine"):
        check_public("192.0.2.1:8000")  # RFC 5737: nobody has it
