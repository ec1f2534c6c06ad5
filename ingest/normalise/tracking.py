"""Parameters of URLs that say how somebody came to a page and nothing of which page it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

#: On every site. A `*` at the end stands for any ending. From what those who set them document, and
#: the lists by which browsers strip them (the query strippers of Firefox and Brave, AdGuard's filter).
EVERYWHERE: Final = (
    # Campaigns: Google Analytics, Matomo, Piano, AT Internet, Webtrekk, Adobe, Oracle, Vero, Drip, Branch
    "utm_*", "_ga", "_gl", "_gac", "mtm_*", "matomo_*", "pk_*", "piwik_*", "at_campaign*", "at_medium",
    "at_custom*", "at_link_*", "at_bbc_team", "at_ptr_name", "at_format", "wt_mc", "wt_zmc", "wt.mc_id",
    "s_cid", "cmpid", "ito", "ns_campaign", "ns_mchannel", "ns_source", "ns_linkname", "ns_fee", "ncid",
    "oly_anon_id", "oly_enc_id", "vero_id", "vero_conv", "__s", "_branch_match_id", "_branch_referrer",
    "itm_*", "icid", "sr_share", "ocid", "xtor", "smid", "smtyp", "guccounter", "guce_referrer",
    "guce_referrer_sig",
    # Clicks on ads and posts: Meta, Google, Microsoft, Yandex, X, TikTok, Snapchat, Pinterest, Reddit
    "fbclid", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "fb_comment_id", "fb_news_token",
    "mibextid", "__cft__*", "__xts__*", "__tn__", "__eep__", "__mref", "gclid", "gclsrc", "dclid", "gbraid",
    "wbraid", "gad_source", "gad_campaignid", "srsltid", "msclkid", "yclid", "ysclid", "ymclid",
    "_openstat", "twclid", "twsrc*", "twgr*", "twcamp*", "twterm*", "ref_src", "ref_url", "ttclid", "sccid",
    "epik", "pp_id", "rdt_cid", "li_fat_id", "trk_contact", "trk_msg", "trk_module", "trk_sid", "igshid",
    "igsh", "wickedid",
    # Mail: Mailchimp, HubSpot, Marketo, Mailerlite, Klaviyo, Omeda
    "mc_cid", "mc_eid", "mc_tc", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking",
    "mkt_tok", "ml_subscriber", "ml_subscriber_hash", "_kx", "_ke", "os_ehash", "ck_subscriber_id",
    "sc_src", "sc_lid", "sc_uid", "sc_customer", "sc_channel", "sc_campaign", "rb_clickid", "cx_click",
    "cx_recsorder", "cx_recswidget", "echobox", "spm", "s_kwcid", "ef_id", "irclickid", "irgwc", "awc",
    "zanpid", "tduid",
    # The same page in the dress for telephones
    "amp",
)  # fmt: skip

#: On one site only, by the name of the site in `ingest.normalise.sites`.
ON_SITE: Final = {
    "youtube": (
        "si", "feature", "pp", "ab_channel", "app", "cbrd", "kw", "themerefresh", "sttick", "persist_app",
    ),
    "x": ("s", "t", "cn", "cxt", "lang", "ref"),
    "facebook": (
        "ref", "refsrc", "refid", "fref", "hc_ref", "hc_location", "pnref", "source", "rdid", "share_url",
        "sfnsn", "eid", "eav", "paipv", "locale", "locale2", "extid", "ref_component", "ref_page",
        "notif_id", "notif_t", "acontext", "comment_tracking", "av", "dti", "tn", "type", "theater", "_rdr",
        "_rdc", "app", "m_entstream_source", "wtsid", "fs",
    ),
    "instagram": ("hl", "img_index", "taken-by", "__a", "utm", "ig_mid", "ig_rid"),
    "tiktok": (
        "_d", "_r", "_t", "is_copy_url", "is_from_webapp", "lang", "language", "preview_pb", "sec_uid",
        "sec_user_id", "sender_device", "sender_web_id", "share_app_id", "share_app_name",
        "share_author_id", "share_iid", "share_item_id", "share_link_id", "source", "timestamp", "tt_from",
        "u_code", "web_id", "checksum", "refer", "referer_url", "referer_video_id",
        "embed_source", "social_sharing", "ug_btm", "enter_from",
    ),
    "reddit": (
        "context", "rdt", "share_id", "ref", "ref_source", "correlation_id", "ref_campaign",
        "post_fullname",
    ),
    "spotify": ("si", "context", "nd", "dlsi", "pi"),
    "telegram": ("single", "comment", "embed", "before"),
    "vk": ("from", "trackcode", "ref", "ref_page"),
    "linkedin": ("trk", "trackingid", "lipi", "originalsubdomain", "rcm", "li_theme"),
    "amazon": (
        "tag", "ref", "ref_", "linkcode", "linkid", "camp", "creative", "creativeasin", "ascsubtag", "psc",
        "qid", "sr", "keywords", "pd_rd_*", "pf_rd_*", "dib", "dib_tag", "crid", "sprefix", "_encoding",
        "content-id", "th",
    ),
    "medium": ("source", "sk"),
    "substack": ("r", "s", "isfreemail", "showwelcome", "post_id", "publication_id", "triedredirect"),
    "google": (
        "ved", "usg", "sa", "ust", "sca_esv", "gs_lcp", "sclient", "sxsrf", "oq", "aqs", "sourceid", "rlz",
        "ei",
    ),
}  # fmt: skip


def pattern(names: Iterable[str]) -> str:
    """Return a regular expression of these parameters, each between two `&` of a query."""
    told = "|".join(_escaped(name) for name in names)
    return rf"(?i)&(?:{told})(?:=[^&]*)?&"


def _escaped(name: str) -> str:
    plain = name.removesuffix("*").replace(".", r"\.").replace("-", r"\-")
    return plain + ("[^=&]*" if name.endswith("*") else "")
