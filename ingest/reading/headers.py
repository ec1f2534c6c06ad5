"""Names of columns as a header gives them: none empty, none twice, none that batches use themselves."""

from __future__ import annotations

from collections.abc import Sequence


def column_names(header: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a name of its own for every column, and notes on those that had none.

    A column without a name becomes `x_column_<number>`; of columns with one name the first keeps it, the
    others become `x_<name>_2` and so on. `line` becomes `x_line`: batches have a `line` of their own.
    """
    cleaned = ["x_line" if name.strip() == "line" else name.strip() for name in header]
    taken = set(cleaned) | {"line"}
    seen: set[str] = set()
    names: list[str] = []
    unnamed: list[str] = []
    again: list[str] = []
    for number, name in enumerate(cleaned, 1):
        if name and name not in seen:
            seen.add(name)
            names.append(name)
            continue
        wanted = f"x_{name.removeprefix('x_')}" if name else "x_column"
        count = number if not name else 2
        while f"{wanted}_{count}" in taken:
            count += 1
        new = f"{wanted}_{count}"
        taken.add(new)
        names.append(new)
        (again if name else unnamed).append(new)
    notes = []
    if unnamed:
        notes.append(f"columns without a name are kept as {_listed(unnamed)}")
    if again:
        notes.append(f"names that the header gives more than once; the others are kept as {_listed(again)}")
    return tuple(names), tuple(notes)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 10:,} more" if len(names) > 10 else ""
    return ", ".join(names[:10]) + more
