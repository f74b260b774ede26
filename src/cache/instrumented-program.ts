import { type CompileOptions, compile } from '../compile/compile.ts';
import type { Interpreter } from '../compile/interpreter.ts';
import { StepOutcome } from '../compile/program.ts';
import { Repetitions } from '../model/repetitions.ts';
import type { BitField } from '../model/state-layout.ts';
import { bitsOf, type WordPatch } from './access-sets.ts';
import { InstrumentedLayout } from './instrumented-layout.ts';

/** A program on an instrumented state: it records the fields that actions, guards and properties read and write. */
export class InstrumentedProgram {
  readonly program: Interpreter;
  /** fields that the last run read before it wrote them, in order */
  readonly read: BitField[] = [];
  readonly layout = new InstrumentedLayout();
  /** runs to be repeated at the end of the search */
  readonly repetitions = new Repetitions();

  constructor(
    { design, params }: Pick<Interpreter, 'design' | 'params'>,
    options: Pick<CompileOptions, 'watched'> = {},
  ) {
    this.program = compile(design, params, { ...options, layout: this.layout });
  }

  /** Runs a function on a state and records its accesses. */
  record<T>(state: Int32Array, run: () => T): T {
    const { layout, read } = this;
    layout.load(state);
    const result = run();
    read.length = 0;
    for (const n of layout.read) read.push(layout.fields[n]);
    return result;
  }

  /**
   * Does `record` twice, and remembers to do it once more: a result that is cached has to be that of the state alone,
   * and so do the accesses.
   * @param refuse throws the error for a run that depends on more
   */
  recordFunction<T>(state: Int32Array, run: () => T, refuse: () => never): T {
    const first = this.summary(this.record(state, run));
    const result = this.record(state, run);
    if (!isEqual(this.summary(result), first)) refuse();
    if (this.repetitions.isDue()) {
      const sample = Int32Array.from(state);
      this.repetitions.add(() => {
        if (!isEqual(this.summary(this.record(sample, run)), first)) refuse();
      });
    }
    return result;
  }

  private summary(result: unknown): Summary {
    const { layout, program } = this;
    const fault = result === StepOutcome.fault ? program.fault() : '';
    return { result, read: layout.read.slice(), patch: this.patch(), fault };
  }

  /** Returns the fields that the last run wrote. */
  written(): BitField[] {
    const { fields, written } = this.layout;
    return written.map((n) => fields[n]);
  }

  /** Returns the changes of the last run, as a patch of a packed state. */
  patch(): WordPatch {
    const { fields, written, values } = this.layout;
    const changes: number[] = [];
    for (const n of written) {
      const field = fields[n];
      if (field.width === 0) continue;
      const mask = bitsOf(field);
      let at = 0;
      while (at < changes.length && changes[at] !== field.at) at += 3;
      const [keep, set] = at < changes.length ? [changes[at + 1], changes[at + 2]] : [-1, 0];
      changes[at] = field.at;
      changes[at + 1] = keep & ~mask;
      changes[at + 2] = set | ((values[n] << field.shift) & mask);
    }
    return Int32Array.from(changes);
  }
}

/** What a run did. */
interface Summary {
  readonly result: unknown;
  readonly read: ArrayLike<number>;
  readonly patch: ArrayLike<number>;
  readonly fault: string;
}

const isEqual = (one: Summary, other: Summary): boolean =>
  one.result === other.result &&
  one.fault === other.fault &&
  isSameList(one.read, other.read) &&
  isSameList(one.patch, other.patch);

function isSameList(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false;
  for (let n = 0; n < one.length; n++) if (one[n] !== other[n]) return false;
  return true;
}
