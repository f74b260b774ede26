/** Most evaluations that are remembered. */
const maxKept = 4096;

/**
 * Evaluations to be repeated. What is a function of the state gives the same result again; what depends on something
 * that it has kept elsewhere may not, above all if all are repeated in the reverse order. A sample is kept, evenly
 * distributed over all of them: first every one, then every second, every fourth and so on.
 */
export class Repetitions {
  /** repeats an evaluation, and throws if the result differs */
  private kept: (() => void)[] = [];
  private stride = 1;
  private skipped = 0;

  /** @param limit most evaluations that are remembered, fewer if each takes much memory */
  constructor(private readonly limit = maxKept) {}

  /** Returns whether the next evaluation is to be remembered. Call it once for each. */
  isDue(): boolean {
    if (++this.skipped < this.stride) return false;
    this.skipped = 0;
    return true;
  }

  add(repeat: () => void): void {
    this.kept.push(repeat);
    if (this.kept.length < this.limit) return;
    this.kept = this.kept.filter((_, n) => n % 2 === 0);
    this.stride *= 2;
  }

  /**
   * Repeats all evaluations that are remembered, the last one first, and forgets them.
   * @throws PrecopyError `BAD_DESIGN` if a result differs
   */
  repeatAll(): void {
    const { kept } = this;
    this.kept = [];
    for (let n = kept.length - 1; n >= 0; n--) (kept[n] as () => void)();
  }
}
