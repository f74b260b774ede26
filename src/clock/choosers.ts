import type { Chooser, Taken } from './chooser.ts';

/** Takes one event with the first payload that no guard refuses: `MAKE_REQUEST`, which visits all vCPUs. */
export class FirstThatGoes implements Chooser {
  payload = 0;
  constructor(
    readonly event: number,
    private readonly domain: number,
  ) {}

  due(readyNs: number): number {
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
export class Every implements Chooser {
  readonly payload = 0;
  private nextNs: number;
  constructor(
    readonly event: number,
    private readonly everyNs: number,
  ) {
    this.nextNs = everyNs;
  }

  due(readyNs: number): number {
    return Math.max(readyNs, this.nextNs);
  }

  choose(): boolean {
    return true;
  }

  taken({ starts }: Taken): void {
    this.nextNs = starts + this.everyNs;
  }

  refused(): boolean {
    return false;
  }
}

/** Takes one of two events, as a condition says when it comes to it: `BREAK` where somebody waits for the lock, else `STEP`. */
export class Either implements Chooser {
  event: number;
  readonly payload = 0;
  constructor(
    private readonly usual: number,
    private readonly other: number,
    private readonly isOther: () => boolean,
  ) {
    this.event = usual;
  }

  due(readyNs: number): number {
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
