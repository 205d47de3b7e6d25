"""The program as processes: how it starts, how it refuses to, how it ends, and its four roles apart doing what one does."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import pytest

from gateway.app import Gateway, check_roles
from gateway.errors import ConfigError
from tests.api.ears import inbox, widget
from tests.api.house import SECRET, Visitor, Worker, settings_of, until
from tests.gateway import GatewayProcess
from tests.servers import free_port
from tests.stores import copy_file


def ended(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`throughline run …` that is not expected to stay."""
    process = GatewayProcess(data, roles=(), **environment)
    command = [*process.command, "run", *arguments]
    return subprocess.run(command, env=process._env(), cwd=data, capture_output=True, text=True, timeout=30, check=False)


def test_a_role_alone_needs_what_the_processes_share(tmp_path: Path) -> None:
    done = ended(tmp_path, "web", "--port", "0")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "PostgreSQL (THROUGHLINE_DATABASE_URL" in done.stderr and "Redis (THROUGHLINE_REDIS_URL" in done.stderr
    assert not (tmp_path / "throughline.db").exists()


@pytest.mark.parametrize("roles", [("web",), ("worker", "router"), ("web", "worker", "listen")])
def test_which_of_them_is_missing_is_said(tmp_path: Path, roles: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError, match=r"needs PostgreSQL .* and Redis"):
        check_roles(settings_of(tmp_path, "sqlite:"), roles)
    with pytest.raises(ConfigError, match="needs PostgreSQL") as error:
        check_roles(settings_of(tmp_path, "sqlite:", redis_url="redis://127.0.0.1/0"), roles)
    assert "Redis (" not in str(error.value)
    with pytest.raises(ConfigError, match="needs Redis"):
        check_roles(settings_of(tmp_path, "postgresql://127.0.0.1/x"), roles)
    check_roles(settings_of(tmp_path, "postgresql://127.0.0.1/x", redis_url="redis://127.0.0.1/0"), roles)
    check_roles(settings_of(tmp_path, "sqlite:"), ("router", "listen", "worker", "web"))


def test_a_port_in_use_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = ended(tmp_path, "--port", str(port), "--no-shop")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr and "--port" in done.stderr


def test_what_is_wrong_with_the_settings_or_the_key_is_a_sentence(tmp_path: Path) -> None:
    done = ended(tmp_path, "--port", "0", limits__text_chars="1")
    assert done.returncode == 1 and "limits.text_chars" in done.stderr and "Traceback" not in done.stderr
    (tmp_path / "secret.key").write_bytes(b"\xff")
    done = ended(tmp_path, "--port", "0", "--no-shop")
    assert done.returncode == 1 and "secret.key is damaged" in done.stderr and "Traceback" not in done.stderr
    done = ended(tmp_path, "--port", "0", "--no-shop", secret_key="x" * 40, trusted_proxies='["the proxy"]')
    assert done.returncode == 1 and "“the proxy” is not the address" in done.stderr and "Traceback" not in done.stderr


async def test_a_start_that_fails_leaves_nothing_running(migrated_file: Path, tmp_path: Path) -> None:
    url = copy_file(migrated_file, tmp_path / "throughline.db")
    port = free_port()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        before = {task.get_name() for task in asyncio.all_tasks()}
        for wrong in (
            {"port": port},
            {"port": 0, "channels": {"fax": {"kind": "fax"}}, "sites": {}},
            {"port": 0, "trusted_proxies": ("x",)},
        ):
            gateway = Gateway(settings_of(tmp_path, url, **wrong))
            with pytest.raises(ConfigError):
                await gateway.start()
            assert {task.get_name() for task in asyncio.all_tasks()} == before
            assert gateway.db.healthy() == "The database is not started"
    gateway = Gateway(settings_of(tmp_path, url, port=port))
    await gateway.start()
    await gateway.stop()
    await gateway.stop()


async def test_a_database_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="throughline migrate"):
        await Gateway(settings_of(tmp_path, "sqlite:")).start()


