import type { Interpreter } from '../compile/interpreter.ts';
import { compile } from '../compile/program.ts';
import { InstrumentedLayout } from '../model/instrumented-layout.ts';
import type { BitField } from '../model/state-layout.ts';
import { bitsOf } from './access-sets.ts';

/** The same program on a memory that is watched: it says what of the state something depended on, and what it changed. */
export class InstrumentedProgram {
  readonly program: Interpreter;
  /** the fields that were read before they were written, in order */
  readonly read: BitField[] = [];
  readonly layout = new InstrumentedLayout();

  constructor({ design, params }: Pick<Interpreter, 'design' | 'params'>) {
    this.program = compile(design, params, { layout: this.layout });
  }

  /** Runs something on a state. */
  record<T>(state: Int32Array, run: () => T): T {
    const { layout, read } = this;
    layout.watch(state);
    const result = run();
    read.length = 0;
    for (const n of layout.read) read.push(layout.fields[n]);
    return result;
  }

  /** The fields that the last run wrote. */
  written(): BitField[] {
    const { fields, written } = this.layout;
    return written.map((n) => fields[n]);
  }

  /** What the last run did to the words of a packed state: the number of the word, the bits that stay, the bits that are set. */
  writes(): Int32Array {
    const { fields, written, values } = this.layout;
    const changes: number[] = [];
    for (const n of written) {
      const slot = fields[n];
      if (slot.width === 0) continue;
      const mask = bitsOf(slot);
      let at = 0;
      while (at < changes.length && changes[at] !== slot.at) at += 3;
      const [keep, set] = at < changes.length ? [changes[at + 1], changes[at + 2]] : [-1, 0];
      changes[at] = slot.at;
      changes[at + 1] = keep & ~mask;
      changes[at + 2] = set | ((values[n] << slot.shift) & mask);
    }
    return Int32Array.from(changes);
  }
}
