from __future__ import annotations

import re
from pathlib import Path

from cibgraph.server.locked import versions

COMPOSE = (Path(__file__).parents[2] / "docker" / "compose.yaml").read_text("utf-8")


def test_the_image_is_of_the_locked_release() -> None:
    image = re.search(r"image: neo4j:(\d+\.\d+)-community", COMPOSE)
    assert image is not None
    assert versions()["neo4j"].startswith(f"{image[1]}.")


def test_ports_are_for_this_machine_only() -> None:
    ports = re.findall(r'^ +- "([^"]*\d+:\d+)"$', COMPOSE, re.MULTILINE)
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)
