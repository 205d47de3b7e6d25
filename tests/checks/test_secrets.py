"""No secret in an address, in a log line or in an answer: everything is done once, then all of it is searched (T-16, T-21, T-33)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
import structlog

from gateway.flow import accounts
from gateway.model import AgentId
from tests.api.ears import Refused, inbox, listening, widget
from tests.api.house import PNG, House
from tests.checks.live import METRICS, PASSWORD, SECRET, client, ours, sign_in, visitor_token
from tests.gateway import GatewayProcess

WORDS = "what only the two of us have to know"


async def test_a_days_work_leaves_no_secret_in_the_log(gateway: GatewayProcess) -> None:
    """With every line logged. The one exception is meant: the first sign-in link is printed where the program was started, and is used up."""
    async with client() as session:
        secrets = [SECRET, METRICS, PASSWORD, WORDS]
        start = len(gateway.output.read_text("utf-8"))
        first, again = await sign_in(gateway, session), await sign_in(gateway, session)
        token = await visitor_token(gateway, session)
        secrets += [first, again, token, token.rpartition("~")[2]]
        bearer = {"Authorization": f"Bearer {token}"}
        calls: list[tuple[str, str, dict[str, str], Any]] = [
            ("POST", "/api/visitor/messages", bearer, {"client_id": "a-days-work", "text": WORDS}),
            ("POST", "/api/visitor/messages", bearer, {"client_id": "a-days-work", "text": WORDS, "password": PASSWORD}),
            ("POST", "/api/visitor/messages", {"Authorization": f"Bearer {token}x"}, {"text": WORDS}),
            ("POST", "/api/visitor/session", {}, {"site": "demo", "token": token}),
            ("POST", "/api/visitor/session", {}, {"site": "demo", "token": token + "x", "identity": f"{SECRET}.{SECRET}.{SECRET}"}),
            ("GET", f"/api/visitor/items?after=0&token={quote(token)}", bearer, None),
            ("GET", f"/inbox/?token={first}", {}, None),
            ("GET", f"/nowhere?{METRICS}", {"Cookie": f"throughline_session={first}"}, None),
            ("GET", "/metrics", {"X-Forwarded-For": "203.0.113.1", "Authorization": f"Bearer {METRICS}"}, None),
            ("GET", "/metrics", {"X-Forwarded-For": "203.0.113.1", "Authorization": f"Bearer {METRICS}x"}, None),
            ("POST", "/api/session", ours(gateway), {"email": "admin@localhost.example", "password": PASSWORD + "!"}),
            ("POST", "/api/session/link", ours(gateway), {"token": first, "password": PASSWORD}),
            ("PUT", "/api/me/password", ours(gateway, first), {"old": PASSWORD + "!", "new": PASSWORD}),
            ("PUT", "/api/me/password", ours(gateway, first), {"old": PASSWORD, "new": "short"}),
            ("GET", f"/api/conversations?q={quote(WORDS)}", ours(gateway, first), None),
            ("POST", "/hooks/webchat", {"X-Signature": SECRET}, {"text": WORDS}),
            ("DELETE", "/api/session", ours(gateway, again), None),
        ]  # fmt: skip
        answers = [await _told(session, gateway.url, *call) for call in calls]
        for auth, headers in (
            ({"token": token}, {}),
            ({"token": token + "x"}, {}),
            ({"token": SECRET}, {"Origin": f"https://{METRICS}.example"}),
        ):
            await _knock(session, gateway.url, auth, headers)
    told = gateway.output.read_text("utf-8")[start:]
    assert "request_refused" in told, "the program did log meanwhile"
    assert [secret for secret in secrets if secret in told or quote(secret) in told] == []
    given = "\n".join(answer for answer, call in zip(answers, calls, strict=True) if call[1] not in ("/api/visitor/session",))
    assert [secret for secret in (SECRET, METRICS, PASSWORD, first, again, token) if secret in given] == []


async def _told(session: aiohttp.ClientSession, url: str, method: str, path: str, headers: dict[str, str], body: Any) -> str:
    async with session.request(method, url + path, json=body, headers=headers) as answer:
        assert answer.status < 500
        headers_told = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        return f"{headers_told}\n{await answer.text(errors='replace')}"


async def _knock(session: aiohttp.ClientSession, url: str, auth: Any, headers: dict[str, str]) -> None:
    try:
        async with session.ws_connect(url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket", headers=headers) as socket:
            await socket.send_str(f"40/visitor,{json.dumps(auth)}")
            await socket.send_str(f'42/visitor,["typing",{json.dumps({"on": auth["token"]})}]')
            await socket.receive(timeout=5)
    except aiohttp.WSServerHandshakeError:
        return


async def test_no_token_is_in_an_address_or_in_an_answer_that_is_not_about_it(house: House) -> None:
    """What a proxy would write into its access log, and what every answer and every event said, in a whole conversation."""
    seen: list[str] = []

    async def start(_: aiohttp.ClientSession, __: Any, params: aiohttp.TraceRequestStartParams) -> None:
        seen.append(str(params.url))

    recorder = aiohttp.TraceConfig()
    recorder.on_request_start.append(start)
    recorder.freeze()
    house.session.trace_configs.append(recorder)
    agent, visitor = await house.agent("Mikko", "admin"), await house.visitor()
    link = await house.link(agent.id)
    secrets = [
        agent.cookie,
        visitor.token,
        visitor.token.rpartition("~")[2],
        link,
        house.gateway.settings.secret_key.get_secret_value() or "no-key-is-set",
    ]
    with structlog.testing.capture_logs() as logs:
        thread = (await visitor.say(WORDS, files=[(await visitor.upload(PNG)).ok(201)["file"]["id"]]))["thread"]["id"]
        async with widget(visitor) as hers, inbox(agent, thread) as desk:
            reply = await agent.say(thread, "an answer")
            await hers.hear("item")
            answers = [reply]
            for path in ("/api/visitor/thread", "/api/visitor/items", "/api/visitor/earlier", "/api/visitor/config?site=demo"):
                answers += [(await visitor.get(path)).ok()]
            for path in (
                "/api/me",
                "/api/agents",
                "/api/teams",
                "/api/counts",
                "/api/conversations",
                f"/api/conversations/{thread}",
                f"/api/conversations/{thread}/entries",
            ):
                answers += [(await agent.get(path)).ok()]
            events = json.dumps([hers.heard, desk.heard])
        signed_in = await house.stranger(**house.agent_headers("")).post("/api/session/link", {"token": link, "password": PASSWORD})
        assert signed_in.status == 200
        secrets += [signed_in.headers["Set-Cookie"].split("=", 1)[1].split(";")[0], PASSWORD]
        await agent.call("DELETE", "/api/session")
    told = {"address": "\n".join(seen), "answer": json.dumps(answers) + signed_in.raw.decode(), "event": events, "log": repr(logs)}
    assert len(seen) > 15
    for where, text in told.items():
        assert [secret for secret in secrets if secret in text or quote(secret) in text] == [], where
    assert WORDS not in told["log"] and WORDS not in told["address"]


async def test_a_failure_tells_a_constant_sentence_and_where_to_look(house: House) -> None:
    """T-16: neither a stack nor a value, over HTTP and over a socket; the id finds the log line."""
    agent, visitor = await house.agent(), await house.visitor()
    thread = (await visitor.say("hei"))["thread"]["id"]
    said: set[str] = set()
    with structlog.testing.capture_logs() as logs:
        async with widget(visitor) as hers, inbox(agent, thread) as desk:
            real = house.gateway.db.read

            async def broken(*_: Any, **__: Any) -> Any:
                raise RuntimeError(f"{SECRET} at postgresql://user:{PASSWORD}@db/{thread}")

            house.gateway.db.read = broken  # type: ignore[method-assign]  # a store that fails in a way nobody has thought of
            try:
                for caller, path in (
                    (visitor, "/api/visitor/thread"),
                    (visitor, "/api/visitor/items"),
                    (agent, "/api/me"),
                    (agent, f"/api/conversations/{thread}"),
                ):
                    answer = await caller.get(path)
                    assert answer.status == 500 and answer.body["code"] == "internal"
                    assert answer.body["id"] in {line.get("id") for line in logs}
                    said.add(answer.body["detail"])
                await hers.say("typing", {"on": True})
                await desk.say("typing", {"conversation_id": thread, "on": True})
                with pytest.raises(Refused, match="unavailable") as refused:
                    async with listening(house.url, "/agent", agent.headers):
                        pass
                assert SECRET not in str(refused.value)
            finally:
                house.gateway.db.read = real  # type: ignore[method-assign]
        assert SECRET not in json.dumps([hers.heard, desk.heard])
    assert len(said) == 1 and SECRET not in said.pop()
    assert any(line["event"] == "socket_event_failed" for line in logs)


async def test_what_ended_is_no_key_any_more(house: House) -> None:
    """T-21: a new session with each sign-in; a changed password ends the others; a link is good once, in one spelling, for a day."""
    agent = await house.agent()
    (await agent.put("/api/me/password", {"old": None, "new": PASSWORD}))
    page = house.stranger(**house.agent_headers("fixed-by-an-attacker"))
    cookies = set()
    for _ in range(3):
        house.clock.ahead += 60
        answer = await page.post("/api/session", {"email": agent.email, "password": PASSWORD})
        cookies.add(answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0])
        assert answer.status == 200 and "HttpOnly" in answer.headers["Set-Cookie"] and "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert len(cookies) == 3 and "fixed-by-an-attacker" not in cookies and all(len(cookie) >= 22 for cookie in cookies)
    kept, *others = sorted(cookies)
    assert (
        await house.stranger(**house.agent_headers(kept)).put("/api/me/password", {"old": PASSWORD, "new": PASSWORD + " too"})
    ).status == 204
    assert (await house.stranger(**house.agent_headers(kept)).get("/api/me")).status == 200
    for other in (*others, agent.cookie):
        assert (await house.stranger(**house.agent_headers(other)).get("/api/me")).status == 401
    link = await house.link(agent.id)
    nobody = house.stranger(**house.agent_headers(""))
    for odd in (
        "",
        " ",
        "\t",
        link.swapcase(),
        f" {link}",
        f"{link} ",
        link + "=",
        link[:-1],
        link + link,
        accounts.hashed(link),
        "0",
        "null",
        "\0",
    ):
        house.clock.ahead += 5
        assert (await nobody.post("/api/session/link", {"token": odd})).status in (400, 401), odd
    assert (await nobody.post("/api/session/link", {"token": link})).status == 200
    assert (await nobody.post("/api/session/link", {"token": link})).status == 401
    late = await house.link(agent.id)
    house.clock.ahead += 86_401
    assert (await nobody.post("/api/session/link", {"token": late})).status == 401
    assert AgentId(agent.id)
