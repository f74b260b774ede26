import type { Policy, StepInterval } from './policy.ts';

/** Takes one event with the first payload that no guard refuses: `MAKE_REQUEST`, which visits all vCPUs. */
export class FirstEnabledPayload implements Policy {
  payload = 0;
  constructor(
    readonly event: number,
    private readonly domain: number,
  ) {}

  nextTime(readyNs: number): number {
    return readyNs;
  }

  choose(): boolean {
    this.payload = 0;
    return true;
  }

  taken(): void {}

  refused(): boolean {
    return ++this.payload < this.domain;
  }
}

/** Takes an event every so often, for the first time after that: a timer. */
export class Periodic implements Policy {
  readonly payload = 0;
  private nextNs: number;
  constructor(
    readonly event: number,
    private readonly everyNs: number,
  ) {
    this.nextNs = everyNs;
  }

  nextTime(readyNs: number): number {
    return Math.max(readyNs, this.nextNs);
  }

  choose(): boolean {
    return true;
  }

  taken({ startNs }: StepInterval): void {
    this.nextNs = startNs + this.everyNs;
  }

  refused(): boolean {
    return false;
  }
}

/** Takes one of two events, as a condition says when it comes to it: `BREAK` where somebody waits for the lock, else `STEP`. */
export class Conditional implements Policy {
  event: number;
  readonly payload = 0;
  constructor(
    private readonly usual: number,
    private readonly other: number,
    private readonly isOther: () => boolean,
  ) {
    this.event = usual;
  }

  nextTime(readyNs: number): number {
    return readyNs;
  }

  choose(): boolean {
    this.event = this.isOther() ? this.other : this.usual;
    return true;
  }

  taken(): void {}

  refused(): boolean {
    return false;
  }
}
