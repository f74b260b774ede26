import { LiveSystem } from '../live/live-system.ts';
import { type Choice, ChoiceIds } from '../model/choices.ts';
import type { AnyDesign } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import { eventName } from '../model/events.ts';
import type { Run, RunPart, RunStep } from './messages.ts';
import { cellValue, shownCells } from './model-info.ts';

/**
 * Takes the steps of runs on live actors, and keeps the states of the latest run: a longer run goes on where that ends,
 * and any other one that begins alike is cut off or taken anew.
 */
export class RunRecorder {
  private live: LiveSystem;
  private readonly choices: ChoiceIds;
  private readonly steps: RunStep[] = [];
  /** by number of steps: the state */
  private readonly states: Int32Array[] = [];
  /** index in the shown cells, by path */
  private readonly cellIndex: ReadonlyMap<string, number>;
  /** by shown cell: its value in the last of these states, as text */
  private texts: string[] = [];
  private fault: string | undefined;

  /** @throws PrecopyError as `LiveSystem` */
  constructor(
    private readonly design: AnyDesign,
    private readonly params: Readonly<Record<string, number>>,
  ) {
    this.live = new LiveSystem(design, params);
    this.choices = new ChoiceIds(this.live.events);
    this.cellIndex = new Map(shownCells(this.live.instance).map(({ plain }, n) => [plain.name, n]));
    this.begin();
  }

  get instance(): LiveSystem['instance'] {
    return this.live.instance;
  }

  /** Returns the steps of a run behind the first `from`. It ends early at a choice that is not enabled, or a fault. */
  partOf(run: Run, from: number): RunPart {
    const ended = this.take(run);
    return { from, steps: this.steps.slice(from), ...(ended && { ended }) };
  }

  /**
   * Returns the state after a run.
   * @throws PrecopyError `BAD_SCHEDULE` if it cannot be taken to its end
   */
  stateAfter(run: Run): Int32Array {
    return this.statesAlong(run)[run.length] as Int32Array;
  }

  /**
   * Returns the states of a run: the nth is that after n steps.
   * @throws PrecopyError `BAD_SCHEDULE` if it cannot be taken to its end
   */
  statesAlong(run: Run): readonly Int32Array[] {
    const known = this.commonLength(run);
    if (known < run.length) {
      const ended = this.take(run);
      if (ended && this.steps.length < run.length) {
        throw new PrecopyError('BAD_SCHEDULE', ended.cause, 'go back, and take another step');
      }
    }
    return this.states;
  }

  /** Returns the fault that the last step of a run is, if it is one. */
  faultAfter(run: Run): string | undefined {
    return this.commonLength(run) === run.length && run.length === this.steps.length ? this.fault : undefined;
  }

  end(): void {
    this.live.stop();
  }

  private commonLength(run: Run): number {
    let n = 0;
    while (n < run.length && this.steps[n]?.choice === run[n]) n++;
    return n;
  }

  /** Takes a run as far as it goes. Returns why it goes no further, if it does not reach its end. */
  private take(run: Run): RunPart['ended'] {
    if (this.commonLength(run) < this.steps.length) {
      this.live.stop();
      this.live = new LiveSystem(this.design, this.params);
      this.begin();
    }
    for (let n = this.steps.length; n < run.length; n++) {
      if (this.fault !== undefined) return { cause: this.fault, isFault: true };
      const id = run[n] as number;
      const choice = id < this.choices.count ? this.choices.choiceOf(id) : undefined;
      const refused = choice ? this.takeOne(id, choice) : `there is no choice ${id}`;
      if (refused !== undefined) return { cause: refused, isFault: false };
    }
    return this.fault === undefined ? undefined : { cause: this.fault, isFault: true };
  }

  private takeOne(id: number, choice: Choice): string | undefined {
    const { live } = this;
    try {
      const step = live.take(choice);
      const touched = new Set(step.moves.flatMap(({ accesses }) => accesses.map(({ cell }) => cell)));
      const cells = shownCells(live.instance);
      const changed = [...touched].flatMap((path): RunStep['changed'][number][] => {
        const index = this.cellIndex.get(path) ?? -1;
        const plain = cells[index]?.plain;
        const value = plain && cellValue(plain);
        if (value === undefined || value.text === this.texts[index]) return [];
        this.texts[index] = value.text;
        return [[index, value]];
      });
      const event = live.events[choice.event];
      const label = event ? eventName(live.instance, event, choice.payload) : '';
      this.steps.push({ choice: id, step, label, changed });
      this.states.push(this.stateNow());
      this.fault = live.fault;
      return undefined;
    } catch (error) {
      if (error instanceof PrecopyError && error.code === 'BAD_SCHEDULE') return error.message;
      throw error;
    }
  }

  private begin(): void {
    this.steps.length = 0;
    this.states.length = 0;
    this.states.push(this.stateNow());
    this.texts = shownCells(this.live.instance).map(({ plain }) => plain.show());
    this.fault = this.live.fault;
  }

  private stateNow(): Int32Array {
    return Int32Array.from(this.live.instance.state);
  }
}
