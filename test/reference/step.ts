import type { CellReference, Expression, Operand, Statement } from './specification.ts';
import type { Choice, State, Store, System } from './system.ts';
import { accessOf, Fault, type Given, operate, type Value } from './values.ts';

/** An event as guards and actions see it. */
interface Event {
  readonly type: string;
  readonly from: number;
  readonly fields: Readonly<Record<string, number>>;
}

/** What a choice does in a state: its guards refuse it, it is taken, or it breaks a rule of the model. */
export type Result =
  | { readonly outcome: 'refused' | 'fault' }
  | {
      readonly outcome: 'taken';
      readonly state: State;
      /** names of the actions of the actor that took the choice, in order */
      readonly actions: readonly string[];
    };

const maxEventless = 1000;
const maxMessages = 10_000;

/** Returns the state after the start of all actors, in the order of their ids. */
export function start(system: System): Result {
  return new Step(system, system.blank()).run(-1, (step) => {
    for (const [actor, { chart }] of system.actors.entries()) {
      const { actions, leaf } = chart.start();
      step.execute(actor, actions, { type: 'start', from: 0, fields: {} });
      step.at[actor] = leaf;
      step.checkAccesses();
    }
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
class Step {
  readonly at: string[];
  readonly mail: Set<string>;
  private readonly cells: Value[];
  private readonly buffers: Store[][];
  private readonly messages: { to: number; event: Event }[] = [];
  private readonly trace: { actor: number; action: string }[] = [];
  private sharedAccesses = 0;
  private isCoarse = false;

  constructor(
    private readonly system: System,
    state: State,
  ) {
    this.at = [...state.at];
    this.cells = [...state.cells];
    this.mail = new Set(state.mail);
    this.buffers = state.buffers.map((stores) => [...stores]);
  }

  run(actor: number, begin: (step: Step) => boolean): Result {
    try {
      if (!begin(this)) return { outcome: 'refused' };
      let delivered = 0;
      for (let next = this.messages.shift(); next; next = this.messages.shift()) {
        if (delivered++ === maxMessages) throw new Fault('messages without end');
        if (!this.handle(next.to, next.event)) throw new Fault(`nobody takes ${next.event.type}`);
      }
      this.checkAccesses();
    } catch (error) {
      if (error instanceof Fault) return { outcome: 'fault' };
      throw error;
    }
    const { at, cells, buffers } = this;
    const state = { at, cells, mail: [...this.mail].sort(), buffers };
    return {
      outcome: 'taken',
      state,
      actions: this.trace.filter((one) => one.actor === actor).map(({ action }) => action),
    };
  }

  /** Refuses a second access to shared memory since the last check, unless a transition says why. */
  checkAccesses(): void {
    if (this.sharedAccesses > 1 && !this.isCoarse) throw new Fault('several accesses to shared memory');
    this.sharedAccesses = 0;
  }

  /** Lets an actor take an event, and the eventless transitions that follow. Returns false if nothing takes it. */
  handle(actor: number, event: Event, begin: () => void = () => {}): boolean {
    const { chart, machine } = this.system.actors[actor] as System['actors'][number];
    const react = (type: string) =>
      chart.react(this.at[actor] as string, type, (guard) => {
        return this.evaluate(machine.guards[guard] as Expression, actor, event) !== 0;
      });
    let move = react(event.type);
    if (!move) return false;
    begin();
    for (let eventless = 0; move; eventless++) {
      if (eventless > maxEventless) throw new Fault('eventless transitions without end');
      this.execute(actor, move.actions, event);
      this.at[actor] = move.leaf;
      this.isCoarse ||= move.coarse;
      move = react('');
    }
    return true;
  }

  execute(actor: number, actions: readonly string[], event: Event): void {
    const { machine } = this.system.actors[actor] as System['actors'][number];
    for (const action of actions) {
      this.trace.push({ actor, action });
      this.executeAll(machine.actions[action] ?? [], actor, event);
      this.executeAll(machine.ghost[action] ?? [], actor, event);
    }
  }

  private executeAll(statements: readonly Statement[], actor: number, event: Event): void {
    const evaluate = (expression: Expression): number => this.evaluate(expression, actor, event);
    for (const statement of statements) {
      if ('do' in statement) evaluate(statement.do);
      else if ('set' in statement) {
        const to = evaluate(statement.to);
        this.perform({ register: statement.set }, 'set', [to], actor, event);
      } else if ('send' in statement) {
        const fields = Object.entries(statement.fields).map(([name, value]) => [name, evaluate(value)]);
        this.send(statement.send, actor, evaluate(statement.to), Object.fromEntries(fields));
      } else if ('when' in statement) {
        if (evaluate(statement.when)) this.executeAll(statement.run, actor, event);
      } else this.drain(actor);
    }
  }

  private send(type: string, from: number, to: number, fields: Event['fields']): void {
    const ordering = this.system.specification.messages[type]?.ordering;
    if (!this.system.actors[to]) throw new Fault('no such actor');
    if (this.buffers.length > 0 && ordering === 'store') this.append(from, { message: type, to });
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

  private append(actor: number, store: Store): void {
    const buffer = this.buffers[actor] as Store[];
    if (buffer.length === this.system.specification.storeBuffer) this.drainOldest(actor);
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
    const { type } = this.system.cells[cell] as System['cells'][number];
    const isNumber = typeof before === 'number';
    return operate(type, before, isNumber ? 'set' : 'setWord', isNumber ? [value] : [word, value]).value ?? before;
  }

  /** Returns the value of a cell as an actor sees it: with its own stores that wait. */
  private seen(cell: number, actor: number): Value {
    let value = this.cells[cell] as Value;
    for (const store of this.buffers[actor] ?? [])
      if ('cell' in store && store.cell === cell) value = this.stored(store, value);
    return value;
  }

  private evaluate(expression: Expression, actor: number, event: Event): number {
    const { system } = this;
    return evaluate(expression, {
      leaf: (leaf) => {
        if ('my' in leaf) return this.seen(this.find({ register: leaf.my }, actor, event), actor) as number;
        if ('field' in leaf) return event.fields[leaf.field] ?? 0;
        if ('id' in leaf) {
          if (leaf.id === 'me') return actor;
          if (leaf.id === 'nth') return (system.actors[actor] as { nth: number }).nth;
          return leaf.id === 'from' ? event.from : system.actors.length;
        }
        throw new Error(`no expression of an actor: ${JSON.stringify(leaf)}`);
      },
      actorOf: (role, nth) => system.actorOf(role, nth),
      call: (on, operation, args) => this.perform(on, operation, args, actor, event),
    });
  }

  private find(reference: CellReference, actor: number, event: Event): number {
    const found = this.system.find(reference, actor, (index) => this.evaluate(index, actor, event));
    if (found < 0) throw new Fault('no such cell in the list');
    return found;
  }

  /** Counts an access to a cell by an operation of a cell of some kind of memory: ghosts look at memory uncounted. */
  private countAccess(cell: number, kind: string): void {
    if (kind !== 'ghost' && this.system.cells[cell]?.kind === 'shared') this.sharedAccesses++;
  }

  /** Performs an operation of a cell. Under TSO, plain stores to shared memory wait. */
  private perform(
    on: CellReference,
    operation: string,
    args: readonly (number | Operand)[],
    actor: number,
    event: Event,
  ): number {
    const cell = this.find(on, actor, event);
    const { type, kind } = this.system.cells[cell] as System['cells'][number];
    this.countAccess(cell, kind);
    let operand = -1;
    const given = args.map((arg): Given => {
      if (typeof arg === 'number') return arg;
      if ('value' in arg) return this.evaluate(arg.value, actor, event);
      operand = this.find(arg.cell, actor, event);
      this.countAccess(operand, kind);
      return { value: this.seen(operand, actor) };
    });
    const isBuffered = this.buffers.length > 0 && kind === 'shared';
    const access = accessOf(type, operation);
    if (isBuffered && access === 'locked') this.drain(actor);
    const { result, value, operand: other } = operate(type, this.seen(cell, actor), operation, given);
    if (isBuffered && access === 'store') this.append(actor, { cell, ...storeOf(type, given) });
    else if (value !== undefined) this.cells[cell] = value;
    if (other !== undefined) this.cells[operand] = other;
    return result;
  }
}

/** Returns what a plain store writes: a number, to a word. */
function storeOf(type: System['cells'][number]['type'], given: readonly Given[]): { word: number; value: number } {
  const [first, second] = given;
  if (type.type === 'bit') return { word: 0, value: first ? 1 : 0 };
  if (type.type !== 'bitmap' && type.type !== 'actorSet') return { word: 0, value: first as number };
  const [bits, perWord] = type.type === 'bitmap' ? [type.bits, type.bitsPerWord] : [type.actors, 32];
  const size = 2 ** Math.min(bits, perWord);
  if (typeof second === 'number') return { word: first as number, value: second % size };
  const word = (second as { value: number[] }).value.slice(0, perWord);
  return { word: first as number, value: word.reduce((sum, bit, n) => sum + bit * 2 ** n, 0) % size };
}

/** Where the leaves of an expression get their values. */
export interface Environment {
  leaf(leaf: Extract<Expression, object>): number;
  actorOf(role: string, nth: number): number;
  call(on: CellReference, operation: string, args: readonly Operand[]): number;
}

/** Evaluates an expression. */
export function evaluate(expression: Expression, environment: Environment): number {
  if (typeof expression === 'number') return expression;
  const value = (inner: Expression): number => evaluate(inner, environment);
  if ('not' in expression) return Number(value(expression.not) === 0);
  if ('actor' in expression && 'nth' in expression) return environment.actorOf(expression.actor, value(expression.nth));
  if ('call' in expression) return environment.call(expression.on, expression.call, expression.args);
  if (!('op' in expression)) return environment.leaf(expression);
  const { op, left, right } = expression;
  if (op === '&&') return Number(value(left) !== 0 && value(right) !== 0);
  if (op === '||') return Number(value(left) !== 0 || value(right) !== 0);
  const [a, b] = [value(left), value(right)];
  if (op === '+') return a + b;
  if (op === '-') return a - b;
  if (op === '%') return a % b;
  return Number(op === '<' ? a < b : a === b);
}
