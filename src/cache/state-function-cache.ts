import type { Interpreter } from '../compile/interpreter.ts';
import { refuseDependence } from '../compile/step-repetitions.ts';
import { bitsOfAll, intersects } from './access-sets.ts';
import { DecisionTrees, maxTreeWords } from './decision-trees.ts';
import { InstrumentedProgram } from './instrumented-program.ts';

/** A function of the state whose values are cached. */
export interface StateFunction {
  /** the property that it belongs to, for messages */
  readonly property: string;
  /** Returns a natural number. */
  readonly valueIn: (view: never) => number;
}

/** Caches the values of functions of the state by the fields that they read, which are observed. */
export class StateFunctionCache {
  /** counts changes of what the functions were seen to read */
  version = 0;
  private readonly instrumented: InstrumentedProgram;
  private readonly trees = new DecisionTrees();
  /** by function: the root of its tree */
  private roots: readonly number[];
  /** by function: mask of the bits that it has ever read */
  private readonly readSets: readonly Int32Array[];

  constructor(
    program: Pick<Interpreter, 'design' | 'params' | 'state'>,
    private readonly functions: readonly StateFunction[],
  ) {
    this.instrumented = new InstrumentedProgram(program);
    this.roots = functions.map(() => this.trees.newTree());
    this.readSets = functions.map(() => new Int32Array(program.state.length));
  }

  get bytes(): number {
    return this.trees.bytes;
  }

  /**
   * Returns the value of the nth function in a state.
   * @throws PrecopyError `BAD_DESIGN` if it depends on more than the state
   */
  valueIn(state: Int32Array, n: number): number {
    const { trees } = this;
    const known = trees.find(this.roots[n], state);
    return known >= 0 ? known : this.learn(state, n);
  }

  /** Returns false if the value of the nth function is the same in two states, known in one, that differ in `bits`. */
  mayDependOn(bits: Int32Array, n: number): boolean {
    return intersects(bits, this.readSets[n]);
  }

  /** Evaluates again some of the values that were learned: see `Program.repeatSteps`. */
  repeat(): void {
    this.instrumented.repetitions.repeatAll();
  }

  private learn(state: Int32Array, n: number): number {
    const { instrumented, trees, functions } = this;
    const { property, valueIn } = functions[n];
    const evaluate = (): number => valueIn(instrumented.program.instance.view as never);
    const value = instrumented.recordFunction(state, evaluate, () => refuseDependence(`the property '${property}'`));
    if (trees.words > maxTreeWords) {
      trees.clear();
      this.roots = functions.map(() => trees.newTree());
    }
    trees.insert(this.roots[n], instrumented.read, state, value);
    const readSet = this.readSets[n];
    bitsOfAll(instrumented.read, state.length).forEach((bits, word) => {
      if ((bits & ~readSet[word]) === 0) return;
      readSet[word] = readSet[word] | bits;
      this.version++;
    });
    return value;
  }
}
