import { type Program, StepOutcome } from '../../compile/program.ts';
import type { Exploration, Progress, StopReason } from '../exploration.ts';
import { Random } from '../random/random.ts';
import { type PropertyFailure, PropertyMonitor } from '../shrink/property-monitor.ts';
import { BloomFilter, hashesPerState } from '../storage/bloom-filter.ts';
import { DfsStack } from '../storage/dfs-stack.ts';
import { HyperLogLog } from '../storage/hyperloglog.ts';
import { Fingerprint } from '../storage/incremental-fingerprint.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { EnabledChoices } from '../successors/enabled-choices.ts';

export interface BitstateOptions {
  /** a 32-bit number: the same one gives the same search */
  readonly seed: number;
  /** the most steps of a schedule */
  readonly depth: number;
  /** memory of the bits */
  readonly bytes: number;
}

/** How many steps are taken between two looks at the clock and at signals. */
const stepsPerTurn = 8192;

/**
 * Searches depth first, and keeps a few bits of each state instead of the state (G. Holzmann, 1998): for a model of which not even the
 * fingerprints fit into memory. A state whose bits are all set by others is taken for one seen before and left out, so finding nothing
 * proves nothing. The seed decides the hash functions and in which order the choices of a state are tried, so two seeds leave out different
 * states. A generator, as `exhaustive` is.
 * @param distinct notes the states, so that several searches can tell how many they have seen together
 */
export function* bitstate(
  program: Program,
  options: BitstateOptions,
  distinct: HyperLogLog = new HyperLogLog(),
): Generator<Progress, Exploration, StopReason | undefined> {
  return yield* new Bitstate(program, options, distinct).run();
}

class Bitstate {
  private readonly offers: EnabledChoices;
  private readonly seen: BloomFilter;
  private readonly stack: DfsStack;
  private readonly fingerprint: Fingerprint;
  private readonly random: Random;
  private readonly findings: PropertyMonitor;
  private states = 0;
  private transitions = 1;
  private deepest = 0;
  /** whether a state was left alone as it was too deep */
  private depthBoundReached = false;

  constructor(
    private readonly program: Program,
    private readonly options: BitstateOptions,
    private readonly distinct: HyperLogLog,
  ) {
    this.offers = new EnabledChoices(program, choicesForSearch(program.events));
    this.seen = new BloomFilter(options.bytes, options.seed);
    this.stack = new DfsStack(program.state.length);
    this.fingerprint = new Fingerprint(program.state.length);
    this.random = new Random(options.seed);
    this.findings = new PropertyMonitor(program, this.offers);
  }

  *run(): Generator<Progress, Exploration, StopReason | undefined> {
    const { program, stack, findings } = this;
    if (program.reset() === StepOutcome.fault) return this.result(findings.modelFault());
    let broken = this.visit();
    for (let lastTurn = 0; !broken && stack.depth > 0; ) {
      broken = this.step();
      if (this.transitions - lastTurn < stepsPerTurn) continue;
      lastTurn = this.transitions;
      const stop = yield this.progress();
      if (stop && !broken) return this.result(undefined, stop);
    }
    return this.result(broken, broken ? undefined : 'bits');
  }

  /** Tries the next choice of the state on top, or leaves it; what that breaks. */
  private step(): PropertyFailure | undefined {
    const { program, stack, offers, findings } = this;
    stack.load(program.state);
    const choice = stack.next();
    if (choice < 0) {
      const stuck = stack.hasTaken() ? undefined : findings.deadlock();
      if (!stuck) stack.pop();
      return stuck;
    }
    const outcome = offers.take(choice);
    if (outcome === StepOutcome.refused) return undefined;
    stack.take(choice);
    if (outcome === StepOutcome.fault) return findings.modelFault();
    this.transitions++;
    return this.visit();
  }

  /** Looks at the current state, and puts it on the stack if it is new. */
  private visit(): PropertyFailure | undefined {
    const { program, fingerprint, findings, stack, offers } = this;
    findings.recordCovers();
    fingerprint.rebase(program.state);
    if (!this.seen.add(fingerprint.high, fingerprint.low)) return undefined;
    this.states++;
    this.distinct.addFingerprint(fingerprint);
    this.deepest = Math.max(this.deepest, stack.depth);
    const broken = findings.broken();
    if (broken) return broken;
    if (stack.depth > this.options.depth) {
      this.depthBoundReached = true;
      return undefined;
    }
    offers.refresh();
    stack.push(program.state, offers.ids.subarray(0, offers.count));
    stack.shuffle((size) => this.random.below(size));
    return undefined;
  }

  private progress(): Progress {
    return {
      states: this.states,
      transitions: this.transitions,
      depth: this.deepest + 1,
      frontier: this.stack.depth,
      memoryBytes: this.seen.bytes,
    };
  }

  private result(broken?: PropertyFailure, stoppedBy?: StopReason): Exploration {
    const { findings, options, seen, states, transitions, deepest, depthBoundReached } = this;
    const path = this.stack.path();
    const figures = {
      ...(stoppedBy && { stoppedBy }),
      states,
      transitions,
      tableBytes: seen.bytes,
      bitstate: {
        seed: options.seed,
        depth: options.depth,
        depthBoundReached,
        bits: seen.bits,
        hashesPerState,
        expectedOmissions: seen.expectedOmissions,
        ...(broken && { stepsFound: path.length }),
      },
    };
    return findings.result(figures, { broken, path, verdict: 'inconclusive', depth: deepest + 1 });
  }
}
