import { type AnyDesign, type CheckKind, isBelowOwnParams } from '../../model/design.ts';
import type { Property } from '../../model/property.ts';
import type { MemoryModel } from '../../model/store-buffer.ts';
import type { Trace } from '../../model/trace.ts';
import type { Coverage } from '../../search/bfs/coverage.ts';
import type {
  BitstateFigures,
  DporFigures,
  Exploration,
  SamplingFigures,
  StopReason,
  Verdict,
} from '../../search/exploration.ts';
import { stemOf } from '../../trace/describe.ts';
import { type TraceDocument, traceToDocument } from '../../trace/json.ts';
import type { Outcome } from './verification-job.ts';

/** What `check --json` prints; docs/schemas/check.schema.json describes it. */
export interface CheckDocument {
  readonly format: 'precopy-check';
  readonly version: 1;
  readonly designs: readonly DesignEntry[];
  /** present when mutants were checked */
  readonly mutants?: readonly MutantEntry[];
  /** what was asked for and has no verdict */
  readonly notChecked: readonly NotChecked[];
}

interface DesignEntry extends Numbers {
  readonly design: string;
  readonly reductions: readonly string[];
  readonly checks: readonly CheckKind[];
  readonly properties: readonly (Exploration['properties'][number] & { readonly kind: PropertyKind })[];
  readonly covers: Exploration['covers'];
  readonly sampled?: SamplingFigures;
  readonly bitstate?: BitstateFigures;
  readonly swarm?: NonNullable<Exploration['swarm']>;
  readonly dpor?: DporFigures;
  readonly preemptions?: number;
  readonly coverage?: CoverageEntry;
  /** where safety was checked as well: the numbers of the second search */
  readonly liveness?: Numbers;
  readonly counterexample?: Counterexample;
}

/** `coverage` of an exploration, with the target of a transition only where there is one. */
interface CoverageEntry extends Pick<Coverage, 'deadCells'> {
  readonly transitions: readonly (Pick<
    CoveredTransition,
    'machine' | 'source' | 'event' | 'index' | 'actions' | 'taken' | 'newStates'
  > & {
    readonly target?: string;
  })[];
}
type CoveredTransition = Coverage['transitions'][number];

type PropertyKind = Exclude<Property['kind'], 'cover'>;

/** What a search rests on. */
interface Numbers {
  readonly params: Readonly<Record<string, number>>;
  readonly memoryModel: MemoryModel;
  readonly verdict: Verdict;
  readonly stoppedBy?: StopReason;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly statesLeft?: number;
  readonly seconds: number;
  readonly collisionProbability: number;
  readonly tableBytes: number;
  readonly frontierBytes?: number;
}

interface Counterexample {
  readonly property: string;
  readonly length: number;
  /** of a run without an end: how many steps it takes once, and how many it repeats for ever */
  readonly stem?: number;
  readonly cycle?: number;
  readonly schedule: string;
  readonly trace?: TraceDocument;
}

interface MutantEntry extends DesignEntry {
  readonly mutantOf: string;
  readonly bug: string;
  readonly fixedBy?: string;
  readonly breaks: string;
  readonly killed: boolean;
  /** whether it was searched at its own sizes, or larger ones: only there it has to be killed */
  readonly atOwnParams: boolean;
}

export interface NotChecked {
  readonly design: string;
  readonly reason: string;
}

/** The document; mutants have a list of their own. The traces of those that were checked for their table only are left out. */
export function checkDocument({
  outcomes,
  mutants,
  notChecked,
}: {
  readonly outcomes: readonly Outcome[];
  readonly mutants: readonly Outcome[];
  readonly notChecked: readonly NotChecked[];
}): CheckDocument {
  const alone = byDesign(outcomes);
  const entries = [
    ...alone.filter(([{ design }]) => design.mutation).map((both) => mutantEntry(both, true)),
    ...byDesign(mutants).map((both) => mutantEntry(both, false)),
  ];
  return {
    format: 'precopy-check',
    version: 1,
    designs: alone.filter(([{ design }]) => !design.mutation).map((both) => designEntry(both, true)),
    ...(entries.length > 0 && { mutants: entries }),
    notChecked,
  };
}

