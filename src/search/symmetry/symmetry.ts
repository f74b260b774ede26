import { isEqual } from '../../cache/access-sets.ts';
import type { Effect } from '../../cache/effect-cache.ts';
import { SuccessorCache } from '../../cache/successor-cache.ts';
import type { StepSignature, SymmetryGroup } from '../../cache/symmetry-group.ts';
import { compile } from '../../compile/compile.ts';
import type { Program, StepOutcome } from '../../compile/program.ts';
import { ProgramDecorator } from '../../compile/program-decorator.ts';
import { type Choice, ChoiceIds } from '../../model/choices.ts';
import { PrecopyError } from '../../model/errors.ts';
import { eventName } from '../../model/events.ts';
import type { Step } from '../../model/property.ts';
import type { BitField } from '../../model/state-layout.ts';
import { assertInvariant, assertionsEnabled } from '../assert-invariant.ts';
import { ScheduleRunner } from '../shrink/schedule-runner.ts';
import type { AdditiveHash } from '../storage/zobrist-hash.ts';
import { EquivarianceCheck } from './equivariance.ts';
import { OrbitHash } from './orbit-hash.ts';
import { countPermutations, enumeratePermutations, Permutation } from './permutation.ts';
import { StateFields } from './state-fields.ts';
import { SymmetricProcesses } from './symmetric-processes.ts';

/** Largest group, as each effect is checked under all permutations: five actors of a kind. */
const maxOrder = 120;

/**
 * Symmetry reduction (C. N. Ip and D. L. Dill, Better Verification Through Symmetry, FMSD 1996): states that a
 * permutation of interchangeable processes maps to each other form an orbit, and the first state found represents its
 * orbit. States of one orbit have equal values of `hash`.
 *
 *     visited := {hash of the initial state}
 *     for each state s of the frontier and each step from s to t:
 *       prove that the step is equivariant, unless its effect is proved already
 *       if hash(t) is not in visited:
 *         add hash(t) to visited, and t to the frontier
 *         check the invariants in all states of the orbit of t
 *
 * Two things differ from the scalarsets of the paper:
 * - The declaration of symmetric cells (`SymmetrySpec`) is not trusted. Each effect of a step is proved to be
 *   equivariant before it is used, see `EquivarianceCheck`. The search ends with an error if the proof fails: if a loop
 *   visits actors in order, actor ids are compared, or the declaration misses a cell.
 * - Properties need not be symmetric. An invariant is evaluated in all states of an orbit, and so is a cover.
 *
 * Sound because the permutations are automorphisms of the state graph: the initial state is a fixed point, and steps
 * are equivariant. So a path between representatives exists, permuted step by step, in the full graph (`concretize`).
 */
export class SymmetryReducedProgram extends ProgramDecorator implements SymmetryGroup {
  /** the identity first */
  readonly permutations: readonly Permutation[];
  readonly hash: AdditiveHash;
  readonly successors: SuccessorCache;
  private readonly inverses: readonly Permutation[];
  private readonly choiceIds: ChoiceIds;
  private readonly fields: StateFields;
  private readonly equivariance: EquivarianceCheck;

  /**
   * @param program a program with a transition cache
   * @throws PrecopyError `NOT_SOUND` if the system declares no symmetry, has store buffers, or has too many
   * permutations
   */
  constructor(program: Program) {
    super(program);
    const { design, events, instance, successors } = program;
    const { symmetry } = design.system.spec;
    if (symmetry === undefined) throw refusal(design.id, 'its system declares no symmetry');
    if (instance.storeBuffers.length > 0) throw refusal(design.id, 'store buffers cannot be permuted');
    if (!(successors instanceof SuccessorCache)) {
      throw refusal(design.id, 'transitions of bitmaps of more than 32 bits are not cached');
    }
    const processes = new SymmetricProcesses(program, symmetry);
    const order = countPermutations(processes.kinds);
    if (order > maxOrder) {
      throw refusal(design.id, `there are ${order} permutations of its actors, more than ${maxOrder}`);
    }
    const images = enumeratePermutations(processes.kinds);
    this.fields = new StateFields(processes, successors.fields);
    this.permutations = images.map((image) => new Permutation(program, processes, this.fields, image));
    this.inverses = images.map((image) => {
      const inverse = image.map((_, process) => image.indexOf(process)).join();
      return this.permutations.find((permutation) => permutation.images.join() === inverse) as Permutation;
    });
    this.choiceIds = new ChoiceIds(events);
    this.equivariance = new EquivarianceCheck(successors.instrumented, this.permutations, this.fields, this.choiceIds);
    this.hash = new OrbitHash(processes, this.fields);
    this.successors = successors;
    successors.useSymmetry(this);
  }

