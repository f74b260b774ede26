import type { TraceStep } from '../model/trace.ts';

/** A model to open: a design at params, under a memory model. */
export interface ModelRequest {
  readonly design: string;
  /** params that differ from the default of the design */
  readonly params?: Readonly<Record<string, number>>;
  readonly memoryModel?: 'sc' | 'tso';
}

/** A run from the initial state: ids of its choices, as `ChoiceIds` numbers them. */
export type Run = readonly number[];

/** A value of a cell. */
export interface CellValue {
  /** as a trace prints it */
  readonly text: string;
  /** of a counter */
  readonly number?: number;
  /** of a bitmap, or a set: the members */
  readonly members?: readonly number[];
  /** of a queue: its entries, the oldest first */
  readonly entries?: readonly number[];
}

/** A cell of memory, or a register. */
export interface CellInfo {
  /** `kvm.dirtyBitmap[0]`, `vcpu0.gfn` */
  readonly path: string;
  readonly region: 'shared' | 'owned' | 'register' | 'ghost';
  readonly kind: 'bitmap' | 'counter' | 'queue';
  /** number of bits of a bitmap, or the number of values of a counter */
  readonly size: number;
  /** index of the actor whose register it is */
  readonly actor?: number;
  /** name of the memory region, such as `kvm` */
  readonly memory?: string;
  /** true if its bits are pages: a column of the grid of pages by bitmaps */
  readonly isByPage?: boolean;
}

