"""What goes on while things break: a campaign, programs with keys, people in the inbox, customers with phones.

Each kind of traffic is a thread of its own with its own connection. A program that gets no answer asks again with the same
Idempotency-Key until it has one, as programs do; that is what makes a promise of every 202.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import httpx
import psycopg

from textfirst.drill.installation import ASK_WITHIN, PLAIN, Broken, Installation, within
from textfirst.drill.ledger import Ledger
from textfirst.drill.scenario import Load

ANSWER_WITHIN: Final = 5.0  # seconds that a program waits for an answer before it asks again
AGAIN_AFTER: Final = 0.3  # seconds between two tries of one request
IMPORT_WITHIN: Final = 200.0  # seconds: the job of a worker that died is taken up by the next within two minutes
LAST_TRIES: Final = 60.0  # seconds after the load in which what was begun may still be answered
OWNER: Final = {
    "workspace_name": "Drill", "country": "GB", "time_zone": "Europe/London", "name": "Drill", "email": "drill@example.com",
    "password": "correct-horse-battery",
}  # fmt: skip
SCOPES: Final = ["messages:send", "messages:read", "conversations:read", "conversations:write"]


class Console:
    """The API as a signed-in owner. Raises httpx.HTTPError when it is away, Broken when it refuses."""

    def __init__(self, url: str, cookies: Mapping[str, str] | None = None) -> None:
        self._url = url
        self.http = httpx.Client(base_url=f"{url}/api/v1", timeout=ASK_WITHIN, verify=PLAIN, cookies=dict(cookies or {}))
        if not cookies:
            self.http.get(f"{url}/_allauth/browser/v1/config")  # hands out the token of the session

    def ask(self, method: str, path: str, **more: Any) -> Any:
        headers = {"X-CSRFToken": self.http.cookies.get("csrftoken", ""), "Referer": self._url, **more.pop("headers", {})}
        answer = self.http.request(method, path, headers=headers, **more)
        if answer.is_error:
            raise Broken(f"{method} {path} answered {answer.status_code}: {answer.text[:300]}")
        return answer.json() if answer.content else None

    def patiently(self, method: str, path: str, **more: Any) -> Any:
        """The same, again and again while something is away; only for what may be asked twice."""
        end = time.monotonic() + LAST_TRIES
        while True:
            try:
                return self.ask(method, path, **more)
            except (httpx.HTTPError, Broken):
                if time.monotonic() > end:
                    raise
                time.sleep(AGAIN_AFTER)


class Program:
    """A program with an API key, which asks until it is answered."""

    def __init__(self, loader: Loader, key: str) -> None:
        self.loader = loader
        self._http = httpx.Client(
            base_url=f"{loader.installation.url}/api/v1", timeout=ANSWER_WITHIN, verify=PLAIN, headers={"Authorization": f"Bearer {key}"}
        )

    def sends(self, path: str, body: dict[str, Any], key: str) -> httpx.Response | None:
        """The final answer to a request, asked as often as it takes; None when it was not to be had in time."""
        while not self.loader.given_up:
            answer = self._once(path, body, key)
            if answer is not None and answer.status_code < 500 and answer.status_code not in {409, 429}:
                return answer
            time.sleep(AGAIN_AFTER)
        return None

    def _once(self, path: str, body: dict[str, Any], key: str) -> httpx.Response | None:
        answers = self.loader.answers
        try:
            answer = self._http.post(path, json=body, headers={"Idempotency-Key": key})
        except httpx.HTTPError as error:
            answers[type(error).__name__] += 1
            return None
        answers[str(answer.status_code)] += 1
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and "retry-after" not in answer.headers:
            answers["503 without Retry-After"] += 1
        return answer


class Loader:
    """Makes the load, and the ledger of it."""

    def __init__(self, installation: Installation, load: Load, ledger: Ledger, *, seed: int) -> None:
        self.installation = installation
        self.load = load
        self.ledger = ledger
        self.answers: Counter[str] = Counter()  # what programs were answered, by status or by error
        self.accepted = 0
        self.asked_at: dict[str, int] = {}  # wall clock, ns, by key
        self.campaign_id = ""
        self.channel_id = ""
        self.key = ""
        self._list_id = ""
        self._random = random.Random(f"load {seed}")  # noqa: S311 - a load, no secret
        self._over = threading.Event()
        self._gave_up = threading.Event()
        self._threads: list[threading.Thread] = []
        self._failure: BaseException | None = None
        self._serial = 0
        self._may_stop = [address.lstrip("+") for address in self.addresses()]
        self._random.shuffle(self._may_stop)
        self._lock = threading.Lock()

    @property
    def over(self) -> bool:
        return self._over.is_set()

    @property
    def given_up(self) -> bool:
        return self._gave_up.is_set()

    # ── before, during, after ───────────────────────────────────────────────────────────────────────────

    def set_up(self) -> None:
        """The workspace, its channel as the load wants it, a key, and the people of the campaign."""
        self.console = Console(self.installation.url)
        self.console.ask("POST", "/setup", json=OWNER)
        self.channel_id = self.console.ask("GET", "/channels")["items"][0]["id"]
        self.console.ask("PATCH", f"/channels/{self.channel_id}", json={"rate": self.load.rate, "window": self.load.window})
        self.key = self.console.ask("POST", "/keys", json={"name": "Drill", "kind": "live", "scopes": SCOPES})["secret"]
        self.ledger.note("channel", id=self.channel_id, window=self.load.window)
        if self.load.recipients:
            self._list_id = self.bring_in(self.addresses(), "Drill")
        self.installation.until(self._turn_knobs, 30, "the carrier knows the channel")

    def begin(self) -> None:
        """Start the campaign and everything else."""
        if self.load.recipients:
            self.campaign_id = self.text_list(self._list_id, self.addresses())
        kinds: list[tuple[float, Callable[[Program], None]]] = [
            (self.load.api, self._send_by_key), (self.load.codes, self._send_code), (self.load.replies, self.reply),
            (self.load.inbound, self._write_in), (self.load.stops, self._say_stop),
        ]  # fmt: skip
        for rate, act in kinds:
            if rate:
                self.every(rate, act)

    def every(self, rate: float, act: Callable[[Program], None]) -> None:
        """Do something so many times a second until the load is over; a scenario adds traffic of its own by this."""
        thread = threading.Thread(target=self._guarded, args=(rate, act), name=act.__name__, daemon=True)
        self._threads.append(thread)
        thread.start()

    def go_on(self, seconds: float) -> None:
        """Let the load work for so long. Raises what broke it, if anything did."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self._failure is not None:
                raise self._failure
            time.sleep(min(left, 0.2))

    def end(self) -> None:
        """Begin nothing more, and wait until all that was begun has its answer. Raises what broke the load."""
        self._over.set()
        within(LAST_TRIES, lambda: not any(thread.is_alive() for thread in self._threads))
        self._gave_up.set()
        for thread in self._threads:
            thread.join(ANSWER_WITHIN + 1)
        if self._failure is not None:
            raise self._failure

    # ── the campaign ────────────────────────────────────────────────────────────────────────────────────

    def addresses(self) -> list[str]:
        """Whom the campaign reaches."""
        return [f"+4479100{number:05d}" if number < 100_000 else f"+447920{number - 100_000:06d}" for number in range(self.load.recipients)]

    def bring_in(self, addresses: Sequence[str], name: str, consent: Mapping[str, str] | None = None) -> str:
        """Import people into a list of their own, with the permission they gave if any; its id."""
        rows = "".join(f"{address},Person {number}\n" for number, address in enumerate(addresses))
        made = self.console.ask("POST", "/imports", files={"file": ("contacts.csv", f"phone,first_name\n{rows}".encode(), "text/csv")})
        change = {
            "mapping": {"0": "phone", "1": "first_name"},
            "country": "GB",
            "new_list": name,
            **({"consent": consent} if consent else {}),
        }
        self.console.ask("PATCH", f"/imports/{made['id']}", json=change)
        self.console.ask("POST", f"/imports/{made['id']}/start", json={})
        self.installation.until(lambda: self._imported(made["id"]), IMPORT_WITHIN + len(addresses) / 200, "the contacts are imported")
        return str(self.installation.ask("select contact_list_id from contact_import where id = %s", made["id"])[0][0])

    def _imported(self, import_id: str) -> bool:
        """Asked of the database, for the console may be what is broken."""
        try:
            rows = self.installation.ask("select state from contact_import where id = %s", import_id)
        except psycopg.Error:
            return False
        if rows and rows[0][0] in {"failed", "stopped"}:
            raise Broken("The import of the drill's contacts failed.")
        return bool(rows) and rows[0][0] == "done"

    def text_list(self, list_id: str, addresses: Sequence[str], purpose: str = "notice") -> str:
        """Start a campaign to a list; its id. A `notice` is sent at most once like any marketing, and at any hour."""
        audience = {"everyone": False, "lists": [list_id], "segments": [], "contacts": []}
        text = "Hi {{ contact.first_name }}, this is a drill. Your order is ready at Riverside."
        body = {"name": "Drill", "purpose": purpose, "channel_id": self.channel_id, "audience": audience, "text": text}
        campaign_id = str(self.console.patiently("POST", "/campaigns", json=body)["id"])
        self.ledger.note("campaign", id=campaign_id, addresses=list(addresses))
        self._start(campaign_id)
        return campaign_id

    def _start(self, campaign_id: str) -> None:
        """Asked again when the answer was lost on its way; that it has started already is then the answer."""
        end = time.monotonic() + LAST_TRIES
        while self.installation.ask("select state from campaign where id = %s", campaign_id)[0][0] == "draft":
            try:
                self.console.ask("POST", f"/campaigns/{campaign_id}/start", json={})
            except (httpx.HTTPError, Broken):
                if time.monotonic() > end:
                    raise
                time.sleep(AGAIN_AFTER)

    def _turn_knobs(self) -> bool:
        try:
            self.installation.turn(self.channel_id, **self.load.knobs)
        except httpx.HTTPError:
            return False
        return True

    # ── the kinds of traffic ────────────────────────────────────────────────────────────────────────────

    def _guarded(self, rate: float, act: Callable[[Program], None]) -> None:
        """One thread: act at the rate, and keep what breaks it for the drill to raise."""
        program = Program(self, self.key)
        try:
            while not self.over:
                began = time.monotonic()
                act(program)
                self._over.wait(max(0.0, 1 / rate - (time.monotonic() - began)))
        except BaseException as error:  # noqa: BLE001 - raised by `go_on` and `end` in the drill's own thread
            self._failure = error

    def _send_by_key(self, program: Program) -> None:
        serial = self._next()
        words = f"Drill {serial}: your table is ready. "
        text = words * 12 if self._random.random() < self.load.long else words.strip()
        self.send(program, to=f"+447930{serial:06d}", text=text, purpose="notice")

    def _send_code(self, program: Program) -> None:
        serial = self._next()
        self.send(program, to=f"+447940{serial:06d}", text=f"Your code is {serial:06d}", purpose="code")

    def send(self, program: Program, *, to: str, text: str, purpose: str, key: str = "") -> httpx.Response | None:
        """One message by key, noted before it is asked for and when it is promised."""
        key = key or f"drill-{self._next()}"
        self.ledger.note("asked", key=key, to=to, text=text, again=purpose in {"code", "urgent"})
        self.asked_at[key] = time.time_ns()
        answer = program.sends("/messages", {"to": to, "text": text, "purpose": purpose, "channel_id": self.channel_id}, key)
        self.note_answer(key, answer)
        return answer

    def reply(self, program: Program) -> None:
        """An answer from the inbox to whoever wrote last."""
        rows = self._conversations()
        if not rows:
            return
        conversation_id, address = self._random.choice(rows)
        serial = self._next()
        text, key = f"Drill {serial}: thank you, we will look into it.", f"reply-{serial}"
        self.ledger.note("asked", key=key, to=address, text=text, again=False)
        self.note_answer(key, program.sends(f"/conversations/{conversation_id}/messages", {"text": text}, key))

    def _conversations(self) -> list[tuple[str, str]]:
        """Of people who wrote and have not stopped; asked of the database, because the answers of a broken console are not the point."""
        sql = """
            select c.id::text, i.address from conversation c
            join contact_identity i on i.workspace_id = c.workspace_id and i.contact_id = c.contact_id
            where i.address like '+447950%%' order by c.last_at desc limit 20
        """
        try:
            return [(str(one), str(address)) for one, address in self.installation.ask(sql)]
        except (psycopg.Error, OSError):  # the database, or the whole installation, is what is broken at the moment
            return []

    def _write_in(self, _: Program) -> None:
        serial = self._next()
        words = self._random.choice(("is my order ready?", "can I come at 5?", "ευχαριστώ πολύ", "👍 great", "a longer story, " * 20))
        self.types(f"447950{self._random.randrange(500):06d}", f"Question {serial}: {words}")

    def _say_stop(self, _: Program) -> None:
        """Somebody of the campaign, each at most once; some are stopped before it reaches them, some while it does."""
        if self._may_stop:
            self.types(self._may_stop.pop(), "STOP")

    def types(self, phone: str, text: str) -> None:
        """A person writes on a phone. What the carrier did not take was never sent."""
        try:
            with self.installation.carrier() as carrier:
                carrier.post(f"/phones/{phone}/texts", json={"channel_id": self.channel_id, "text": text}).raise_for_status()
        except httpx.HTTPError:
            self.answers["carrier away"] += 1

    def note_answer(self, key: str, answer: httpx.Response | None) -> None:
        if answer is None:
            return
        if answer.is_success:
            self.accepted += 1
            self.ledger.note("accepted", key=key, message_id=answer.json()["id"])
        else:
            self.ledger.note("refused", key=key, status=answer.status_code, text=answer.text[:200])

    def _next(self) -> int:
        with self._lock:
            self._serial += 1
            return self._serial
