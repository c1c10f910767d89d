/**
 * Live events: the server says what changed, the screens fetch what they show.
 *
 * A 30-second ticket opens the stream, because a cookie alone is no credential there. EventSource reconnects by itself
 * only with the ticket it was born with, which has expired by then; so each connection is a new EventSource with a new
 * ticket, and resumes by `last_event_id` in the address, for a new EventSource sends no Last-Event-ID header.
 */

export interface LiveEvent {
  /** What happened. */
  kind: string;
  /** The id of what it happened to: a conversation, a contact, a campaign… */
  subject_id: string;
  [more: string]: unknown;
}

/** The stream names each event by its kind, and EventSource hands over only the names asked for. */
export const KINDS = [
  "message.received",
  "message.sent",
  "message.updated",
  "conversation.updated",
  "conversations.changed",
  "campaign.updated",
  "contact.updated",
  "contacts.changed",
  "consent.suspected",
  "import.updated",
  "channel.updated",
  "workspace.updated",
  "team.updated",
] as const;

export type LiveStatus = "connecting" | "live" | "waiting" | "stopped";

/** The seams: what the class needs from the world, so that tests can turn the clock and drop the line. */
export interface LiveWorld {
  ticket: () => Promise<string>;
  open: (url: string) => EventSource;
  later: (run: () => void, milliseconds: number) => unknown;
  cancel: (timer: unknown) => void;
  random: () => number;
}

/** The first wait after a lost line, and the longest; doubled in between, with jitter so that a thousand tabs do not return at once. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A line that held this long counts as good again; one that opens and ends at once must not be asked for every moment. */
const SETTLED_MS = 5_000;
/** A server that sends `ping` events does so every 15 s; three missed ones mean a dead line that no error told of. */
export const SILENCE_MS = 45_000;

export class LiveEvents {
  private source: EventSource | null = null;
  private lastId: string | null = null;
  private failures = 0;
  private pings = false;
  private timer: unknown = null;
  private watchdog: unknown = null;
  private status: LiveStatus = "stopped";
  /** Counts starts and stops, so that an answer to an older attempt is dropped. */
  private generation = 0;

  constructor(
    private readonly world: LiveWorld,
    private readonly path: string,
    private readonly kinds: readonly string[],
    private readonly on: {
      event: (event: LiveEvent) => void;
      /** Events were missed beyond repair: everything on screen may be stale. */
      reset: () => void;
      status: (status: LiveStatus) => void;
    },
  ) {}

  start(): void {
    if (this.status !== "stopped") return;
    this.generation += 1;
    this.failures = 0;
    void this.connect();
  }

  stop(): void {
    this.generation += 1;
    this.close();
    this.lastId = null;
    this.say("stopped");
  }

  /** Tries at once instead of waiting; for when the network or the tab comes back. */
  hurry(): void {
    if (this.status !== "waiting") return;
    this.world.cancel(this.timer);
    void this.connect();
  }

  private async connect(): Promise<void> {
    const generation = this.generation;
    this.say("connecting");
    try {
      const ticket = await this.world.ticket();
      if (generation === this.generation) this.listen(ticket);
    } catch {
      // Offline, or the session ended: the http client has already told the app of the latter.
      if (generation === this.generation) this.retry();
    }
  }

  private listen(ticket: string): void {
    const source = this.world.open(this.address(ticket));
    this.source = source;
    const resumed = this.lastId !== null;
    source.onopen = () => {
      this.timer = this.world.later(() => (this.failures = 0), SETTLED_MS);
      this.say("live");
      // Without a place to resume from, whatever happened between fetching a screen and this moment went unheard.
      if (!resumed) this.on.reset();
    };
    source.onerror = () => {
      if (this.source === source) this.retry();
    };
    for (const kind of this.kinds) source.addEventListener(kind, (message) => this.take(message as MessageEvent<string>));
    source.addEventListener("reset", (message) => this.reset(message as MessageEvent<string>));
    source.addEventListener("ping", () => {
      this.pings = true;
      this.watch();
    });
  }

  private address(ticket: string): string {
    const query = new URLSearchParams({ ticket });
    if (this.lastId) query.set("last_event_id", this.lastId);
    return `${this.path}?${query}`;
  }

  private take(message: MessageEvent<string>): void {
    this.watch();
    const event = parse(message);
    if (event === null) return;
    if (message.lastEventId) this.lastId = message.lastEventId;
    this.on.event(event);
  }

  private reset(message: MessageEvent<string>): void {
    this.watch();
    this.lastId = message.lastEventId || null;
    this.on.reset();
  }

  private retry(): void {
    this.close();
    this.say("waiting");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures) * (0.5 + this.world.random() / 2);
    this.failures += 1;
    this.timer = this.world.later(() => void this.connect(), wait);
  }

  private watch(): void {
    if (!this.pings) return;
    this.world.cancel(this.watchdog);
    this.watchdog = this.world.later(() => this.retry(), SILENCE_MS);
  }

  private close(): void {
    this.source?.close();
    this.source = null;
    this.world.cancel(this.timer);
    this.world.cancel(this.watchdog);
    this.pings = false;
  }

  private say(status: LiveStatus): void {
    if (status === this.status) return;
    this.status = status;
    this.on.status(status);
  }
}

/** One line of the stream as an event, or null when it is not one (a newer server may say things we do not know). */
function parse(message: MessageEvent<string>): LiveEvent | null {
  try {
    const data = JSON.parse(message.data) as Record<string, unknown>;
    return typeof data.kind === "string" && typeof data.subject_id === "string" ? (data as LiveEvent) : null;
  } catch {
    return null;
  }
}
