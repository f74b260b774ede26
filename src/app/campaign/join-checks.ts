import { inflateRawSync } from 'node:zlib';
import type { Verdict } from '../../search/exploration.ts';
import { HyperLogLog } from '../../search/storage/hyperloglog.ts';
import type { CheckEntry, ShardCounts } from './merge-schema.ts';
import type { CheckTask, Shard } from './plan-schema.ts';
import type { CheckOutcome } from './record-schema.ts';

/** Joins the searches of a task, in the order of its shards: one violation is a violation, that of the least shard. */
export class JoinedChecks {
  private readonly sketch = new HyperLogLog();
  private readonly stoppedBy: Record<string, number> = {};
  private readonly properties = new Map<string, Set<Verdict>>();
  private readonly verdicts = new Set<Verdict>();
  private readonly covers = new Map<string, boolean>();
  private hasSketch = false;
  private states = 0;
  private transitions = 0;
  private depth = 0;
  private schedules = 0;
  private bound: { bugDepth: number; probability: number } | undefined;
  private violation: CheckEntry['violation'];
  private violations = 0;

  constructor(private readonly task: CheckTask) {}

  add({ id, seed }: Shard, { entry, sketch }: CheckOutcome): void {
    const { verdict, stoppedBy, states, transitions, depth, properties, covers, sampled, counterexample } = entry;
    if (sketch !== undefined) {
      this.sketch.merge(registersIn(sketch, this.sketch.registers.length));
      this.hasSketch = true;
    }
    this.verdicts.add(verdict);
    this.states = Math.max(this.states, states);
    this.transitions += transitions;
    this.depth = Math.max(this.depth, depth ?? 0);
    this.schedules += sampled?.runs ?? 0;
    this.bound ??= sampled?.bound;
    if (stoppedBy !== undefined) this.stoppedBy[stoppedBy] = (this.stoppedBy[stoppedBy] ?? 0) + 1;
    for (const property of properties) {
      this.properties.set(property.id, (this.properties.get(property.id) ?? new Set()).add(property.verdict));
    }
    for (const cover of covers) this.covers.set(cover.id, cover.hit || this.covers.get(cover.id) === true);
    if (verdict !== 'violated') return;
    this.violations++;
    const { property = '', length = 0, schedule = '' } = counterexample ?? {};
    this.violation ??= { shard: id, ...(seed !== undefined && { seed }), property, length, schedule, shards: 0 };
  }

  /** @param seconds of all shards */
  entry(shards: ShardCounts, seconds: number): CheckEntry {
    const { label, design, file, mutantOf, checks, params, memoryModel, search } = this.task;
    const isComplete = shards.done === shards.planned;
    const join = (verdicts: ReadonlySet<Verdict>): Verdict => joined([...verdicts], isComplete);
    return {
      label,
      design,
      ...(file !== undefined && { file }),
      ...(mutantOf !== undefined && { mutantOf }),
      checks,
      params,
      memoryModel,
      strategy: search.strategy,
      verdict: join(this.verdicts),
      shards,
      states: this.hasSketch ? this.sketch.estimate : this.states,
      transitions: this.transitions,
      depth: this.depth,
      ...(this.schedules > 0 && { schedules: this.schedules }),
      ...(this.bound && { detection: this.detection(this.bound) }),
      stoppedBy: this.stoppedBy,
      properties: [...this.properties].map(([id, verdicts]) => ({ id, verdict: join(verdicts) })),
      covers: [...this.covers].map(([id, hit]) => ({ id, hit })),
      ...(this.violation && { violation: { ...this.violation, shards: this.violations } }),
      seconds,
    };
  }

  /** The schedules are independent, and each finds the bug with the probability of the bound. */
  private detection({ bugDepth, probability }: { readonly bugDepth: number; readonly probability: number }) {
    return { bugDepth, probability: -Math.expm1(this.schedules * Math.log1p(-probability)) };
  }
}

/** Joins verdicts: `holds` needs the results of all shards. */
export function joined(verdicts: readonly Verdict[], isComplete: boolean): Verdict {
  if (verdicts.includes('violated')) return 'violated';
  return isComplete && verdicts.every((verdict) => verdict === 'holds') ? 'holds' : 'inconclusive';
}

/** @throws the error of zlib, or RangeError, for a text that is no sketch */
function registersIn(text: string, count: number): HyperLogLog['registers'] {
  const registers = new Uint8Array(inflateRawSync(Buffer.from(text, 'base64'), { maxOutputLength: count }));
  if (registers.length !== count) throw new RangeError(`a sketch has ${count} registers, not ${registers.length}`);
  return registers;
}
