"""Who lives in the demo: agents with their teams, and customers from several countries."""

from __future__ import annotations

from typing import Any, NamedTuple


class Worker(NamedTuple):
    """An agent. `places` are chats at once."""

    key: str
    name: str
    role: str
    teams: tuple[str, ...]
    skills: tuple[str, ...] = ()
    places: int = 3
    away: bool = False


class Customer(NamedTuple):
    """A visitor of the shop. `user` is their account there."""

    key: str
    name: str
    locale: str
    zone: str
    user: str | None = None
    page: tuple[str, str] = ("/", "Kaarna – furniture that ages well")

    @property
    def team(self) -> str:
        """Whose queue: orders and returns have one of their own."""
        return {"/account/orders": "Orders", "/returns": "Orders", "/cart": "Billing"}.get(self.page[0], "Support")


YOU = "elina"
"""Whom the demo signs in."""

WORKERS = (
    Worker("elina", "Elina Salo", "admin", ("Support", "Orders"), ("fi", "sv", "en"), 5),
    Worker("ritva", "Ritva Korhonen", "lead", ("Support",), ("fi", "en"), 4),
    Worker("mikko", "Mikko Laine", "agent", ("Support", "Orders"), ("fi", "en", "de")),
    Worker("priya", "Priya Sharma", "agent", ("Support",), ("hi", "te", "bn", "en")),
    Worker("omar", "Omar Haddad", "agent", ("Orders", "Billing"), ("ar", "en", "fr")),
    Worker("leena", "Leena Mäkelä", "agent", ("Billing",), ("fi", "sv"), away=True),
    Worker("jon", "Jon Berg", "viewer", ("Support",)),
)

_OFFICE = [["09:00", "17:00"]]
_WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _OFFICE)
TEAMS: dict[str, dict[str, Any] | None] = {
    "Support": {
        "zone": "Europe/Helsinki",
        "week": {
            **{key: [["08:00", "20:00"]] for key in ("mon", "tue", "wed", "thu")},
            "fri": [["08:00", "18:00"]],
            "sat": [["10:00", "15:00"]],
        },
        "holidays": {"2026-12-24": [["08:00", "12:00"]], "2026-12-25": [], "2026-12-26": [], "2027-01-01": []},
    },
    "Orders": {"zone": "Europe/Helsinki", "week": _WEEK, "holidays": {"2026-12-25": []}},
    "Billing": {"zone": "Europe/Helsinki", "week": {**_WEEK, "fri": [["09:00", "15:00"]]}, "holidays": {}},
}

_SOFA, _TABLE, _LAMP = (
    ("/sofas/kanto", "Kanto sofa – Kaarna"),
    ("/tables/haapa", "Haapa dining table – Kaarna"),
    ("/lamps/usva", "Usva lamp – Kaarna"),
)
_CART, _ORDERS, _RETURNS = ("/cart", "Your cart – Kaarna"), ("/account/orders", "Your orders – Kaarna"), ("/returns", "Returns – Kaarna")

CUSTOMERS = (
    Customer("aino", "Aino Virtanen", "fi", "Europe/Helsinki", "40211", _ORDERS),
    Customer("aino2", "Aino V.", "fi", "Europe/Helsinki", None, _SOFA),
    Customer("james", "James Okafor", "en-GB", "Europe/London", "40877", _TABLE),
    Customer("lucia", "Lucía Fernández", "es", "Europe/Madrid", None, _RETURNS),
    Customer("anand", "आनंद जोशी", "hi", "Asia/Kolkata", "41002", _LAMP),
    Customer("lakshmi", "లక్ష్మి రెడ్డి", "te", "Asia/Kolkata", None, _SOFA),
    Customer("rahim", "রহিম উদ্দিন", "bn", "Asia/Dhaka", None, _CART),
    Customer("layla", "ليلى حسن", "ar", "Asia/Dubai", "40955", _TABLE),
    Customer("katrin", "Katrin Bauer", "de", "Europe/Berlin", "40120", _ORDERS),
    Customer("yuki", "佐藤 由紀", "ja", "Asia/Tokyo", None, _LAMP),
    Customer("pierre", "Pierre Lefèvre", "fr", "Europe/Paris", None, _CART),
    Customer("sanna", "Sanna Niemi", "fi", "Europe/Helsinki", "40333", _TABLE),
    Customer("tom", "Tom Becker", "en-US", "America/Chicago", None, _SOFA),
    Customer("maria", "Maria Lindqvist", "sv", "Europe/Stockholm", "40718", _RETURNS),
    Customer("oleh", "Олег Коваленко", "uk", "Europe/Kyiv", None, _ORDERS),
    Customer("grace", "Grace Mbeki", "en-ZA", "Africa/Johannesburg", "41110", _LAMP),
    Customer("daniel", "Daniel Wójcik", "pl", "Europe/Warsaw", None, _TABLE),
    Customer("nameless", "", "en", "Europe/Helsinki", None, _SOFA),
    Customer("spammer", "Best SEO Offer", "en", "America/New_York", None, ("/", "Kaarna – furniture that ages well")),
    Customer("hanna", "Hanna Alexandra von Wartenberg-Sigmaringen zu Hohenlohe", "de", "Europe/Vienna", None, _SOFA),
)

SNIPPETS = (
    ("Greeting", "Hello {first_name}, this is {agent_first_name} from Kaarna. Let me look into this for you.", True),
    ("Tervehdys", "Hei {first_name}, täällä {agent_first_name} Kaarnasta. Katson asiaa heti.", True),
    (
        "Delivery time",
        "The usual delivery time inside the EU is 5 to 8 working days. As soon as the carrier has your parcel, you get a link to follow it.",
        True,
    ),
    ("Return label", "You can send it back within 30 days. I have attached the return label; drop the parcel at any pick-up point.", True),
    ("Closing", "Glad I could help, {first_name}. If anything comes up, just write here: it stays in this conversation (#{number}).", True),
    ("Care for oiled oak", "Wipe it with a damp cloth, dry it at once, and oil it twice a year with the grain.", False),
)

SEARCHES = (
    ("Unhappy customers", {"tag": "complaint", "state": "any"}, True),
    ("Refunds to check", {"tag": "refund", "state": "open"}, True),
    ("Urgent, mine", {"owner": "me", "priority": "1"}, False),
)
