import { numberOf } from './bits.ts';
import { Evaluator } from './evaluator.ts';
import { Fault, type Given, type Value } from './operation.ts';
import type { CellReference, Expression, Operand, Statement } from './specification.ts';
import type { Move } from './statechart.ts';
import type { Actor, Cell, Choice, State, Store, System } from './system.ts';
import { accessOf, operate, writesOperand } from './values.ts';

/** An event as guards and actions see it. */
interface Event {
  readonly type: string;
  readonly from: number;
  readonly fields: Readonly<Record<string, number>>;
}

/** What a choice does in a state: its guards refuse it, it is taken, or it breaks a rule of the model. */
export type Result = { readonly owned: readonly OwnedAccess[] } & (
  | { readonly outcome: 'refused' | 'fault' }
  | {
      readonly outcome: 'taken';
      readonly state: State;
      /** names of the actions of the actor that took the choice, in order */
      readonly actions: readonly string[];
    }
);

/** An access to owned memory, by guards and actions. */
export interface OwnedAccess {
  readonly actor: number;
  readonly cell: number;
  readonly writes: boolean;
}

const maxEventless = 1000;
const maxMessages = 10_000;

/** Returns the state after the start of all actors, in the order of their ids. */
export function start(system: System): Result {
  return new Step(system, system.blank()).run(-1, (step) => {
    for (const [actor] of system.actors.entries()) step.start(actor);
    return true;
  });
}

/** Takes a choice. */
export function take(system: System, state: State, choice: Choice): Result {
  return new Step(system, state).run(choice.actor, (step) => {
    const { actor } = choice;
    if (choice.kind === 'drain') return step.drainOldest(actor);
    if (choice.kind === 'own') {
      const field = system.actors[actor]?.machine.events[choice.type]?.field;
      const fields = field === undefined ? {} : { [field]: choice.payload };
      return step.handle(actor, { type: choice.type, from: actor, fields });
    }
    const letter = `${actor} ${choice.type} ${choice.from}`;
    if (!step.mail.has(letter)) return false;
    return step.handle(actor, { type: choice.type, from: choice.from, fields: {} }, () => step.mail.delete(letter));
  });
}

/** A step in progress, on a copy of the state. */
class Step extends Evaluator {
  readonly at: string[];
  readonly mail: Set<string>;
  private readonly cells: Value[];
  private readonly buffers: Store[][];
  private readonly messages: { to: number; event: Event }[] = [];
  private readonly trace: { actor: number; action: string }[] = [];
  private readonly owned: OwnedAccess[] = [];
  private sharedAccesses = 0;
  private isCoarse = false;
  /** the actor whose guards and actions run, and the event that they see */
  private actor = 0;
  private event: Event = startEvent;

  constructor(system: System, state: State) {
    super(system);
    this.at = [...state.at];
    this.cells = [...state.cells];
    this.mail = new Set(state.mail);
    this.buffers = state.buffers.map((stores) => [...stores]);
  }

  run(actor: number, begin: (step: Step) => boolean): Result {
    try {
      if (!begin(this)) return { outcome: 'refused', owned: this.owned };
      let delivered = 0;
      for (let next = this.messages.shift(); next; next = this.messages.shift()) {
        if (delivered++ === maxMessages) throw new Fault('messages without end');
        if (!this.handle(next.to, next.event)) throw new Fault(`nobody takes ${next.event.type}`);
      }
      this.checkAccesses();
    } catch (error) {
      if (error instanceof Fault) return { outcome: 'fault', owned: this.owned };
      throw error;
    }
    const { at, cells, buffers, owned } = this;
    const actions = this.trace.filter((one) => one.actor === actor).map(({ action }) => action);
    return { outcome: 'taken', owned, state: { at, cells, mail: [...this.mail].sort(), buffers }, actions };
  }

  /** Refuses a second access to shared memory since the last check, unless a transition says why. */
  checkAccesses(): void {
    if (this.sharedAccesses > 1 && !this.isCoarse) throw new Fault('several accesses to shared memory');
    this.sharedAccesses = 0;
  }

  /** Lets an actor take an event, and the eventless transitions that follow. Returns false if nothing takes it. */
  handle(actor: number, event: Event, begin?: () => void): boolean {
    this.actor = actor;
    this.event = event;
    let move = this.react(event.type);
    if (!move) return false;
    begin?.();
    for (let eventless = 0; move; eventless++) {
      if (eventless > maxEventless) throw new Fault('eventless transitions without end');
      this.execute(move.actions);
      this.at[actor] = move.leaf;
      this.isCoarse ||= move.coarse;
      move = this.react('');
    }
    return true;
  }

  /** Starts an actor. */
  start(actor: number): void {
    this.actor = actor;
    this.event = startEvent;
    const { actions, leaf } = (this.system.actors[actor] as Actor).chart.start();
    this.execute(actions);
    this.at[actor] = leaf;
    this.checkAccesses();
  }

  private react(type: string): Move | undefined {
    const { chart, machine } = this.system.actors[this.actor] as Actor;
    const leaf = this.at[this.actor] as string;
    return chart.react(leaf, type, (guard) => this.evaluate(machine.guards[guard] as Expression) !== 0);
  }

  private execute(actions: readonly string[]): void {
    const { machine } = this.system.actors[this.actor] as Actor;
    for (const action of actions) {
      this.trace.push({ actor: this.actor, action });
      this.executeAll(machine.actions[action] ?? []);
      this.executeAll(machine.ghost[action] ?? []);
    }
  }

