import { type Program, StepOutcome } from '../../compile/program.ts';
import { wellFormed } from '../../model/property.ts';
import { EnabledChoices } from '../successors/enabled-choices.ts';
import { ShrinkCandidates } from './shrink-candidates.ts';

/**
 * A schedule that breaks the same property and is easier to read: fewer steps, then fewer context switches, then low numbers first. Whatever
 * engine found it; nothing smaller is found by leaving out or moving any one piece of the result.
 * @param path the choices, by number; they break `property` in the last step and nothing before it
 */
export function shrink(program: Program, path: readonly number[], property: string): number[] {
  const follower = new ScheduleRunner(program);
  const smaller = new ShrinkCandidates(program);
  const improve = (worse: readonly number[], proposals: Iterable<number[]>): number[] | undefined => {
    for (const proposal of proposals) {
      const { taken, broken } = follower.follow(proposal);
      if (broken === property && smaller.isSimpler(smaller.sizeOf(taken), smaller.sizeOf(worse))) return taken;
    }
    return undefined;
  };
  let best = follower.withoutCycles(path);
  let from: readonly number[];
  do {
    from = best;
    for (const stage of [smaller.shorter, smaller.withFewerSwitches, smaller.inOrder]) {
      for (let next: number[] | undefined = best; next; next = improve(best, stage.call(smaller, best))) best = next;
    }
  } while (best !== from);
  return best;
}

/** What came of following a schedule as far as it can be taken. */
interface Followed {
  /** the choices that could be taken, up to the one that broke a property */
  readonly taken: number[];
  /** the property that broke in the last of them */
  readonly broken: string | undefined;
}

/** Takes schedules that may not fit any more: what cannot be taken is left out. */
export class ScheduleRunner {
  private readonly offers: EnabledChoices;

  constructor(private readonly program: Program) {
    this.offers = new EnabledChoices(program);
  }

  /** Goes at most `depth` steps, each drawn among all that can be taken, to the first that breaks a property. */
  sampleWalk(depth: number, below: (size: number) => number): Followed {
    const { program, offers } = this;
    const taken: number[] = [];
    if (program.reset() === StepOutcome.fault) return { taken, broken: wellFormed };
    for (;;) {
      const broken = this.broken();
      if (broken !== undefined || taken.length === depth) return { taken, broken };
      offers.refresh();
      const open = [...offers.ids.subarray(0, offers.count)];
      let outcome: StepOutcome = StepOutcome.refused;
      while (outcome === StepOutcome.refused && open.length > 0) {
        const [number] = open.splice(below(open.length), 1) as [number];
        outcome = offers.take(number);
        if (outcome !== StepOutcome.refused) taken.push(number);
      }
      if (outcome === StepOutcome.fault) return { taken, broken: wellFormed };
      if (outcome === StepOutcome.refused) return { taken, broken: this.deadlock() };
    }
  }

  follow(path: readonly number[]): Followed {
    const { program, offers } = this;
    const taken: number[] = [];
    if (program.reset() === StepOutcome.fault) return { taken, broken: wellFormed };
    for (const number of path) {
      const broken = this.broken();
      if (broken !== undefined) return { taken, broken };
      const outcome = offers.tryTake(number);
      if (outcome === StepOutcome.refused) continue;
      taken.push(number);
      if (outcome === StepOutcome.fault) return { taken, broken: wellFormed };
    }
    return { taken, broken: this.broken() ?? this.deadlock() };
  }

  /** The schedule without the steps between two visits of one state. All of it can be taken. */
  withoutCycles(path: readonly number[]): number[] {
    const { program, offers } = this;
    program.reset();
    const kept: number[] = [];
    const visits = new Map([[key(program.state), 0]]);
    for (const number of path) {
      // What a fault leaves behind is no state.
      if (offers.take(number) === StepOutcome.fault) return [...kept, number];
      const visited = visits.get(key(program.state));
      if (visited === undefined) {
        kept.push(number);
        visits.set(key(program.state), kept.length);
        continue;
      }
      for (const [state, length] of visits) if (length > visited) visits.delete(state);
      kept.length = visited;
    }
    return kept;
  }

  private broken(): string | undefined {
    return this.program.properties[this.program.violated()]?.id;
  }

  private deadlock(): string | undefined {
    const { program } = this;
    const property = program.properties.find(({ kind }) => kind === 'deadlock');
    return property === undefined || program.isValidEndState() || this.offers.hasAny() ? undefined : property.id;
  }
}

const key = (state: Int32Array): string => state.join();
