"""What every adapter has to keep, checked the same way for each: subclass AdapterSuite, give it a `case` fixture.

class TestSms(AdapterSuite):
    @pytest.fixture
    async def case(self) -> AsyncIterator[Case]: ...
"""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.contract import Can, Forged, IntakeError, SendError
from channels.text import clean
from tests.adapters.case import Case, forgeries, is_forged, read, read_or_refuse, said, told
from tests.adapters.watched import Watched

fuzz = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors])
_ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200).filter(lambda text: bool(text.strip()))


class AdapterSuite:
    """Inherit, and define the fixture `case`."""

    def test_it_has_the_core(self, case: Case) -> None:
        channel = case.channel
        assert channel.id
        assert isinstance(channel.can, Can)
        assert channel.max_chars is None or channel.max_chars > 0
        assert all(channel.redact), "an empty secret would redact everything"
        assert set(case.secrets) <= set(channel.redact), "every secret has to be named for redaction"

    async def test_closing_twice_is_harmless(self, case: Case) -> None:
        channel = case.make()
        await channel.close()
        await channel.close()

    async def test_a_message_becomes_a_fact(self, case: Case) -> None:
        fact = await said(case, "Hello")
        assert fact.channel_id == case.channel.id
        assert fact.text == "Hello"
        assert ":" in fact.sender
        assert 0 < len(fact.dedup_key) <= 255

    async def test_the_same_event_has_the_same_key_always(self, case: Case) -> None:
        request = case.authentic(case.says("Hello"))
        keys = [[fact.dedup_key for fact in (await read(channel, request)).facts] for channel in (case.channel, case.channel, case.make())]
        assert keys[0]
        assert keys[0] == keys[1] == keys[2]

    async def test_any_script_comes_in(self, case: Case) -> None:
        for text in case.texts:
            assert (await said(case, text)).text == text

    async def test_any_script_goes_out(self, case: Case) -> None:
        for at, text in enumerate(case.texts):
            await case.channel.send(case.outgoing(text, f"d-{at}"))
        assert list(case.arrived()) == list(case.texts)

    @fuzz
    @given(text=_ANY_TEXT)
    async def test_any_text_survives(self, case: Case, text: str) -> None:
        assert (await said(case, text)).text == clean(text)

    async def test_forged_calls_are_refused(self, case: Case) -> None:
        genuine = case.authentic(case.says("Hello"))
        for what, request in forgeries(case, genuine):
            assert await is_forged(case, request), f"taken although forged: {what}"
        assert (await read(case.channel, genuine)).facts

    async def test_refusing_costs_nothing(self, case: Case) -> None:
        for what, request in forgeries(case, case.authentic(case.says("Hello" * 200))):
            took = []
            for _ in range(21):
                before = perf_counter()
                with pytest.raises(Forged):
                    await read(case.channel, request)
                took.append(perf_counter() - before)
            assert median(took) < 0.005, what

    @fuzz
    @given(body=st.binary(max_size=300))
    async def test_any_bytes_unsigned_are_forged(self, case: Case, body: bytes) -> None:
        request = case.authentic(case.says("Hello"))
        bare = {name: value for name, value in request.headers.items() if name not in case.signed_by}
        with pytest.raises(Forged):
            await read(case.channel, replace(request, headers=bare, identity=None, body=body))

    @fuzz
    @given(body=st.binary(max_size=300))
    async def test_any_signed_bytes_are_read_or_refused(self, case: Case, body: bytes) -> None:
        await read_or_refuse(case, body)

    @fuzz
    @given(data=st.data())
    async def test_a_damaged_message_is_read_or_refused(self, case: Case, data: st.DataObject) -> None:
        body = bytearray(case.says("Hello, äö 😀"))
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(body) - 1))
            body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
            if not body:
                break
        await read_or_refuse(case, bytes(body))

    @pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b'{"text":' + b"9" * 5_000 + b"}", b'{"text":NaN}', b'{"text":"\\ud800"}',
        b'{"text":1,"text":2}', b"\xef\xbb\xbf{}", '{"text":"x"}'.encode("utf-16"), b"", b"\0" * 1_000, b"a=1&a=2", b"%ff=%00&" * 5_000, b"x" * 2_000_000])  # fmt: skip
    async def test_bombs_are_refused_quickly(self, case: Case, body: bytes) -> None:
        request = case.authentic(body)
        before = perf_counter()
        await read_or_refuse(case, body, request)
        assert perf_counter() - before < 1

    async def test_outcomes_are_told_apart(self, case: Case) -> None:
        for outcome in case.outcomes:
            case.script(outcome)
            with pytest.raises(SendError) as caught:
                await case.channel.send(case.outgoing("Hello"))
            assert type(caught.value) is outcome
            assert str(caught.value), "the agent is shown a reason"

    async def test_a_taken_message_is_sent(self, case: Case) -> None:
        case.script(None)
        sent = await case.channel.send(case.outgoing("Hello"))
        assert sent.state in ("sent", "delivered")
        assert list(case.arrived()) == ["Hello"]

    async def test_no_transaction_is_asked_for_while_sending(self, case: Case) -> None:
        open_units: list[str] = []
        watched = Watched(case.channel, lambda: pytest.fail("a transaction is open during a send") if open_units else None)
        await watched.send(case.outgoing("Hello"))
        assert watched.calls == 1
        open_units.append("unit")
        with pytest.raises(pytest.fail.Exception):
            await watched.send(case.outgoing("Hello"))

    async def test_no_secret_is_told(self, case: Case, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("DEBUG")
        seen = [repr(case.channel), str(case.channel)]
        genuine = case.authentic(case.says("Hello"))
        for request in [request for _, request in forgeries(case, genuine)] + [case.authentic(b"\xff{"), case.authentic(b"{}")]:
            try:
                await read(case.channel, request)
            except IntakeError as error:
                seen += told(error)
        for outcome in case.outcomes:
            case.script(outcome)
            with pytest.raises(SendError) as caught:
                await case.channel.send(case.outgoing("Hello"))
            seen += told(caught.value)
        everything = "\n".join([*seen, caplog.text])
        assert not [secret for secret in case.channel.redact if secret in everything]