/** An actor of an open model. */
export interface ActorInfo {
  readonly name: string;
  readonly role: string;
  /** id of its machine: key of its statechart */
  readonly machine: string;
  /** paths of its leaf states */
  readonly states: readonly string[];
  /** by path of a leaf state: its tags, such as `holds mmu_lock` */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** A property of an open model. */
interface PropertyInfo {
  readonly id: string;
  readonly kind: 'invariant' | 'cover' | 'deadlock' | 'leads-to';
  readonly description: string;
}

/** A design that may be opened. */
export interface DesignInfo {
  readonly id: string;
  readonly title: string;
  /** of a mutant: the design that it was made from, its bug, and the property that it breaks */
  readonly mutantOf?: string;
  readonly bug?: string;
  readonly breaks?: string;
  /** kernel version and functions that it mirrors */
  readonly source?: { readonly version: string; readonly commit?: string; readonly functions?: readonly string[] };
}

/** A param of an open model. */
interface ParamInfo {
  readonly name: string;
  readonly description: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

/** What does not change while a model is open. */
export interface ModelInfo {
  readonly design: DesignInfo;
  readonly params: readonly ParamInfo[];
  readonly memoryModel: 'sc' | 'tso';
  /** `modelHash` */
  readonly hash: string;
  readonly actors: readonly ActorInfo[];
  readonly cells: readonly CellInfo[];
  readonly properties: readonly PropertyInfo[];
  /** by cell: its value in the initial state */
  readonly initialCells: readonly CellValue[];
  /** by actor: its initial state */
  readonly initialStates: readonly string[];
}

/** A step of a run, and what it changed. */
export interface RunStep {
  /** id of the choice */
  readonly choice: number;
  readonly step: TraceStep;
  /** in the words of the traces: `write(gfn=1)`, `MMU_LOCK from vcpu0` */
  readonly label: string;
  /** index of a cell, and its value after the step */
  readonly changed: readonly (readonly [cell: number, value: CellValue])[];
}

/** The last part of a run. */
export interface RunPart {
  /** number of the steps before those in `steps` */
  readonly from: number;
  readonly steps: readonly RunStep[];
  /** why the run goes no further than its last step: a choice behind it is refused, or a fault */
  readonly ended?: { readonly cause: string; readonly isFault: boolean };
}

/** A guard that refuses a choice, or a choice that nothing takes. */
export interface Refusal {
  /** name of the guard; absent if the actor has no transition for the event in its state */
  readonly guard?: string;
  /** cells that the guard read, with their values */
  readonly reads: readonly { readonly path: string; readonly value: string }[];
}

/** A choice of a state. */
export interface Offer {
  readonly choice: number;
  readonly actor: number;
  readonly event: string;
  readonly payload?: { readonly field: string; readonly value: number };
  /** sender of the message that it delivers */
  readonly from?: number;
  /** as `RunStep.label` */
  readonly label: string;
  /** the state that the actor is in afterwards, if it is taken */
  readonly to?: string;
  /** why it is refused; absent if it is enabled */
  readonly refused?: readonly Refusal[];
}

/** A property in a state. */
export interface PropertyStatus {
  readonly id: string;
  /** of an invariant: whether it is true; of a cover: whether this state or the step to it hits it */
  readonly isTrue: boolean;
  /** paths of the cells that it reads here */
  readonly reads: readonly string[];
  /** for which page, or other number, an invariant that is stated for each is false: `gfn=1` */
  readonly failsFor?: string;
}

/** What a person is told about one state. */
export interface Moment {
  readonly offers: readonly Offer[];
  readonly properties: readonly PropertyStatus[];
  /** covers that the run has hit up to here */
  readonly coversHit: readonly string[];
  /** why the state is a violation of `well-formed`, if it is one */
  readonly fault?: string;
  readonly isDeadlock: boolean;
  /** the schedule of the run, for `precopy replay` */
  readonly schedule: string;
}

/** What a search from a state looks for. */
export type SearchGoal =
  | { readonly kind: 'violation'; readonly property?: string }
  | { readonly kind: 'cover'; readonly cover: string }
  | { readonly kind: 'until'; readonly expression: string }
  /** the state of another run */
  | { readonly kind: 'meet'; readonly run: Run }
  /** the state itself, from the initial one: why is it reachable */
  | { readonly kind: 'this-state' };

/** Limits of a search. */
export interface SearchLimits {
  readonly maxStates?: number;
  readonly maxMemoryBytes?: number;
}

/** How far a search is. */
export interface SearchProgress {
  readonly states: number;
  readonly depth: number;
}

/** What a search found. */
export interface SearchAnswer {
  /** `none`: everything was searched, and there is none; `undecided`: it was stopped, or came to a limit or a fault */
  readonly outcome: 'found' | 'none' | 'undecided';
  /** choices from the state on where the search began; for `this-state`, from the initial state */
  readonly steps?: Run;
  /** the violated property, if one was looked for */
  readonly property?: string;
  /** one line of explanation: a fault, or the limit that was reached */
  readonly detail?: string;
  readonly states: number;
  readonly depth: number;
}

/** Whether two choices commute in a state. */
export interface Commuting {
  readonly choice: number;
  readonly commutes: boolean;
  /** paths of the cells that they conflict in, or what one does to the other: `disables it` */
  readonly because: readonly string[];
}

/** Two runs, aligned by cause. A row has a step of the one, of the other, or of both; 1-based numbers of steps. */
export interface Alignment {
  readonly rows: readonly { readonly left?: number; readonly right?: number; readonly isEqual: boolean }[];
  /** index of the first row that differs */
  readonly firstDifference?: number;
}

/** Formats of an exported run. */
export type RunFormat = 'columns' | 'mermaid' | 'perfetto' | 'itf' | 'json';

/**
 * Requests that the engine answers, by name: what is given, and what it returns. The engine keeps no state that a page
 * needs: after it died, another one gives the same answers.
 */
export interface Requests {
  designs: { given: Record<never, never>; returns: readonly DesignInfo[] };
  open: { given: ModelRequest; returns: ModelInfo };
  /** the steps of a run behind the first `from` */
  run: { given: { model: ModelRequest; run: Run; from: number }; returns: RunPart };
  moment: { given: { model: ModelRequest; run: Run }; returns: Moment };
  search: { given: { model: ModelRequest; run: Run; goal: SearchGoal; limits?: SearchLimits }; returns: SearchAnswer };
  /** what can still go wrong: an answer for each property that forbids something */
  prospects: {
    given: { model: ModelRequest; run: Run; limits?: SearchLimits };
    returns: readonly { readonly property: string; readonly answer: SearchAnswer }[];
  };
  commuting: { given: { model: ModelRequest; run: Run; choice: number }; returns: readonly Commuting[] };
  /** a run that violates the same property, shorter or with fewer switches of actors */
  shrink: { given: { model: ModelRequest; run: Run; towards: 'length' | 'switches' }; returns: Run };
  compare: {
    given: { left: { model: ModelRequest; run: Run }; right: { model: ModelRequest; run: Run } };
    returns: Alignment;
  };
  /** the same choices in another model, up to the first one that it does not have */
  translate: { given: { model: ModelRequest; run: Run; to: ModelRequest }; returns: Run };
  /** the text of a schedule as a run; refused if it is of another model */
  schedule: { given: { text: string }; returns: { model: ModelRequest; run: Run; cycle?: Run } };
  export: {
    given: { model: ModelRequest; run: Run; format: RunFormat };
    returns: { readonly text?: string; readonly bytes?: Uint8Array };
  };
}

export type RequestName = keyof Requests;

/** An error as data. */
export interface EngineError {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  /** a text, and the marked place of a mistake in it */
  readonly excerpt?: string;
}

/** A message to the engine. */
export type ToEngine =
  | { readonly kind: 'request'; readonly id: number; readonly name: RequestName; readonly given: unknown }
  | { readonly kind: 'stop'; readonly id: number };

/** A message from the engine. */
export type FromEngine =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: SearchProgress }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: EngineError };
