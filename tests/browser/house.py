"""A gateway with people already in it, put there by its own HTTP interface, for stories that begin in the middle."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import jwt
from playwright.async_api import Browser, Page, expect

from tests.browser.people import PASSWORD, Agent
from tests.gateway import GatewayProcess

SITE_KEY = "a key of the shop for who its customers are"


class House(GatewayProcess):
    """The demo shop's site with a signing key, and Ada, its admin, who takes as many chats as come."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, sites__demo__title="Kaarna", sites__demo__identity_keys=json.dumps([SITE_KEY]))
        self._cookie = ""

    def opens(self) -> None:
        """Ada signs in, once."""
        token = self.said(r"/inbox/#link=(\S+)")
        self.ask("POST", "/api/session/link", {"token": token, "password": PASSWORD})
        me = self.ask("GET", "/api/me")
        self.ask("PUT", f"/api/people/{me['id']}", {"name": "Ada Admin", "places": [{"class": "chat", "cap": 99}]})

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, token: str = "") -> Any:
        """As Ada, or with `token` as a visitor; gives the JSON, None for 204."""
        sent = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data=sent, method=method, headers={"X-Throughline": "1", "Origin": self.url})
        if sent is not None:
            request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        elif self._cookie:
            request.add_header("Cookie", self._cookie)
        with urlopen(request, timeout=20) as answer:
            if not token and (cookie := answer.headers.get("Set-Cookie")):
                self._cookie = cookie.partition(";")[0]
            text = answer.read()
        return json.loads(text) if text else None

    def customer(self, name: str, *texts: str) -> dict[str, Any]:
        """Somebody who has written from a browser of their own; gives their conversation's row."""
        session = self.ask("POST", "/api/visitor/session", {"site": "demo", "token": None, "identity": None}, token="none yet")
        said = [{"client_id": str(uuid4()), "text": text, "files": [], "name": name} for text in texts]
        threads = [self.ask("POST", "/api/visitor/messages", one, token=session["token"])["thread"] for one in said]
        row: dict[str, Any] = self.ask("GET", f"/api/conversations/{threads[0]['id']}")["conversation"]
        return row

    async def admin(self, browser: Browser) -> Agent:
        """Ada at her desk."""
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        name, _, value = self._cookie.partition("=")
        await context.add_cookies([{"name": name, "value": value, "url": self.url}])
        page = await context.new_page()
        await page.goto(f"{self.url}/inbox/#/all")
        await expect(page.get_by_role("switch", name="Available")).to_be_visible()
        return Agent(page, self)

    def invited(self, name: str, role: str) -> str:
        """A new colleague's link."""
        mail = f"{uuid4().hex}@shop.example"
        link: str = self.ask("POST", "/api/people", {"name": name, "email": mail, "role": role, "teams": []})["link"]
        return link

    def signed(self, sub: str, name: str) -> str:
        """What the shop's server says about who is signed in, as docs/widget.md has it."""
        at = int(time.time())
        return jwt.encode({"sub": sub, "aud": "demo", "iat": at, "exp": at + 3600, "name": name}, SITE_KEY, algorithm="HS256")

    async def shows(self, page: Page, row: Mapping[str, Any], place: str = "all") -> None:
        """The conversation opened by its address."""
        await page.goto(f"{self.url}/inbox/#/{place}/{row['id']}")
        await expect(page.get_by_role("log", name="Conversation")).to_be_visible()
