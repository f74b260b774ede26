import { type StateFunction, StateFunctionCache } from '../../cache/state-function-cache.ts';
import type { Program } from '../../compile/program.ts';
import { AppendableArray } from '../storage/appendable-array.ts';
import type { LeadsToCheck } from './leads-to-check.ts';

/**
 * The labels of all states, for each of several checks. States with the same labels in all checks form a class, and
 * there are few classes: a state takes the four bytes of its class.
 *
 * The labels of a state are those of its predecessor, except for checks that read what the transition changes. Without
 * a transition cache, every state is evaluated.
 */
export class StateLabels {
  private readonly classes: AppendableArray<Uint32Array>;
  /** by check, then by class: the label */
  private readonly labels: number[][];
  /** by class, check and label: the class that differs from it in that label */
  private readonly neighbours = new Map<number, number>();
  /** by class: its labels in all checks, joined */
  private readonly classOfLabels = new Map<string, number>();
  private readonly cache: StateFunctionCache | undefined;
  /** by transition id: the checks that it may affect, as of a version of the cache */
  private affected: (readonly number[])[] = [];
  private version = 0;
  private readonly allChecks: readonly number[];

  /** @param maxBytes largest size */
  constructor(
    private readonly program: Program,
    private readonly checks: readonly LeadsToCheck[],
    maxBytes: number,
  ) {
    this.classes = new AppendableArray(Uint32Array, maxBytes);
    this.labels = checks.map(() => []);
    this.allChecks = [...checks.keys()];
    const functions = checks.map((check): StateFunction => {
      return { property: check.property.id, valueIn: (view) => check.labelOf(view) };
    });
    if (program.successors) this.cache = new StateFunctionCache(program, functions);
  }

  /** by state: its class */
  get classOf(): Uint32Array {
    return this.classes.values;
  }

  /** Returns the labels of a check, by class. */
  labelsOf(check: number): Uint8Array {
    return Uint8Array.from(this.labels[check]);
  }

  get bytes(): number {
    return this.classes.bytes + (this.cache?.bytes ?? 0);
  }

  /** Labels the initial state, which is the current one. */
  addInitial(): void {
    this.classes.push(this.classWith(this.allChecks.map((check) => this.evaluate(check))));
  }

  /**
   * Labels the next state.
   * @param parent a predecessor
   * @param transition id of the transition from it, for `SuccessorGenerator.materialize`
   * @param load moves the program to the state
   */
  add(parent: number, transition: number, load: () => void): void {
    let id = this.classes.values[parent];
    const affected = this.affectedBy(transition);
    if (affected.length > 0) load();
    for (const check of affected) {
      const label = this.evaluate(check);
      if (label !== this.labels[check][id]) id = this.neighbour(id, check, label);
    }
    this.classes.push(id);
  }

  /** Has to be called when transition ids have become invalid. */
  forgetTransitions(): void {
    this.affected = [];
  }

  /** Evaluates again some of the labels that were cached: see `Program.repeatSteps`. */
  repeat(): void {
    this.cache?.repeat();
  }

  private evaluate(check: number): number {
    const { cache, program, checks } = this;
    return cache ? cache.valueIn(program.state, check) : checks[check].labelOf(program.instance.view as never);
  }

  private affectedBy(transition: number): readonly number[] {
    const { cache, program, allChecks } = this;
    if (!cache || !program.successors) return allChecks;
    if (this.version !== cache.version) {
      this.version = cache.version;
      this.affected = [];
    }
    const known = this.affected[transition];
    if (known) return known;
    const { flippedBits } = program.successors.effects[transition];
    const affected = allChecks.filter((check) => cache.mayDependOn(flippedBits, check));
    this.affected[transition] = affected;
    return affected;
  }

  /** Returns the class that differs from a class in one label. */
  private neighbour(id: number, check: number, label: number): number {
    const key = (id * this.checks.length + check) * 256 + label;
    const known = this.neighbours.get(key);
    if (known !== undefined) return known;
    const labels = this.labels.map((labelOf) => labelOf[id]);
    labels[check] = label;
    const neighbour = this.classWith(labels);
    this.neighbours.set(key, neighbour);
    return neighbour;
  }

  private classWith(labels: readonly number[]): number {
    const key = labels.join();
    const known = this.classOfLabels.get(key);
    if (known !== undefined) return known;
    const id = this.classOfLabels.size;
    this.classOfLabels.set(key, id);
    for (const [check, label] of labels.entries()) this.labels[check].push(label);
    return id;
  }
}
