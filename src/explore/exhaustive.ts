import { type Program, Step } from '../compile/program.ts';
import { PrecopyError } from '../model/errors.ts';
import { wellFormed } from '../model/property.ts';
import { type Choice, ChoiceNumbers } from '../model/schedule.ts';
import { Fingerprint } from './fingerprint.ts';
import { Frontier } from './frontier.ts';
import { Origins } from './origins.ts';
import type { Exploration, Progress, StopReason } from './result.ts';
import { Seen } from './seen.ts';

export interface Limits {
  /** stop after so many distinct states */
  readonly maxStates?: number;
  /** stop before tables and frontier take more than this */
  readonly maxMemoryBytes?: number;
}

/** How many states are expanded between two looks at the clock and at signals. */
const expansionsPerTurn = 8192;

/**
 * Visits every reachable state, breadth first, so that the first violation found is one of the shortest. States are stored as 64-bit
 * fingerprints (hash compaction; U. Stern and D. Dill, 1995): the result says how likely it is that this left a state out.
 *
 * A generator, because an engine neither knows the time nor gives way to signals: it yields its progress regularly, and ends with a
 * partial result when it is told a reason to stop.
 */
export function* exhaustive(
  program: Program,
  limits: Limits = {},
): Generator<Progress, Exploration, StopReason | undefined> {
  return yield* new Search(program, limits).run();
}

interface Violation {
  readonly property: string;
  readonly schedule: readonly Choice[];
}

class Search {
  private readonly seen = new Seen();
  private readonly origins = new Origins();
  private readonly frontier: Frontier;
  private readonly fingerprint = new Fingerprint();
  private readonly openCovers: number[];
  private readonly choices: ChoiceNumbers;
  private transitions = 1;
  private depth = 1;
  private expanded = 0;

  constructor(
    private readonly program: Program,
    private readonly limits: Limits,
  ) {
    this.frontier = new Frontier(program.state.length);
    this.openCovers = program.properties.flatMap(({ kind }, n) => (kind === 'cover' ? [n] : []));
    this.choices = new ChoiceNumbers(program.events);
    if (this.choices.count > 0x10000) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `there are ${this.choices.count} choices, too many to explore all`,
        'choose smaller sizes',
      );
    }
  }

  *run(): Generator<Progress, Exploration, StopReason | undefined> {
    const { program, frontier } = this;
    if (program.reset() === Step.fault) return this.result('violated', { property: wellFormed, schedule: [] });
    const broken = this.store(0, 0);
    if (broken !== undefined) return this.result('violated', { property: broken, schedule: [] });

    const base = new Int32Array(program.state.length);
    const enabled = new Int32Array(program.events.length);
    let levelEnd = 1;
    for (; frontier.length > 0; this.expanded++) {
      if (this.expanded === levelEnd) {
        levelEnd = this.origins.size;
        this.depth++;
      }
      if (this.expanded % expansionsPerTurn === 0) {
        const stop = this.overLimit() ?? (yield this.progress());
        if (stop) return this.result('inconclusive', undefined, stop);
      }
      frontier.shift(base);
      const violation = this.expand(base, enabled);
      if (violation) return this.result('violated', violation);
    }
    return this.result('holds');
  }

  /** Takes every step that the state `base` allows. */
  private expand(base: Int32Array, enabled: Int32Array): Violation | undefined {
    const { program } = this;
    const { state } = program;
    state.set(base);
    const count = program.enabled(enabled);
    let taken = 0;
    for (let n = 0; n < count; n++) {
      const event = enabled[n] as number;
      const domain = program.events[event]?.domain as number;
      for (let payload = 0; payload < domain; payload++) {
        const outcome = program.step(event, payload);
        if (outcome === Step.refused) continue;
        taken++;
        const choice = this.choices.firstOf(event) + payload;
        if (outcome === Step.fault) return this.violation(wellFormed, choice);
        this.transitions++;
        const property = this.store(this.expanded, choice);
        if (property !== undefined) return this.violation(property, choice);
        for (let word = 0; word < base.length; word++) state[word] = base[word] as number;
      }
    }
    if (taken === 0 && !program.mayStop()) {
      const property = program.properties.find(({ kind }) => kind === 'deadlock')?.id as string;
      return { property, schedule: this.scheduleTo(this.expanded) };
    }
    return undefined;
  }

  /** Keeps the current state if it is new; the id of a property that it breaks, if it does. */
  private store(before: number, choice: number): string | undefined {
    const { program, fingerprint } = this;
    if (this.openCovers.length > 0) {
      program.covers(this.openCovers, (cover) => this.openCovers.splice(this.openCovers.indexOf(cover), 1));
    }
    fingerprint.of(program.state, 0, program.state.length);
    if (!this.seen.add(fingerprint.high, fingerprint.low)) return undefined;
    const violated = program.violated();
    this.origins.push(before, choice);
    this.frontier.push(program.state);
    return violated < 0 ? undefined : program.properties[violated]?.id;
  }

  private violation(property: string, choice: number): Violation {
    return { property, schedule: [...this.scheduleTo(this.expanded), this.choices.choiceOf(choice)] };
  }

  private scheduleTo(state: number): Choice[] {
    return this.origins.choicesTo(state).map((choice) => this.choices.choiceOf(choice));
  }

  private overLimit(): StopReason | undefined {
    if (this.seen.size >= (this.limits.maxStates ?? Number.POSITIVE_INFINITY)) return 'max-states';
    if (this.tableBytes() + this.frontier.bytes >= (this.limits.maxMemoryBytes ?? Number.POSITIVE_INFINITY))
      return 'max-memory';
    return undefined;
  }

  private tableBytes(): number {
    return this.seen.bytes + this.origins.bytes;
  }

  private progress(): Progress {
    return {
      states: this.seen.size,
      transitions: this.transitions,
      depth: this.depth,
      frontier: this.frontier.length,
      memoryBytes: this.tableBytes() + this.frontier.bytes,
    };
  }

  private result(verdict: Exploration['verdict'], violation?: Violation, stoppedBy?: StopReason): Exploration {
    const { program, openCovers } = this;
    const states = this.seen.size;
    const invariants = program.properties.flatMap(({ kind, id }) => (kind === 'cover' ? [] : [id]));
    return {
      verdict,
      ...(stoppedBy && { stoppedBy }),
      states,
      transitions: this.transitions,
      depth: verdict === 'violated' && violation ? violation.schedule.length + 1 : this.depth,
      frontier: this.frontier.length,
      collisionProbability: (states * (this.transitions - states)) / 2 ** 64,
      tableBytes: this.tableBytes(),
      properties: [...invariants, wellFormed].map((id) => ({
        id,
        verdict: id === violation?.property ? 'violated' : verdict === 'holds' ? 'holds' : 'inconclusive',
      })),
      covers: program.properties.flatMap(({ kind, id }, n) =>
        kind === 'cover' ? [{ id, hit: !openCovers.includes(n) }] : [],
      ),
      ...(violation && {
        violation: { ...violation, fault: violation.property === wellFormed ? program.fault() : undefined },
      }),
    };
  }
}