async def _signed_in(gateway: GatewayProcess, session: aiohttp.ClientSession, link: str) -> Worker:
    headers = {"X-Throughline": "1", "Origin": gateway.url}
    async with session.post(gateway.url + "/api/session/link", json={"token": link}, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        me = await answer.json()
        cookie = answer.cookies["throughline_session"].value
    sent = {**headers, "Cookie": f"throughline_session={cookie}"}
    return Worker(gateway.url, session, sent, id=me["id"], name=me["name"], email=me["email"], cookie=cookie)


async def _visitor(gateway: GatewayProcess, session: aiohttp.ClientSession) -> Visitor:
    async with session.post(gateway.url + "/api/visitor/session", json={"site": "demo"}) as answer:
        told = await answer.json()
    return Visitor(gateway.url, session, {"Authorization": f"Bearer {told['token']}"}, token=told["token"], visitor=told["visitor"])


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=30))


@pytest.mark.kill
async def test_it_ends_soon_and_in_order_with_open_sockets(tmp_path: Path) -> None:
    gateway = GatewayProcess(tmp_path)
    await asyncio.to_thread(gateway.start)
    try:
        async with _session() as session:
            link = gateway.said(r"First agent +\S+#link=(\S+)")
            agent, visitor = await _signed_in(gateway, session, link), await _visitor(gateway, session)
            thread = (await visitor.say("hei"))["thread"]["id"]
            async with inbox(agent, thread) as desk, widget(visitor) as hers:
                start = time.monotonic()
                code = await asyncio.to_thread(gateway.stop)
                took = time.monotonic() - start
                assert code == 0 and took < 10, f"exit code {code} after {took:.1f} s"
                await asyncio.wait_for(asyncio.gather(desk.closed.wait(), hers.closed.wait()), 5)
        said = gateway.output.read_text("utf-8")
        assert "Stopping" in said and "Traceback" not in said and "Task was destroyed" not in said, said
        for secret in (agent.cookie, visitor.token):
            assert secret not in said
        assert link in said, "the way in for the first agent is shown; it works once"
        await asyncio.to_thread(gateway.start)
        async with _session() as session:
            assert [item["text"] for item in await Visitor(gateway.url, session, visitor.headers).items()] == ["hei"]
    finally:
        await asyncio.to_thread(gateway.stop)


@pytest.mark.kill
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_four_roles_in_four_processes_do_the_ring(migrated_url: str, redis_url: str, tmp_path: Path) -> None:
    shared = {"database_url": migrated_url, "redis_url": redis_url, "secret_key": SECRET}
    parts = {role: GatewayProcess(tmp_path / role, roles=(role,), **shared) for role in ("web", "router", "worker", "listen")}
    for part in parts.values():
        part.data.mkdir()
    with ExitStack() as stack:
        for part in parts.values():
            stack.callback(part.stop)
        await asyncio.gather(*(asyncio.to_thread(part.start) for part in parts.values()))
        web = parts["web"]
        async with _session() as session:
            told = await asyncio.to_thread(web.run, "agent", "add", "mikko@desk.example", "--name", "Mikko")
            found = re.search(r"#link=(\S+)", told)
            assert found is not None
            agent, visitor = await _signed_in(web, session, found[1]), await _visitor(web, session)
            async with inbox(agent) as desk, widget(visitor) as hers:
                thread = (await visitor.say("hei"))["thread"]["id"]
                await desk.hear("row", lambda told: (told["row"]["assignee"] or {}).get("id") == agent.id)
                assert (await hers.hear("thread", lambda told: told["thread"]["agent"] is not None))["thread"]["agent"] == {"name": "Mikko"}
                await desk.say("watch", {"conversation_id": thread})
                await agent.say(thread, "Hei! How can I help?")
                assert (await hers.hear("item", lambda told: not told["item"]["mine"]))["item"]["text"] == "Hei! How can I help?"
                await desk.hear("delivery", lambda told: told["delivery"]["state"] == "sent")
            why = (await agent.get(f"/api/conversations/{thread}/why")).ok()["assignments"]
            assert [assignment["decided_by"] for assignment in why] == ["router"]
            for role in ("router", "worker", "listen"):
                async with session.get(parts[role].url + "/api/visitor/config?site=demo") as answer:
                    assert answer.status == 404, f"{role} serves health and nothing else"

            async def ready() -> bool:
                return all([(await _status(session, part.url + "/readyz")) == 200 for part in parts.values()])

            await until(ready, what="the readiness of all four")
        codes = await asyncio.gather(*(asyncio.to_thread(part.stop) for part in parts.values()))
        assert codes == [0, 0, 0, 0], {role: part.output.read_text("utf-8")[-2000:] for role, part in parts.items()}


async def _status(session: aiohttp.ClientSession, url: str) -> int:
    async with session.get(url) as answer:
        return answer.status
