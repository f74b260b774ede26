import type { Policy, StepInterval } from './policy.ts';

/** Takes one event with the first payload that no guard refuses: a loop over all receivers of a request. */
export class FirstEnabledPayload implements Policy {
  payload = 0;
  /** @param domain number of payloads, which are tried from 0 on */
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

  onTaken(): void {}

  onRefused(): boolean {
    return ++this.payload < this.domain;
  }
}

/** Takes an event periodically, like a timer. The first time is one period after the start. */
export class Periodic implements Policy {
  readonly payload = 0;
  private nextNs: number;
  constructor(
    readonly event: number,
    private readonly periodNs: number,
  ) {
    this.nextNs = periodNs;
  }

  nextTime(readyNs: number): number {
    return Math.max(readyNs, this.nextNs);
  }

  choose(): boolean {
    return true;
  }

  onTaken({ startNs }: StepInterval): void {
    this.nextNs = startNs + this.periodNs;
  }

  onRefused(): boolean {
    return false;
  }
}

/** Takes `alternative` if a condition holds at the time of the choice, and `usual` otherwise. */
export class Conditional implements Policy {
  event: number;
  readonly payload = 0;
  constructor(
    private readonly usual: number,
    private readonly alternative: number,
    private readonly condition: () => boolean,
  ) {
    this.event = usual;
  }

  nextTime(readyNs: number): number {
    return readyNs;
  }

  choose(): boolean {
    this.event = this.condition() ? this.alternative : this.usual;
    return true;
  }

  onTaken(): void {}

  onRefused(): boolean {
    return false;
  }
}
