"""The structural layers by name, and which of them tell too little to make a community."""

from __future__ import annotations

from typing import Final

#: Layers of things that two assets hold: queries `layers/<layer>_pairs` and `layers/<layer>_ties`.
TIE_LAYERS: Final = ("shared_admin", "shared_payer", "shared_identifier", "shared_creative")
#: Layers of what each asset looks like, one trait each.
TRAIT_LAYERS: Final = ("shared_image", "similar_name", "created_together")
#: Layers of what two assets have in common beyond their sizes.
OVERLAP_LAYERS: Final = ("shared_members", "mutual_links")
#: All that can be looked at.
STRUCTURAL_LAYERS: Final = (*TIE_LAYERS, *TRAIT_LAYERS, *OVERLAP_LAYERS)
#: Those that are looked at unless the settings say otherwise.
USUAL_LAYERS: Final = TIE_LAYERS

#: Layers of which an edge is a likeness, no coordination: they add a little strength, and never make a
#: community or a core (docs/method.md).
WEAK_LAYERS: Final = ("shared_image", "similar_name", "created_together", "mutual_links")
