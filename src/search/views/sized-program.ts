import { applyPatch, bitsOfAll } from '../../cache/access-sets.ts';
import { EffectCache } from '../../cache/effect-cache.ts';
import { EnabledEvents } from '../../cache/enabled-events.ts';
import { InstrumentedProgram } from '../../cache/instrumented-program.ts';
import { compile } from '../../compile/compile.ts';
import type { Interpreter } from '../../compile/interpreter.ts';
import { Bitmap } from '../../model/bitmap.ts';
import { StateFields } from '../symmetry/state-fields.ts';
import { SymmetricProcesses } from '../symmetry/symmetric-processes.ts';
import type { ProcessFamily } from './process-family.ts';
import { refuse } from './refusal.ts';
import { WatchedNumber } from './watched-number.ts';

/**
 * A design at one number of growing processes, on an instrumented state. Each of these has a *slot*: a number from 0,
 * in the order of the role. The code that runs may not ask for the number.
 */
export class SizedProgram {
  readonly program: Interpreter;
  readonly instrumented: InstrumentedProgram;
  readonly processes: SymmetricProcesses;
  readonly fields: StateFields;
  readonly effects: EffectCache;
  readonly enabledEvents: EnabledEvents;
  /** by slot: index in the role */
  readonly processOfSlot: readonly number[];
  /** words of a packed state */
  readonly words: number;

  /** @throws PrecopyError `NOT_SOUND` for store buffers, and for bitmaps of more than 32 bits */
  constructor(
    family: ProcessFamily,
    readonly slots: number,
  ) {
    const { design, symmetry, param } = family;
    this.program = compile(design, family.paramsAt(slots));
    const { instance, state } = this.program;
    if (instance.storeBuffers.length > 0) throw refuse(design.id, 'store buffers hold stores of one vCPU each');
    if (instance.cells.some(({ plain }) => plain instanceof Bitmap && plain.bits > 32)) {
      throw refuse(design.id, 'it has bitmaps of more than 32 bits at these params');
    }
    const watched = new WatchedNumber(param, symmetry.role);
    this.instrumented = new InstrumentedProgram(this.program, { watched });
    this.words = state.length;
    this.processes = new SymmetricProcesses(this.program, symmetry);
    const ofCode = new SymmetricProcesses(this.instrumented.program, symmetry);
    watched.watchCells(this.instrumented.program.instance, ofCode);
    this.fields = new StateFields(this.processes, this.instrumented.layout.fields);
    this.effects = new EffectCache(this.instrumented);
    this.enabledEvents = new EnabledEvents(this.instrumented, state);
    this.processOfSlot = family.growingAt(slots);
  }

  /** Returns the slot of a process, by index in the role; -1 for one of another kind and for -1. */
  slotOf(process: number): number {
    return this.processOfSlot.indexOf(process);
  }

  /** Returns the slot of an actor, or -1. */
  slotOfActor(actor: number): number {
    return this.slotOf(this.processes.processOf(actor));
  }

  /**
   * Returns the slot that a choice is about: its actor, the sender of a delivery, or its payload. -1 if there is none.
   * `notOne` if there are two of them.
   */
  slotOfChoice(choice: number): number {
    const { event: id, payload } = this.effects.choiceIds.choiceOf(choice);
    const event = this.program.events[id];
    const isProcess = event.field !== undefined && this.processes.spec.payloads.includes(event.field);
    const about = [
      this.slotOfActor(event.actor),
      event.from === undefined ? -1 : this.slotOfActor(event.from),
      isProcess ? this.slotOf(payload) : -1,
    ].filter((slot) => slot >= 0);
    return new Set(about).size > 1 ? notOne : (about[0] ?? -1);
  }

  /** Runs a choice in a state without the cache. Returns its outcome, the successor, and the bits that it read. */
  run(choice: number, state: Int32Array): { outcome: number; after: Int32Array; read: Int32Array } {
    const { instrumented } = this;
    const { event, payload } = this.effects.choiceIds.choiceOf(choice);
    const outcome = instrumented.record(state, () => instrumented.program.step(event, payload));
    const after = Int32Array.from(state);
    applyPatch(instrumented.patch(), after);
    return { outcome, after, read: bitsOfAll(instrumented.read, this.words) };
  }

  /** Returns the initial state. */
  initialState(): Int32Array {
    this.program.reset();
    return Int32Array.from(this.program.state);
  }
}

/** The answer of `slotOfChoice` for a choice about two processes. */
export const notOne = -2;
