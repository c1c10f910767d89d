/** Collects ids for a moment and hands them on together, each once. */
export class Gathering {
  private ids = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly milliseconds: number,
    private readonly handOn: (ids: readonly string[]) => void,
  ) {}

  add(id: string): void {
    this.ids.add(id);
    this.timer ??= setTimeout(() => this.flush(), this.milliseconds);
  }

  private flush(): void {
    const ids = [...this.ids];
    this.ids = new Set();
    this.timer = undefined;
    this.handOn(ids);
  }
}
