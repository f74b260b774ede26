import type { Exploration, Sampled, StopReason, Verdict } from '../explore/result.ts';
import type { MemoryModel } from '../model/store-buffer.ts';
import { type TraceDocument, traceToDocument } from '../trace/json.ts';
import type { Outcome } from './run.ts';

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

interface DesignEntry {
  readonly design: string;
  readonly params: Readonly<Record<string, number>>;
  readonly memoryModel: MemoryModel;
  readonly verdict: Verdict;
  readonly stoppedBy?: StopReason;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly seconds: number;
  readonly collisionProbability: number;
  readonly tableBytes: number;
  readonly reductions: readonly string[];
  readonly properties: Exploration['properties'];
  readonly covers: Exploration['covers'];
  readonly sampled?: Sampled;
  readonly counterexample?: Counterexample;
}

interface Counterexample {
  readonly property: string;
  readonly length: number;
  readonly schedule: string;
  readonly trace?: TraceDocument;
}

interface MutantEntry extends DesignEntry {
  readonly mutantOf: string;
  readonly putsBack: string;
  readonly fixedBy?: string;
  readonly breaks: string;
  readonly killed: boolean;
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
  const entries = [
    ...outcomes.filter(({ design }) => design.mutation).map((outcome) => mutantEntry(outcome, true)),
    ...mutants.map((outcome) => mutantEntry(outcome, false)),
  ];
  return {
    format: 'precopy-check',
    version: 1,
    designs: outcomes.filter(({ design }) => !design.mutation).map((outcome) => designEntry(outcome, true)),
    ...(entries.length > 0 && { mutants: entries }),
    notChecked,
  };
}

function designEntry({ design, params, exploration, seconds, trace }: Outcome, withTrace: boolean): DesignEntry {
  const { verdict, stoppedBy, states, transitions, depth, collisionProbability, tableBytes } = exploration;
  return {
    design: design.id,
    params,
    memoryModel: design.memoryModel ?? 'sc',
    verdict,
    ...(stoppedBy && { stoppedBy }),
    states,
    transitions,
    depth,
    seconds: Math.round(seconds * 1e6) / 1e6,
    collisionProbability,
    tableBytes,
    reductions: [],
    properties: exploration.properties,
    covers: exploration.covers,
    ...(exploration.sampled && { sampled: exploration.sampled }),
    ...(trace?.violation && {
      counterexample: {
        property: trace.violation.property,
        length: trace.steps.length,
        schedule: trace.schedule,
        ...(withTrace && { trace: traceToDocument(trace) }),
      },
    }),
  };
}

function mutantEntry(outcome: Outcome, withTrace: boolean): MutantEntry {
  const { mutation, mutantOf = '' } = outcome.design;
  return {
    ...designEntry(outcome, withTrace),
    mutantOf,
    putsBack: mutation?.putsBack ?? '',
    ...(mutation?.fixedBy !== undefined && { fixedBy: mutation.fixedBy }),
    breaks: mutation?.breaks ?? '',
    killed: outcome.exploration.verdict === 'violated',
  };
}
