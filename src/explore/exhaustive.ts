import { type Program, Step } from '../compile/program.ts';
import { PrecopyError } from '../model/errors.ts';
import { wellFormed } from '../model/property.ts';
import { type Choice, ChoiceNumbers } from '../model/schedule.ts';
import { Batch } from './batch.ts';
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
const statesPerTurn = 8192;
/** How many successors are looked up at once, about. */
const lookedUpAtOnce = 512;

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
  readonly fault: string | undefined;
}

class Search {
  private readonly seen = new Seen();
  private readonly origins = new Origins();
  private readonly frontier: Frontier;
  private readonly batch: Batch;
  private readonly base: Int32Array;
  private readonly enabled: Int32Array;
  private readonly domains: Int32Array;
  private readonly openCovers: number[];
  private readonly choices: ChoiceNumbers;
  /** the id of the property that says where the system may stop */
  private readonly deadlock: string | undefined;
  /** only so that the reads that warm the cache are not optimised away */
  touched = 0;
  private transitions = 1;
  private depth = 1;
  /** states taken off the frontier: their numbers are below this */
  private loaded = 0;

  constructor(
    private readonly program: Program,
    private readonly limits: Limits,
  ) {
    const words = program.state.length;
    this.frontier = new Frontier(words);
    this.base = new Int32Array(words);
    this.enabled = new Int32Array(program.events.length);
    this.domains = Int32Array.from(program.events, ({ domain }) => domain);
    this.openCovers = program.properties.flatMap(({ kind }, n) => (kind === 'cover' ? [n] : []));
    this.choices = new ChoiceNumbers(program.events);
    if (this.choices.count > 0x10000) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `there are ${this.choices.count} choices, too many to explore all`,
        'choose smaller sizes',
      );
    }
    this.deadlock = program.properties.find(({ kind }) => kind === 'deadlock')?.id;
    this.batch = new Batch(words, lookedUpAtOnce + this.choices.count);
  }

  *run(): Generator<Progress, Exploration, StopReason | undefined> {
    const { program, frontier } = this;
    if (program.reset() === Step.fault) {
      return this.result('violated', { property: wellFormed, schedule: [], fault: program.fault() });
    }
    this.push(0, 0);
    const broken = this.lookUp();
    if (broken) return this.result('violated', { ...broken, schedule: [] });
    for (;;) {
      const levelEnd = this.origins.size;
      while (this.loaded < levelEnd) {
        const stop = this.overLimit() ?? (yield this.progress());
        if (stop) return this.result('inconclusive', undefined, stop);
        const violation = this.expand(Math.min(levelEnd, this.loaded + statesPerTurn));
        if (violation && !this.isDeadlock(violation)) {
          return this.result('violated', this.deadlockBefore(levelEnd) ?? violation);
        }
        if (violation) return this.result('violated', violation);
      }
      if (frontier.length === 0) return this.result('holds');
      this.depth++;
    }
  }

  /** Expands the states up to number `end`, and looks up all that comes out. */
  private expand(end: number): Violation | undefined {
    while (this.loaded < end) {
      this.load();
      const violation = this.takeAllSteps();
      if (violation) return this.isDeadlock(violation) ? violation : (this.lookUp() ?? violation);
      if (this.batch.length < lookedUpAtOnce) continue;
      const found = this.lookUp();
      if (found) return found;
    }
    return this.lookUp();
  }

  /** Makes the oldest state of the frontier current. */
  private load(): void {
    this.frontier.shift(this.base);
    this.program.state.set(this.base);
    this.loaded++;
  }

  /** Takes every step that the current state allows; a fault or a deadlock that shows. */
  private takeAllSteps(): Violation | undefined {
    const { program, base, enabled } = this;
    const { state } = program;
    const current = this.loaded - 1;
    const count = program.enabled(enabled);
    let taken = 0;
    for (let n = 0; n < count; n++) {
      const event = enabled[n] as number;
      const first = this.choices.firstOf(event);
      const domain = this.domains[event] as number;
      for (let payload = 0; payload < domain; payload++) {
        const outcome = program.step(event, payload);
        if (outcome === Step.refused) continue;
        taken++;
        if (outcome === Step.fault) return this.violation(wellFormed, current, first + payload, program.fault());
        this.transitions++;
        this.push(current, first + payload);
        for (let word = 0; word < base.length; word++) state[word] = base[word] as number;
      }
    }
    if (taken > 0 || program.mayStop()) return undefined;
    return { property: this.deadlock as string, schedule: this.scheduleTo(current), fault: undefined };
  }

  /**
   * A deadlock in what is left of the level that ends at `levelEnd`, once a step out of it has broken a property: its schedule is one
   * step shorter.
   */
  private deadlockBefore(levelEnd: number): Violation | undefined {
    const { transitions } = this;
    while (this.loaded < levelEnd) {
      this.load();
      const violation = this.takeAllSteps();
      this.batch.length = 0;
      if (violation && this.isDeadlock(violation)) return violation;
    }
    this.transitions = transitions;
    return undefined;
  }

  private isDeadlock({ property }: Violation): boolean {
    return property === this.deadlock;
  }

  /** Notes the current state as a successor that is to be looked up. */
  private push(before: number, choice: number): void {
    if (this.openCovers.length > 0) {
      this.program.covers(this.openCovers, (cover) => this.openCovers.splice(this.openCovers.indexOf(cover), 1));
    }
    this.batch.push(this.program.state, before, choice);
  }
  /** Keeps the successors that are new; the first of them that breaks a property. */
  private lookUp(): Violation | undefined {
    const { program, batch, seen, origins, frontier } = this;
    const { high, low, before, choice, length } = batch;
    this.touched = seen.touch(high, low, length);
    batch.length = 0;
    for (let n = 0; n < length; n++) {
      if (!seen.add(high[n] as number, low[n] as number)) continue;
      batch.load(n, program.state);
      origins.push(before[n] as number, choice[n] as number);
      frontier.push(program.state);
      const violated = program.violated();
      if (violated >= 0) {
        return this.violation(program.properties[violated]?.id as string, before[n] as number, choice[n] as number);
      }
    }
    return undefined;
  }

  private violation(property: string, before: number, choice: number, fault?: string): Violation {
    return { property, schedule: [...this.scheduleTo(before), this.choices.choiceOf(choice)], fault };
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
    const invariants = program.properties.flatMap(({ kind, id }) =>
      kind === 'cover' || kind === 'leads-to' ? [] : [id],
    );
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
      ...(violation && { violation }),
    };
  }
}
