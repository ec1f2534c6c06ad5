"""How `cib show ASSET ASSET` tells what joins two assets."""

from __future__ import annotations

from typing import Any

import click

from cibgraph.output import plain, print_wrapped


def print_pair(story: dict[str, Any]) -> None:
    """Print what `analytics.pairs.pair_of` returns: each edge, and under it its evidence, oldest first."""
    source, target = plain(story["source"]), plain(story["target"])
    click.echo(f"{source}   and   {target}")
    if not story["edges"]:
        click.echo("\nNo coordinated edge joins them in the last detection.")
    for key in story["alone"]:
        hint = "Is its key right? Look for it by name: cib query find_by_name --param text=NAME"
        print_wrapped(f"{plain(key)} has no coordinated edge with anybody, or is not in the data. {hint}")
    for edge in story["edges"]:
        _print_edge(edge)
        for piece in edge["evidence"]:
            what = f'"{plain(piece["quote"])}"' if piece["quote"] else plain(piece["object"])
            print_wrapped(f"{piece['object_kind']} {what}", first="  ", rest=" " * 6)
            for key, side in ((source, "source"), (target, "target")):
                at, by = piece[f"{side}_at"], piece[f"{side}_ref"]
                if at or by:
                    when = f"{at:%Y-%m-%d %H:%M:%S}" if at else " " * 19
                    text = f"{key}  {plain(by or '')}".rstrip()
                    print_wrapped(text, first=f"      {when}  ", rest=" " * 8)


def _print_edge(edge: dict[str, Any]) -> None:
    number, weight = edge["objects"], edge["weight"]
    counted = f"{number:,} in common" if number == weight else f"{weight:,} co-actions on {number:,} objects"
    text = f"{edge['layer']}: {counted}; {edge['expected']:.2g} by chance, q {edge['q_value']:.2g}"
    print_wrapped(f"{text}, strength {edge['strength']:.2f}", first="\n", rest="  ")
    shown, most = len(edge["evidence"]), max(number, weight)
    if shown < most:
        click.echo(f"  evidence: {shown:,} of {most:,} kept ([detect] evidence_per_edge)")
