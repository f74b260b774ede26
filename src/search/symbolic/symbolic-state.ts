import { all, type DecisionDiagrams, none } from './decision-diagrams.ts';

/**
 * A state whose bits hold functions of the state before the step, as decision diagrams, beside their values in one such
 * state (concolic execution: K. Sen, D. Marinov and G. Agha, CUTE, ESEC/FSE 2005). Copies move functions and decide
 * nothing. A bit that a branch looks at is decided: the path condition then contains that it has its value, so the run
 * stands for all states of the path condition.
 *
 * It takes the place of the array of words of a program. Cells of symbolic classes access it bit by bit.
 */
export class SymbolicState {
  /** by bit: the value in the state of the run, and the function */
  values = new Uint8Array();
  functions = new Int32Array();
  /** the states that take the same path */
  path: number = all;
  /** bits that were written in this run, in order */
  readonly written: number[] = [];
  private isWritten = new Uint8Array();
  private diagrams: DecisionDiagrams | undefined;

  /** number of bits */
  get length(): number {
    return this.values.length;
  }

  /** Sets the number of bits. */
  allocate(bits: number): void {
    this.values = new Uint8Array(bits);
    this.functions = new Int32Array(bits);
    this.isWritten = new Uint8Array(bits);
  }

  /**
   * Begins a run.
   * @param values by bit: the values of one state
   * @param initial by bit: the function of the bit in all states
   */
  load(diagrams: DecisionDiagrams, values: Uint8Array, initial: Int32Array): void {
    this.diagrams = diagrams;
    this.values.set(values);
    this.functions.set(initial);
    this.path = all;
    this.written.length = 0;
    this.isWritten.fill(0);
  }

  /** Returns the value of a bit, which decides it. */
  decideBit(bit: number): 0 | 1 {
    const value = this.values[bit] as 0 | 1;
    if (this.functions[bit] > all) {
      this.decide(this.functions[bit], value === 1);
      this.functions[bit] = value;
    }
    return value;
  }

  /** Adds to the path condition that a function has this value, and returns the value. */
  decide(condition: number, value: boolean): boolean {
    const diagrams = this.diagramsOfRun();
    this.path = value ? diagrams.and(this.path, condition) : diagrams.difference(this.path, condition);
    return value;
  }

  /** Assigns a value and a function to a bit. */
  assign(bit: number, value: number, condition: number): void {
    this.values[bit] = value;
    this.functions[bit] = condition;
    if (this.isWritten[bit] === 1) return;
    this.isWritten[bit] = 1;
    this.written.push(bit);
  }

  assignConstant(bit: number, value: number): void {
    this.assign(bit, value, value);
  }

  copy(from: number, to: number): void {
    this.assign(to, this.values[from], this.functions[from]);
  }

  and(one: number, other: number): number {
    return this.diagramsOfRun().and(one, other);
  }

  or(one: number, other: number): number {
    return this.diagramsOfRun().or(one, other);
  }

  andNot(one: number, other: number): number {
    return this.diagramsOfRun().difference(one, other);
  }

  equal(one: number, other: number): number {
    return this.diagramsOfRun().equal(one, other);
  }

  /** Returns the function that is true where exactly `count` of these functions are. */
  exactly(count: number, conditions: readonly number[]): number {
    let byCount: number[] = [all, ...Array.from({ length: count }, () => none)];
    for (const condition of conditions) {
      byCount = byCount.map((same, n) =>
        this.or(this.andNot(same, condition), n === 0 ? none : this.and(byCount[n - 1], condition)),
      );
    }
    return byCount[count];
  }

  private diagramsOfRun(): DecisionDiagrams {
    if (this.diagrams === undefined) throw new Error('no run has begun');
    return this.diagrams;
  }
}
