import type { SystemEvent } from './events.ts';

/**
 * One choice of a scheduler: an event, and a payload out of its domain.
 * @example
 * const secondPage: Choice = { event: write.id, payload: 1 };
 */
export interface Choice {
  /** id of the event */
  readonly event: number;
  readonly payload: number;
}

/** Numbers the choices of a system: the events in turn, each with its payloads. */
export class ChoiceIds {
  private readonly first: readonly number[];
  readonly count: number;

  constructor(events: readonly SystemEvent[]) {
    let count = 0;
    this.first = events.map(({ domain }) => {
      count += domain;
      return count - domain;
    });
    this.count = count;
  }

  /** Returns the id of payload 0 of an event. The ids of its other payloads follow. */
  firstOf(event: number): number {
    return this.first[event];
  }

  choiceOf(id: number): Choice {
    let event = this.first.length - 1;
    while (this.first[event] > id) event--;
    return { event, payload: id - this.first[event] };
  }
}
