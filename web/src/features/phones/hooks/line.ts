/** The simulator's own live line. It keeps no past: after each new connection the wall is fetched afresh. */
import type { Note } from "../api/types";

export type LineState = "connecting" | "live" | "away";

export interface World {
  ticket: () => Promise<string>;
  open: (ticket: string) => EventSource;
  later: (run: () => void, milliseconds: number) => unknown;
  cancel: (timer: unknown) => void;
}

export interface Listener {
  note: (note: Note) => void;
  /** A new line: whatever happened meanwhile was missed. */
  fresh: () => void;
  state: (state: LineState) => void;
}

/** The simulator starts in seconds; somebody may start it while the page shows. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

export class Line {
  private source: EventSource | null = null;
  private timer: unknown = null;
  private failures = 0;
  private stopped = false;

  constructor(
    private readonly world: World,
    private readonly on: Listener,
  ) {}

  start(): void {
    this.stopped = false;
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.close();
  }

  private async connect(): Promise<void> {
    try {
      const ticket = await this.world.ticket();
      if (!this.stopped) this.listen(this.world.open(ticket));
    } catch {
      // Offline, or signed out: the http client has told the app of the latter.
      if (!this.stopped) this.retry();
    }
  }

  private listen(source: EventSource): void {
    this.source = source;
    let isAway = false;
    source.onopen = () => {
      if (isAway) return;
      this.on.state("live");
      this.on.fresh();
    };
    source.onerror = () => this.source === source && this.retry(isAway);
    source.addEventListener("away", () => {
      isAway = true;
      this.retry(true);
    });
    for (const kind of ["phones.changed", "phones.many"]) source.addEventListener(kind, (message) => this.take(message as MessageEvent<string>));
  }

  private take(message: MessageEvent<string>): void {
    this.failures = 0;
    this.on.note(JSON.parse(message.data) as Note);
  }

  private retry(isAway = false): void {
    this.close();
    this.on.state(isAway ? "away" : "connecting");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures);
    this.failures += 1;
    this.timer = this.world.later(() => void this.connect(), wait);
  }

  private close(): void {
    this.source?.close();
    this.source = null;
    this.world.cancel(this.timer);
  }
}
