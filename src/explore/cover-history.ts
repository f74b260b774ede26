import { StepOutcome } from '../compile/program.ts';
import type { ChoiceIds } from '../model/choices.ts';
import type { GuardProbe } from './guard-probe.ts';
import type { Run } from './messages.ts';

/** The covers that the latest run hits, by step: of a run that begins alike only the rest is looked at. */
export class CoverHistory {
  private run: Run = [];
  /** by number of steps: indices of the covers that are hit there for the first time */
  private hits: number[][] = [];

  constructor(
    private readonly probe: GuardProbe,
    private readonly ids: ChoiceIds,
  ) {}

  /**
   * Returns the ids of the covers that a run hits.
   * @param states by number of steps: the state
   */
  hitAlong(run: Run, states: readonly Int32Array[]): string[] {
    const { program } = this.probe;
    let known = 0;
    while (known < run.length && known < this.run.length && run[known] === this.run[known]) known++;
    if (known < run.length || this.hits.length === 0) this.extend(run, known, states);
    const hit = this.hits.slice(0, run.length + 1).flat();
    return hit.map((cover) => program.properties[cover]?.id as string);
  }

  private extend(run: Run, known: number, states: readonly Int32Array[]): void {
    const { program } = this.probe;
    this.hits = this.hits.slice(0, known + 1);
    const before = new Set(this.hits.flat());
    const open = program.properties.flatMap(({ kind }, n) => (kind === 'cover' && !before.has(n) ? [n] : []));
    const look = (): number[] => {
      const found: number[] = [];
      program.covers(open, (cover) => {
        open.splice(open.indexOf(cover), 1);
        found.push(cover);
      });
      return found;
    };
    if (this.hits.length === 0) {
      this.hits.push(program.reset() === StepOutcome.taken ? look() : []);
    }
    for (let n = known; n < run.length; n++) {
      const { event, payload } = this.ids.choiceOf(run[n] as number);
      program.state.set(states[n] as Int32Array);
      this.hits.push(open.length > 0 && program.step(event, payload) === StepOutcome.taken ? look() : []);
    }
    this.run = [...run];
  }
}
