"""What Neo4j Browser and NeoDash import: the queries as favourites, a style, parameters, a dashboard."""

from __future__ import annotations

import io
import json
import re
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from cibgraph.neodash import dashboard
from cypher.library import names, query

#: Folder among the favourites.
_FOLDER: Final = "cibgraph"
#: What file systems forbid in names, though Browser would not mind.
_FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|]')
#: Every archive of the same queries is the same file.
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_FIRST: Final = "Parameters (run this first)"


def write_kit(folder: Path) -> list[Path]:
    """Write all files into a folder, which is made; return their paths.

    Raises:
        OSError: The folder cannot be written to.
    """
    contents = {
        "favourites.zip": favourites(),
        "style.grass": style().encode(),
        "parameters.cypher": f"// {_FIRST}\n:params {parameters()}\n".encode(),
        "neodash.json": (json.dumps(dashboard(), indent=2, ensure_ascii=False) + "\n").encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        written.append(folder / name)
    return written


def favourites() -> bytes:
    """Return the queries as a ZIP that Browser takes by drag and drop.

    Browser reads every `.cypher` file, takes the first line for its title and the folder for its folder;
    Browser's preview takes the file's name for its title and wants an entry for the folder (seen in 5.24).
    """
    texts = {
        _FIRST: f"// {_FIRST}\n// Each parameter of the queries, with its default.\n:params {parameters()}"
    }
    for name in names("browser"):
        found = query(name)
        texts[found.title] = f"// {found.title}\n// {found.description}\n{found.text}\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{_FOLDER}/", _TIME), b"")
        for title, text in texts.items():
            entry = zipfile.ZipInfo(f"{_FOLDER}/{_FORBIDDEN.sub('', title)}.cypher", _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return buffer.getvalue()


def defaults() -> dict[str, Any]:
    """Return the default of every parameter; a test holds that it is the same in all queries."""
    return {key: value for name in names("browser") for key, value in query(name).parameters.items()}


def parameters() -> str:
    """Return the defaults as the map that Browser's `:params` takes, in both of its versions."""
    return "{" + ", ".join(f"{key}: {json.dumps(value)}" for key, value in sorted(defaults().items())) + "}"


def after_login() -> str:
    """Return what Browser is to do when it has connected, as `browser.post_connect_cmd` takes it.

    It takes over the style, sends no reports of its own, and knows the parameters. Browser splits the line at
    its semicolons, which is why the style is JSON here: `:style` takes that as well as GraSS (read in 5.24).
    """
    commands = (
        f"style {json.dumps(_rules(style()))}",
        "config {allowCrashReports: false, allowUserStats: false}",
        f"params {parameters()}",
    )
    return "; ".join(commands)


def style() -> str:
    """Return the style sheet: colours and captions by label and type."""
    return files("cypher").joinpath("browser", "style.grass").read_text("utf-8")


def _rules(grass: str) -> dict[str, dict[str, str]]:
    """Return the rules of a style sheet: by selector, the values of properties."""
    return {
        selector: dict(re.findall(r'([\w-]+): "?(.*?)"?;', body))
        for selector, body in re.findall(r"([\w.]+) \{\n(.*?)\n\}", grass, re.DOTALL)
    }
