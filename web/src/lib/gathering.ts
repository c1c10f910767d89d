/**
 * Collects ids for a moment and hands them on together, each once.
 *
 * The next batch waits until the last one is dealt with: when events come faster than the server answers, the batches
 * grow and the number of requests does not.
 */
export class Gathering {
  private ids = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;

  constructor(
    private readonly milliseconds: number,
    private readonly handOn: (ids: readonly string[]) => Promise<unknown>,
  ) {}

  add(id: string): void {
    this.ids.add(id);
    this.wait();
  }

  private wait(): void {
    if (this.busy || this.timer !== undefined) return;
    this.timer = setTimeout(() => void this.flush(), this.milliseconds);
  }

  private async flush(): Promise<void> {
    const ids = [...this.ids];
    this.ids = new Set();
    this.timer = undefined;
    this.busy = true;
    try {
      await this.handOn(ids);
    } finally {
      this.busy = false;
      if (this.ids.size > 0) this.wait();
    }
  }
}