/** What was found about one design: of its safety, of its liveness, or of both in this order. */
type Found = readonly [Outcome, ...Outcome[]];

function byDesign(outcomes: readonly Outcome[]): Found[] {
  const found = new Map<AnyDesign, [Outcome, ...Outcome[]]>();
  for (const outcome of outcomes) {
    const before = found.get(outcome.design);
    if (before) before.push(outcome);
    else found.set(outcome.design, [outcome]);
  }
  return [...found.values()];
}

function designEntry(found: Found, withTrace: boolean): DesignEntry {
  const [first, second] = found;
  const numbers = numbersOf(first);
  const broken = found.find(({ trace }) => trace?.violation);
  return {
    design: first.design.id,
    ...numbers,
    verdict: gravest(found.map(({ exploration }) => exploration.verdict)),
    reductions: first.exploration.reductions ?? [],
    checks: found.map(({ checks }) => checks),
    properties: found.flatMap(({ design, exploration }) =>
      exploration.properties.map((property) => ({ ...property, kind: kindOf(design, property.id) })),
    ),
    covers: first.exploration.covers,
    ...(first.exploration.sampled && { sampled: first.exploration.sampled }),
    ...(first.exploration.bitstate && { bitstate: first.exploration.bitstate }),
    ...(first.exploration.swarm && { swarm: first.exploration.swarm }),
    ...(first.exploration.dpor && { dpor: first.exploration.dpor }),
    ...(first.exploration.preemptions !== undefined && { preemptions: first.exploration.preemptions }),
    ...(first.exploration.coverage && { coverage: coverageEntry(first.exploration.coverage) }),
    ...(second && { liveness: numbersOf(second) }),
    ...(broken?.trace && { counterexample: counterexampleOf(broken.trace, withTrace) }),
  };
}

function numbersOf({ design, params, exploration, seconds }: Outcome): Numbers {
  const { verdict, stoppedBy, states, transitions, depth, statesLeft, collisionProbability } = exploration;
  const { tableBytes, frontierBytes } = exploration;
  return {
    params,
    memoryModel: design.memoryModel ?? 'sc',
    verdict,
    ...(stoppedBy && { stoppedBy }),
    states,
    transitions,
    depth,
    ...(statesLeft !== undefined && { statesLeft }),
    seconds: Math.round(seconds * 1e6) / 1e6,
    collisionProbability,
    tableBytes,
    ...(frontierBytes !== undefined && { frontierBytes }),
  };
}

function coverageEntry({ transitions, deadCells }: Coverage): CoverageEntry {
  return {
    transitions: transitions.map(({ machine, source, event, index, target, actions, taken, newStates }) => ({
      machine,
      source,
      event,
      index,
      ...(target !== undefined && { target }),
      actions,
      taken,
      newStates,
    })),
    deadCells,
  };
}

function counterexampleOf(trace: Trace, withTrace: boolean): Counterexample {
  const { violation, steps, schedule, cycle } = trace;
  return {
    property: violation?.property ?? '',
    length: steps.length,
    ...(cycle !== undefined && { stem: stemOf(trace), cycle }),
    schedule,
    ...(withTrace && { trace: traceToDocument(trace) }),
  };
}

function kindOf({ properties }: AnyDesign, id: string): PropertyKind {
  const kind = (properties as readonly Property[]).find((property) => property.id === id)?.kind;
  return kind === undefined || kind === 'cover' ? 'invariant' : kind;
}

function gravest(verdicts: readonly Verdict[]): Verdict {
  const order: readonly Verdict[] = ['violated', 'inconclusive', 'holds'];
  return order.find((verdict) => verdicts.includes(verdict)) ?? 'holds';
}

function mutantEntry(found: Found, withTrace: boolean): MutantEntry {
  const { mutation, mutantOf = '' } = found[0].design;
  const entry = designEntry(found, withTrace);
  return {
    ...entry,
    mutantOf,
    bug: mutation?.bug ?? '',
    ...(mutation?.fixedBy !== undefined && { fixedBy: mutation.fixedBy }),
    breaks: mutation?.breaks ?? '',
    killed: entry.verdict === 'violated',
    atOwnParams: !isBelowOwnParams(found[0].design, entry.params),
  };
}