  private executeAll(statements: readonly Statement[]): void {
    for (const statement of statements) {
      if ('do' in statement) this.evaluate(statement.do);
      else if ('set' in statement) this.call({ register: statement.set }, 'set', [{ value: statement.to }]);
      else if ('send' in statement) {
        const to = this.evaluate(statement.to);
        const fields = Object.entries(statement.fields).map(([name, value]) => [name, this.evaluate(value)]);
        this.send(statement.send, to, Object.fromEntries(fields));
      } else if ('when' in statement) {
        if (this.evaluate(statement.when)) this.executeAll(statement.run);
      } else this.drain(this.actor);
    }
  }

  private send(type: string, to: number, fields: Event['fields']): void {
    const from = this.actor;
    const ordering = this.system.specification.messages[type]?.ordering;
    if (!this.system.actors[to]) throw new Fault('no such actor');
    if (this.buffers.length > 0 && ordering === 'store') this.append({ message: type, to });
    else {
      if (ordering === 'barrier') this.drain(from);
      this.carry(type, from, to, fields);
    }
  }

  private carry(type: string, from: number, to: number, fields: Event['fields']): void {
    if (this.system.specification.messages[type]?.delivery === 'rendezvous') {
      this.messages.push({ to, event: { type, from, fields } });
    } else if (this.system.actors[to]?.chart.events.has(type)) this.mail.add(`${to} ${type} ${from}`);
    else throw new Fault(`nobody takes ${type}`);
  }

  private append(store: Store): void {
    const buffer = this.buffers[this.actor] as Store[];
    if (buffer.length === this.system.specification.storeBuffer) this.drainOldest(this.actor);
    buffer.push(store);
  }

  /** Returns false if no store waits. */
  drainOldest(actor: number): boolean {
    const store = this.buffers[actor]?.shift();
    if (!store) return false;
    if ('message' in store) this.carry(store.message, actor, store.to, {});
    else this.cells[store.cell] = this.stored(store, this.cells[store.cell] as Value);
    return true;
  }

  private drain(actor: number): void {
    while (this.drainOldest(actor));
  }

  /** Returns the value of a cell after a store to it. */
  private stored({ cell, word, value }: Extract<Store, { cell: number }>, before: Value): Value {
    const { type } = this.system.cells[cell] as Cell;
    const isNumber = typeof before === 'number';
    return operate(type, before, isNumber ? 'set' : 'setWord', isNumber ? [value] : [word, value]).value ?? before;
  }

  /** Returns the value of a cell as the actor sees it: with its own stores that wait. */
  private seen(cell: number): Value {
    let value = this.cells[cell] as Value;
    for (const store of this.buffers[this.actor] ?? [])
      if ('cell' in store && store.cell === cell) value = this.stored(store, value);
    return value;
  }

  protected leaf(leaf: Extract<Expression, object>): number {
    if ('my' in leaf) return this.seen(this.find({ register: leaf.my })) as number;
    if ('field' in leaf) return this.event.fields[leaf.field] ?? 0;
    if ('id' in leaf) {
      if (leaf.id === 'me') return this.actor;
      if (leaf.id === 'nth') return (this.system.actors[this.actor] as Actor).nth;
      return leaf.id === 'from' ? this.event.from : this.system.actors.length;
    }
    throw new Error(`no expression of an actor: ${JSON.stringify(leaf)}`);
  }

  private find(reference: CellReference): number {
    const found = this.system.find(reference, this.actor, this);
    if (found < 0) throw new Fault('no such cell in the list');
    return found;
  }

  /** Counts an access to a cell. Operations of ghosts look at memory uncounted. */
  private countAccess(cell: number, writes: boolean, operated: Cell['kind']): void {
    if (operated === 'ghost') return;
    const { kind } = this.system.cells[cell] as Cell;
    if (kind === 'shared') this.sharedAccesses++;
    if (kind === 'owned') this.owned.push({ actor: this.actor, cell, writes });
  }

  /** Performs an operation of a cell. Under TSO, plain stores to shared memory wait. */
  protected call(on: CellReference, operation: string, args: readonly Operand[]): number {
    const cell = this.find(on);
    const { type, kind } = this.system.cells[cell] as Cell;
    const access = accessOf(type, operation);
    this.countAccess(cell, access !== 'load', kind);
    let operand = -1;
    const given = args.map((arg): Given => {
      if ('value' in arg) return this.evaluate(arg.value);
      operand = this.find(arg.cell);
      this.countAccess(operand, writesOperand.has(operation), kind);
      return { value: this.seen(operand) };
    });
    const isBuffered = this.buffers.length > 0 && kind === 'shared';
    if (isBuffered && access === 'locked') this.drain(this.actor);
    const { result, value, operand: other } = operate(type, this.seen(cell), operation, given);
    if (isBuffered && access === 'store') this.append({ cell, ...storeOf(type, given) });
    else if (value !== undefined) this.cells[cell] = value;
    if (other !== undefined) this.cells[operand] = other;
    return result;
  }
}

const startEvent: Event = { type: 'start', from: 0, fields: {} };

/** Returns what a plain store writes: a number, to a word. */
function storeOf(type: Cell['type'], given: readonly Given[]): { word: number; value: number } {
  const [first, second] = given;
  if (type.type === 'bit') return { word: 0, value: first ? 1 : 0 };
  if (type.type !== 'bitmap' && type.type !== 'actorSet') return { word: 0, value: first as number };
  const [bits, perWord] = type.type === 'bitmap' ? [type.bits, type.bitsPerWord] : [type.actors, 32];
  const size = 2 ** Math.min(bits, perWord);
  if (typeof second === 'number') return { word: first as number, value: second % size };
  const word = (second as { value: number[] }).value.slice(0, perWord);
  return { word: first as number, value: numberOf(word) % size };
}
