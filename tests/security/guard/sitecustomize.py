"""Python runs this at its start when the folder is on PYTHONPATH: from then on the process reaches this machine alone.

Whoever wants to go farther gets an OSError, and a line in the file GUARD_LOG: what was wanted, and by whom.
"""

import ipaddress
import json
import os
import sys
import traceback

CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
LOOKS_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")


def is_here(host):
    """Whether a name or an address is this machine's."""
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def hear(event, arguments):
    if event in CONNECTS:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a socket of this machine
    elif event in LOOKS_UP:
        host = arguments[0][0] if isinstance(arguments[0], tuple) else arguments[0]
    else:
        return
    if not is_here(host):
        frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_stack()[:-1]]
        with open(os.environ["GUARD_LOG"], "a", encoding="utf-8") as log:
            log.write(json.dumps({"event": event, "host": str(host), "from": frames[-8:]}) + "\n")
        raise OSError(f"{event} to {host}: this test lets nothing out")


sys.addaudithook(hear)
