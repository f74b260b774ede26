import { type Program, StepOutcome } from '../../compile/program.ts';
import type { BitstateFigures, Engine, StopReason } from '../exploration.ts';
import { PathSearch } from '../path-search.ts';
import type { PropertyFailure } from '../property-monitor.ts';
import { Random } from '../random/random.ts';
import { BloomFilter, hashesPerState } from '../storage/bloom-filter.ts';
import { DfsStack } from '../storage/dfs-stack.ts';
import { HyperLogLog } from '../storage/hyperloglog.ts';
import { Fingerprint } from '../storage/incremental-fingerprint.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { EnabledChoices } from '../successors/enabled-choices.ts';

export interface BitstateOptions {
  /** 32-bit seed; equal seeds give equal searches */
  readonly seed: number;
  /** most steps of a schedule */
  readonly depth: number;
  /** memory of the Bloom filter, in bytes */
  readonly bytes: number;
}

const transitionsPerYield = 8192;

/**
 * Bitstate hashing (G. Holzmann, An Analysis of Bitstate Hashing, FMSD 1998): a depth-first search whose visited set is
 * a Bloom filter, with three hash functions as in SPIN's triple hashing.
 *
 * A state whose bits were all set by others is taken for visited, and is omitted with all that only it leads to. So a
 * search without a violation proves nothing. A violation is real, since the schedule on the stack was executed.
 *
 * The seed decides the hash functions, and here the order of the choices in each state as well: two seeds omit
 * different states, and visit them in a different order.
 * @param sketch records the visited states, so that the members of a swarm can be counted together
 */
export function bitstate(program: Program, options: BitstateOptions, sketch: HyperLogLog = new HyperLogLog()): Engine {
  return new Bitstate(program, options, sketch).run();
}

class Bitstate extends PathSearch {
  private readonly visited: BloomFilter;
  private readonly stack: DfsStack;
  private readonly fingerprint: Fingerprint;
  private readonly random: Random;
  private states = 0;
  /** true if a state was not expanded because of `depth` */
  private depthBoundReached = false;

  constructor(
    program: Program,
    private readonly options: BitstateOptions,
    private readonly sketch: HyperLogLog,
  ) {
    super(program, new EnabledChoices(program, choicesForSearch(program.events)), transitionsPerYield);
    this.visited = new BloomFilter(options.bytes, options.seed);
    this.stack = new DfsStack(program.state.length);
    this.fingerprint = new Fingerprint(program.state.length);
    this.random = new Random(options.seed);
  }

  protected start(): PropertyFailure | undefined {
    this.transitions = 1;
    return this.program.reset() === StepOutcome.fault ? this.monitor.modelFault() : this.visit();
  }

  protected isExhausted(): boolean {
    return this.stack.depth === 0;
  }

  /** Takes the next choice of the state on top of the stack, or backtracks. */
  protected advance(): PropertyFailure | undefined {
    const { program, stack, choices, monitor } = this;
    stack.load(program.state);
    const choice = stack.next();
    if (choice < 0) {
      const deadlock = stack.hasTaken() ? undefined : monitor.deadlock();
      if (!deadlock) stack.pop();
      return deadlock;
    }
    const outcome = choices.take(choice);
    if (outcome === StepOutcome.refused) return undefined;
    stack.take(choice);
    if (outcome === StepOutcome.fault) return monitor.modelFault();
    this.transitions++;
    return this.visit();
  }

  /** Checks the current state, and pushes it if it was not visited before. */
  private visit(): PropertyFailure | undefined {
    const { program, fingerprint, monitor, stack, choices } = this;
    monitor.recordCovers();
    fingerprint.rebase(program.state);
    if (!this.visited.add(fingerprint.high, fingerprint.low)) return undefined;
    this.states++;
    this.sketch.addFingerprint(fingerprint);
    this.maxSteps = Math.max(this.maxSteps, stack.depth);
    const failure = monitor.violation() ?? monitor.race();
    if (failure) return failure;
    if (stack.depth > this.options.depth) {
      this.depthBoundReached = true;
      return undefined;
    }
    choices.refresh();
    stack.push(program.state, choices.ids.subarray(0, choices.count));
    stack.shuffle((size) => this.random.below(size));
    return undefined;
  }

  protected incompleteness(): StopReason {
    return 'bits';
  }

  protected path(): number[] {
    return this.stack.path();
  }

  protected counters() {
    return { states: this.states, frontier: this.stack.depth, memoryBytes: this.visited.bytes };
  }

  protected figures(found: { readonly stepsFound?: number }): { bitstate: BitstateFigures } {
    const { seed, depth } = this.options;
    const { bits, expectedOmissions } = this.visited;
    const { depthBoundReached } = this;
    return { bitstate: { seed, depth, depthBoundReached, bits, hashesPerState, expectedOmissions, ...found } };
  }
}