  get bytes(): number {
    return this.equivariance.bytes;
  }

  clear(): void {
    this.equivariance.clear();
  }

  get order(): number {
    return this.permutations.length;
  }

  /** @throws PrecopyError `NOT_SOUND` if the initial state is no fixed point of the permutations */
  override reset(): StepOutcome {
    const outcome = this.inner.reset();
    const image = new Int32Array(this.state.length);
    for (const permutation of this.permutations) {
      permutation.apply(this.state, image);
      if (!isEqual(image, this.state)) throw refusal(this.design.id, 'the initial state is not symmetric');
    }
    return outcome;
  }

  override violatedByDeadlock(from?: number): number {
    const violated = this.inOrbit(() => this.inner.violatedByDeadlock(from)).filter((property) => property >= 0);
    return violated.length > 0 ? Math.min(...violated) : -1;
  }

  apply(n: number, from: Int32Array, into: Int32Array): void {
    this.permutations[n].apply(from, into);
  }

  withDependents(fields: readonly BitField[]): BitField[] {
    return this.fields.withDependents(fields);
  }

  applyToMask(n: number, bits: Int32Array, into: Int32Array): void {
    this.permutations[n].applyToMask(bits, into);
  }

  preimage(n: number, fields: readonly BitField[]): BitField[] {
    return this.fields.withDependents(this.fields.permute(fields, this.inverses[n].targets));
  }

  imageOfStep(n: number, { step: { actor, actions, payload }, field }: StepSignature): Step {
    const permutation = this.permutations[n];
    return { actor: permutation.actors[actor] ?? actor, actions, payload: permutation.payloadOf(field, payload) };
  }

  /** @throws PrecopyError `NOT_SOUND` if a step does not commute with a permutation */
  checkEquivariance(choice: number, effect: Effect): void {
    const permutation = this.equivariance.counterexample(choice, effect);
    if (!permutation) return;
    const { event, payload } = this.choiceIds.choiceOf(choice);
    const name = eventName(this.instance, this.events[event], payload);
    const images = permutation.images.join(' ');
    throw refusal(this.design.id, `'${name}' does something else when the actors are permuted (${images})`);
  }

  /**
   * Returns a schedule of the system that violates a property.
   * @param schedule one that leads to a representative of an orbit in which a state violates the property
   */
  concretize(schedule: readonly Choice[], property: string): Choice[] {
    const { design, params, choiceIds, permutations } = this;
    const runner = new ScheduleRunner(compile(design, params));
    for (const { choices } of permutations) {
      const image = schedule.map(({ event, payload }) => choices[choiceIds.firstOf(event) + payload]);
      const { executed, violated } = runner.follow(image);
      if (violated === property && executed.length === image.length) return image.map((id) => choiceIds.choiceOf(id));
    }
    throw new PrecopyError('INTERNAL', `${design.id}: no permutation violates ${property}`, 'please report this');
  }

  /** Returns the number of states in the orbit of the current state. */
  orbitSize(): number {
    return new Set(this.inOrbit(() => this.state.join())).size;
  }

  /** Evaluates a function in the image of the current state under each permutation. */
  private inOrbit<T>(evaluate: () => T): T[] {
    const { state } = this;
    const representative = Int32Array.from(state);
    const key = assertionsEnabled && this.orbitKey(representative);
    return this.permutations.map((permutation) => {
      permutation.apply(representative, state);
      if (assertionsEnabled) assertInvariant(this.orbitKey(state) === key, 'states of one orbit have one orbit hash');
      const value = evaluate();
      state.set(representative);
      return value;
    });
  }

  /** Returns the lanes of the remainder and the multiset of lanes of the blocks. */
  private orbitKey(state: Int32Array): string {
    const { hash } = this;
    const lanes = new Int32Array(2 * (hash.blocks + 1));
    hash.accumulate(state, lanes, 0);
    const pairs = Array.from({ length: hash.blocks + 1 }, (_, n) => lanes.slice(2 * n, 2 * n + 2).join());
    return [pairs[0], ...pairs.slice(1).sort()].join(' ');
  }
}

function refusal(design: string, reason: string): PrecopyError {
  return new PrecopyError('NOT_SOUND', `symmetry is not sound for ${design}: ${reason}`, 'search without it');
}
