"""The reference of commands in docs/ is what the commands say of themselves."""

from pathlib import Path

from cibgraph.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def test_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "run: make docs"


def test_page_has_nested_commands() -> None:
    assert "## cib server start\n" in reference()
