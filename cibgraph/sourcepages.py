"""Writes the pages of docs/sources, one a profile: `python -m cibgraph.sourcepages`, in the checkout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ingest.profiles import PROFILES, Profile
from ingest.profiles.describe import prose, telling_columns
from ingest.sources import find_sources, look_at

#: The made files of each profile, seen from the checkout.
FIXTURES: Final = Path("tests", "ingest", "profiles", "fixtures")
PAGES: Final = Path("docs", "sources")

_INDEX: Final = """# Sources

What `cib load` reads, one page a source. A file is recognised by its columns, and the report says as what;
these pages are made from the profiles by `make docs`.

| profile | what it reads | tables |
| --- | --- | --- |
"""


def pages(root: Path) -> dict[str, str]:
    """Return the pages by file name.

    Args:
        root: The checkout, for the made files that stand as examples.
    """
    found = {f"{name}.md": _page(profile, root) for name, profile in sorted(PROFILES.items())}
    rows = [
        f"| [`{name}`]({name}.md) | {_cell(profile.title)} | {', '.join(profile.covers)} |"
        for name, profile in sorted(PROFILES.items())
    ]
    return {"README.md": _INDEX + "\n".join(rows) + "\n", **found}


def _page(profile: Profile, root: Path) -> str:
    folder = root / FIXTURES / profile.name
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    parts = [f"# {profile.name}", "", prose(profile), "", *_signs(profile, root)]
    parts += ["", "## What becomes of it"]
    for table, columns in profile.covers.items():
        parts += ["", f"### {table}", "", "| column | made of |", "| --- | --- |"]
        parts += [f"| `{column}` | {_cell(text)} |" for column, text in columns.items()]
    named = [path for path in files if path.parent == folder]
    what = named[0].name if len(named) == 1 else "FOLDER"
    parts += ["", "## Example", "", "```sh", f"cib load {what}", "```", ""]
    listed = ", ".join(f"[{path.name}](../../{path.relative_to(root).as_posix()})" for path in files)
    return "\n".join(parts) + f"\nMade files to try it with: {listed}.\n"


def _signs(profile: Profile, root: Path) -> Iterator[str]:
    """Yield the table of what the files are recognised by, the same signs once."""
    yield "## Recognised by"
    yield ""
    yield "| a file such as | as | needs the columns |"
    yield "| --- | --- | --- |"
    told = set()
    for source in find_sources([root / FIXTURES / profile.name]).sources:
        sides = dict.fromkeys(source.sides.values(), f"completes {source.table}")
        for path, what in {source.path: source.table, **sides}.items():
            needed = ", ".join(f"`{name}`" for name in telling_columns(profile, look_at(path)))
            if (what, needed) not in told:
                told.add((what, needed))
                yield f"| `{path.name}` | {what} | {_cell(needed)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write the pages, and remove those of profiles that are gone."""
    root = Path()
    made = pages(root)
    (root / PAGES).mkdir(parents=True, exist_ok=True)
    for old in (root / PAGES).glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (root / PAGES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
