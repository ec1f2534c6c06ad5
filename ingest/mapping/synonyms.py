"""What columns are called elsewhere: the words by which a draft of a mapping is guessed.

Names are compared in lower case without anything but letters and digits: `Post ID`, `post_id` and `postId`
are one spelling. In each list the likeliest name comes first.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_TIMES: Final = (
    "createdat created createdtime creationtime timestamp time date datetime publishedat published "
    "publishdate "
    "postedat postcreated posttime postdate createtime takenat timestamputc createdutc fecha datum heure"
)
_LANGUAGES: Final = "language lang"
_NAMES: Final = (
    "authorname username name displayname fullname authorfullname accountname ownername channelname "
    "channeltitle "
    "nickname pagename author user account channel nombre"
)
_HANDLES: Final = "handle screenname userscreenname username uniqueid accounthandle authorhandle login slug"
_FOLLOWERS: Final = (
    "followers followerscount followercount userfollowers authorfollowers numfollowers subscribers "
    "subscribercount "
    "fans fancount pagelikes followersatposting likesatposting"
)
_ABOUT: Final = "bio about description userprofiledescription biography signature profile"
_VERIFIED: Final = "verified isverified userverified authorverified"
_COUNTRIES: Final = "country countrycode location region pageadmintopcountry pais land"
_JOINED: Final = "accountcreationdate accountcreated joined joindate registered registrationdate "
"pagecreated"
_IMAGE: Final = "profileimagehash avatarhash profilephash"
_REMOVED: Final = "removedat suspendedat deletedat takendownat"

_OWNERS: Final = (
    "authorid userid accountid pageid channelid ownerid profileid fromid senderid actorid facebookid "
    "authorchannelid "
    "author user account channel username screenname userscreenname handle page from sender"
)

#: By table and column. A table is guessed by how many of its columns are found.
SYNONYMS: Final[dict[str, dict[str, str]]] = {
    "posts": {
        "id": "id postid messageid tweetid statusid videoid mediaid contentid itemid msgid url posturl "
        "link",
        "author_id": _OWNERS,
        "created_at": _TIMES + " tweettime timestampshare",
        "text": "text message body content fulltext tweettext tweet caption posttext title description "
        "msg texto",
        "urls": "urls links link outlinks expandedurls expandedurl finallink sharedurl "
        "linkattachmentlink externalurl",
        "hashtags": "hashtags tags hashtag hashtagnames",
        "image_hashes": "imagehashes imagehash phash mediahash md5",
        "repost_of": "repostof retweettweetid retweetid retweetedid retweetedstatusid sharedpostid "
        "repostid forwardfrom "
        "originalid objectid",
        "reply_to": "replyto inreplytoid inreplytostatusid inreplytotweetid replyid replytoid parentid "
        "inreplyto",
        "likes": "likes likecount likescount favorites favouritecount favoritecount reactions diggcount "
        "statisticslikecount",
        "comments": "comments commentcount commentscount replies replycount repliescount "
        "statisticscommentcount",
        "shares": "shares sharecount sharescount retweets retweetcount reposts repostcount forwards "
        "statisticssharecount",
        "views": "views viewcount viewscount playcount plays impressions statisticsviews",
        "language": _LANGUAGES + " tweetlanguage",
        "surface_id": "groupid surfaceid chatid threadid",
        "url": "url posturl permalink postlink tweeturl mclurl permalinkurl",
    },
    "ads": {
        "id": "adid adarchiveid libraryid id",
        "page_id": "pageid advertiserid page",
        "payer": "payer bylines byline fundingentity paidforby disclaimer sponsorname sponsor",
        "beneficiary": "beneficiary",
        "currency": "currency spendcurrency",
        "spend_lower": "spendlower spendlowerbound minspend spendmin spend amountspent cost",
        "spend_upper": "spendupper spendupperbound maxspend spendmax",
        "impressions_lower": "impressionslower impressionslowerbound minimpressions impressions",
        "impressions_upper": "impressionsupper impressionsupperbound maximpressions",
        "started_at": "startedat addeliverystarttime startdate start starttime",
        "stopped_at": "stoppedat addeliverystoptime enddate stop endtime end",
        "created_at": "createdat adcreationtime creationdate created",
        "text": "text adcreativebody adtext body message copy",
        "url": "url adsnapshoturl landingpage landingurl",
        "targets": "targets targeting",
        "countries": "countries reachedcountries country",
    },
    "reactions": {
        "account_id": "accountid userid reactorid fromid likerid",
        "target_id": "targetid postid objectid tweetid videoid",
        "type": "reaction reactiontype type action",
        "at": "at reactedat " + _TIMES,
    },
    "links": {
        "source_id": "sourceid source from followerid follower id1 useridfrom node1",
        "target_id": "targetid target to followedid followed friendid id2 node2 followingid",
        "at": "at since " + _TIMES,
    },
    "admins": {
        "account_id": "adminid accountid userid admin",
        "asset_id": "assetid pageid groupid page",
        "role": "role adminrole permission",
        "since": "since addedat from",
        "until": "until removedat",
    },
    "identifiers": {
        "asset_id": "assetid accountid userid pageid",
        "value": "value identifier email emailaddress mail phone phonenumber ip ipaddress device "
        "deviceid domain",
        "first_seen": "firstseen since first " + _TIMES,
        "last_seen": "lastseen until last",
    },
    "page_admin_countries": {
        "page_id": "pageid",
        "country": "country countrycode admincountry countryname",
        "count": "count admins admincount number",
    },
    "page_history": {
        "page_id": "pageid",
        "event": "event itemtype",
        "at": "at eventtime " + _TIMES,
        "name": "name newname targetname",
    },
    "members": {
        "account_id": "memberid accountid userid member",
        "group_id": "groupid group communityid",
        "since": "since joinedat joined",
    },
    "pages": {
        "id": "pageid facebookid id",
        "name": "pagename name title",
        "handle": "pagehandle " + _HANDLES,
        "category": "category pagecategory categories pagetype",
        "created_at": "pagecreated " + _TIMES,
        "country": _COUNTRIES,
        "followers": _FOLLOWERS + " likes",
        "verified": _VERIFIED,
        "about": "about description bio",
        "url": "url pageurl link",
        "profile_image_hash": _IMAGE,
        "removed_at": _REMOVED,
    },
    "groups": {
        "id": "groupid id",
        "name": "groupname name title",
        "created_at": "groupcreated " + _TIMES,
        "privacy": "privacy visibility grouptype",
        "members": "members membercount memberscount numberofmembers participants",
        "url": "url groupurl link",
        "removed_at": _REMOVED,
    },
    "accounts": {
        "id": "accountid userid authorid profileid id username screenname userscreenname handle",
        "name": _NAMES,
        "handle": _HANDLES,
        "created_at": _JOINED + " " + _TIMES,
        "country": _COUNTRIES,
        "language": _LANGUAGES,
        "followers": _FOLLOWERS,
        "verified": _VERIFIED,
        "profile_image_hash": _IMAGE,
        "bio": _ABOUT,
        "url": "profileurl url userurl link",
        "removed_at": _REMOVED,
    },
}  # fmt: skip

#: What a row of posts may say of its author, by the author's table and column.
AUTHORS: Final[dict[str, str]] = {
    "name": "authorname userdisplayname displayname username pagename accountname channelname "
    "channeltitle nickname "
    "authorfullname ownername postownername author user",
    "handle": _HANDLES + " postownerusername",
    "created_at": _JOINED,
    "country": "usercountry pageadmintopcountry authorcountry",
    "followers": _FOLLOWERS,
    "verified": _VERIFIED,
    "bio": "userprofiledescription authorbio bio userdescription authordescription",
}

#: What names of values say of their kind.
VALUE_KINDS: Final = {"mail": "email", "phone": "phone", "ip": "ip", "device": "device", "domain": "domain"}

#: What names of owners say of their kind.
OWNER_KINDS: Final = {"page": "page", "facebookid": "page"}

#: Hosts, and words in names of files and columns, by platform.
PLATFORMS: Final = {
    "facebook": ("facebook.com", "fb.com", "fb.watch"),
    "instagram": ("instagram.com",),
    "x": ("twitter.com", "x.com", "tweet"),
    "telegram": ("t.me", "telegram"),
    "tiktok": ("tiktok.com",),
    "youtube": ("youtube.com", "youtu.be"),
    "vk": ("vk.com",),
    "reddit": ("reddit.com",),
    "weibo": ("weibo.com",),
    "threads": ("threads.net",),
    "bluesky": ("bsky.app",),
    "gab": ("gab.com",),
}


def spelling(name: str) -> str:
    """Return a name as names are compared: lower case, letters and digits only, without accents."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return re.sub(r"[^0-9a-z]+", "", plain)
