"""The frames of RFC 6455, cut anywhere, and the same events as a well-known client sees."""

import json
import socket

import pytest

from devkit.websocket import BINARY, PING, PONG, TEXT, Frame, WebSocket, read_frame, write_frame


def server_frame(opcode, payload, final=True):
    """What a server sends: unmasked."""
    size = len(payload)
    if size < 126:
        length = bytes([size])
    else:
        length = b"\x7e" + size.to_bytes(2, "big") if size < 1 << 16 else b"\x7f" + size.to_bytes(8, "big")
    return bytes([(0x80 if final else 0) | opcode]) + length + payload


@pytest.fixture
def pair():
    """A client past its handshake, and the server's end of its connection."""
    ours, theirs = socket.socketpair()
    client = WebSocket.__new__(WebSocket)
    client._socket, client._buffer = ours, bytearray()
    yield client, theirs
    ours.close()
    theirs.close()


@pytest.mark.parametrize("size", [0, 5, 125, 126, 65535, 65536])
def test_frame_is_read_when_it_is_whole(size):
    frame = server_frame(BINARY, b"x" * size)
    assert read_frame(frame + b"more") == (Frame(True, BINARY, b"x" * size), len(frame))
    assert read_frame(frame[:-1]) is None and read_frame(frame[:1]) is None


def test_example_of_the_rfc():
    """Section 5.7: a masked text message that says Hello."""
    assert write_frame(TEXT, b"Hello", bytes.fromhex("37fa213d")).hex() == "818537fa213d7f9f4d5158"


def test_messages_in_parts_and_pings_between(pair):
    client, server = pair
    server.sendall(server_frame(TEXT, b"Hel", final=False) + server_frame(PING, b"!") + server_frame(0, b"lo"))
    assert client.receive(1) == "Hello"
    assert server.recv(100)[0] == 0x80 | PONG


def test_nothing_is_lost_over_a_timeout(pair):
    client, server = pair
    whole = server_frame(BINARY, b"picture")
    server.sendall(whole[:4])
    with pytest.raises(TimeoutError):
        client.receive(0.01)
    server.sendall(whole[4:])
    assert client.receive(1) == b"picture"


def test_closed_connection_is_an_error(pair):
    client, server = pair
    server.close()
    with pytest.raises(ConnectionError):
        client.receive(1)


def test_same_events_as_another_client(live_host):
    import websocket as reference

    prompt = {
        "1": {"class_type": "EmptyImage", "inputs": {"width": 16, "height": 16, "batch_size": 1, "color": 255}},
        "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
    }
    ours = live_host.run(prompt)
    assert ours.ok and ours.events[-1]["type"] == "execution_success"
    prompt["1"]["inputs"]["color"] = 254
    other = reference.create_connection(live_host.url.replace("http", "ws") + "/ws?clientId=other", timeout=20)
    other.send(json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}}))
    live_host.post("/prompt", {"prompt": prompt, "client_id": "other"})
    kinds = []
    while "execution_success" not in kinds:
        message = other.recv()
        kinds.append(json.loads(message)["type"] if isinstance(message, str) else "binary")
    other.close()
    turns = ("execution_start", "executing", "executed", "execution_success")
    assert [k for k in kinds if k in turns] == [e["type"] for e in ours.events if e["type"] in turns]
