import type { Microsteps } from '../compile/microsteps.ts';
import type { StepOutcome } from '../compile/program.ts';
import { refuseStep } from '../compile/step-repetitions.ts';
import { ChoiceIds } from '../model/choices.ts';
import type { OwnedSets } from '../model/owned-sets.ts';
import type { Step } from '../model/property.ts';
import type { BitField } from '../model/state-layout.ts';
import { type AccessSets, applyPatch, bitsOfAll, bitsWrittenBy } from './access-sets.ts';
import { DecisionTrees, maxTreeWords } from './decision-trees.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';
import type { StepEffect, StepSignature, SymmetryGroup } from './symmetry-group.ts';

/**
 * The effect of a choice in all states that agree in the fields that it reads and in those that it writes. So the old
 * values of the written fields are known, too, and a state hash can be updated incrementally.
 */
export interface Effect extends AccessSets, StepSignature, StepEffect {
  /** by word: the bits that it inverts */
  readonly flippedBits: Int32Array;
  /** indices of the transitions of all actors, as often as they were taken */
  readonly transitionsTaken: readonly number[];
  /** index of the first of them */
  readonly firstTransition: number;
  readonly microsteps: Microsteps;
  readonly fault: string;
  /** id of what it accesses of owned memory */
  readonly ownedAccesses: number;
  /** number of cache hits */
  hits: number;
}

/** Choices whose trees share an array: few enough that wide effects do not exhaust what an array can hold. */
const choicesPerTrees = 16;

/** The transition cache: a decision tree for each choice, whose leaves are indices of effects. */
export class EffectCache {
  /** cleared by `clear`, never replaced */
  readonly effects: Effect[] = [];
  readonly choiceIds: ChoiceIds;
  /** number of effects that were learned so far, forgotten ones included */
  learned = 0;
  private readonly roots: Int32Array;
  /** by choice, in groups of `choicesPerTrees` */
  private readonly trees: (DecisionTrees | undefined)[] = [];
  private treeBytes = 0;
  private effectBytes = 0;
  /** by transition: hits of evicted effects */
  private readonly evictedCounts: Float64Array;
  /** by transition: whether an effect takes it. An effect is learned in a state that the program has reached. */
  private readonly isTaken: Uint8Array;
  private readonly signatures = new Map<string, number>();
  /** the symmetry of the system, if states are identified by it, or by views */
  symmetry: Pick<SymmetryGroup, 'withDependents' | 'checkEquivariance'> | undefined;

  constructor(private readonly instrumented: InstrumentedProgram) {
    this.choiceIds = new ChoiceIds(instrumented.program.events);
    this.roots = Int32Array.from({ length: this.choiceIds.count }, () => noTree);
    this.evictedCounts = new Float64Array(instrumented.program.transitions.length);
    this.isTaken = new Uint8Array(instrumented.program.transitions.length);
  }

  get ownedSets(): OwnedSets {
    return this.instrumented.program.ownedSets;
  }

  /** Returns the index of the effect of a choice in a state; -1 if it is not cached. */
  find(choice: number, state: Int32Array): number {
    const root = this.roots[choice];
    return root === noTree ? -1 : (this.trees[Math.floor(choice / choicesPerTrees)] as DecisionTrees).find(root, state);
  }

  /** memory of the effects and their trees, in bytes */
  get bytes(): number {
    return this.treeBytes + this.effectBytes;
  }

  /** true if the trees are as large as they may become, whatever the limit of the cache */
  get isFull(): boolean {
    return this.treeBytes > 4 * maxTreeWords;
  }

  /** Takes a choice on the instrumented program and caches its effect. Returns the index of the effect. */
  learn(choice: number, state: Int32Array): number {
    const { instrumented, effects } = this;
    const { program } = instrumented;
    const { event, payload } = this.choiceIds.choiceOf(choice);
    const take = (): StepOutcome => {
      program.counts.fill(0);
      return program.step(event, payload);
    };
    const outcome = instrumented.recordFunction(state, take, () => refuseStep(program, event));
    const step = program.lastStep();
    const patch = instrumented.patch();
    const words = state.length;
    const touched = [...new Set([...instrumented.read, ...instrumented.written()])];
    const fields = this.symmetry?.withDependents(touched) ?? touched;
    this.insert(choice, fields, state, effects.length);
    const { field } = program.events[event];
    const after = Int32Array.from(state);
    applyPatch(patch, after);
    const effect: Effect = {
      outcome,
      fields,
      sampleState: Int32Array.from(state),
      bitsRead: bitsOfAll(instrumented.read, words),
      bitsWritten: bitsWrittenBy(patch, words),
      patch,
      flippedBits: after.map((word, n) => word ^ state[n]),
      transitionsTaken: transitionsIn(program.counts),
      firstTransition: program.lastTransition(),
      microsteps: program.microsteps.copy(),
      step,
      field,
      signature: this.signatureOf(step, field),
      fault: program.fault(),
      ownedAccesses: program.ownedAccesses(),
      hits: 0,
    };
    this.symmetry?.checkEquivariance(choice, effect);
    for (const transition of effect.transitionsTaken) this.isTaken[transition] = 1;
    this.learned++;
    this.effectBytes += bytesPerEffect + 4 * (5 * words + 2 * fields.length);
    return effects.push(effect) - 1;
  }

  private insert(choice: number, fields: readonly BitField[], state: Int32Array, index: number): void {
    const { roots } = this;
    const group = Math.floor(choice / choicesPerTrees);
    const trees = this.trees[group] ?? new DecisionTrees();
    const before = this.trees[group] ? trees.bytes : 0;
    this.trees[group] = trees;
    if (roots[choice] === noTree) roots[choice] = trees.newTree();
    trees.insert(roots[choice], fields, state, index);
    this.treeBytes += trees.bytes - before;
  }

  /** Adds to `counts` how often each transition was taken. */
  addTo(counts: Float64Array): Float64Array {
    for (let n = 0; n < counts.length; n++) counts[n] = counts[n] + this.evictedCounts[n];
    for (const { transitionsTaken, hits } of this.effects) {
      for (const n of transitionsTaken) counts[n] = counts[n] + hits;
    }
    return counts;
  }

  /** Sets the entries of transitions that some effect takes, or took before it was evicted. */
  markTaken(transitions: Int32Array): void {
    const { isTaken } = this;
    for (let n = 0; n < isTaken.length; n++) if (isTaken[n] === 1) transitions[n] = 1;
  }

  /** Clears the cache. Signatures of steps stay. */
  clear(): void {
    this.evictedCounts.set(this.addTo(new Float64Array(this.evictedCounts.length)));
    this.effects.length = 0;
    this.roots.fill(noTree);
    this.trees.length = 0;
    this.treeBytes = 0;
    this.effectBytes = 0;
  }

  /** Returns a number that is equal for steps that covers cannot distinguish. */
  signatureOf({ actor, actions, payload }: Step, field?: string): number {
    const key = `${actor} ${field} ${payload} ${actions}`;
    const signature = this.signatures.get(key) ?? this.signatures.size;
    this.signatures.set(key, signature);
    return signature;
  }
}

const noTree = -1;
/** Memory of an effect without what depends on the size of states, in bytes. */
const bytesPerEffect = 2400;

/** Returns the indices of the transitions, as often as they were taken. */
function transitionsIn(counts: Float64Array): number[] {
  const transitionsTaken: number[] = [];
  for (let n = 0; n < counts.length; n++) for (let times = counts[n]; times > 0; times--) transitionsTaken.push(n);
  return transitionsTaken;
}
