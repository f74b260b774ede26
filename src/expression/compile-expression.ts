import { statesOf } from '../model/actor-view.ts';
import type { Bitmap } from '../model/bitmap.ts';
import type { AnyDesign } from '../model/design.ts';
import { type Instance, instantiate } from '../model/instance.ts';
import type { Expression, Operator, Range, Statement, Value } from './ast.ts';
import { parseExpression } from './parse.ts';
import { memberOf, type Resolved, resolvePath, type StateView, testOf } from './resolve.ts';
import { Scope } from './scope.ts';

type Test = (view: StateView) => boolean;

/**
 * Compiles an expression over the states of a design at given params. What it reads, it reads of the view, like any
 * property.
 * @throws PrecopyError `BAD_PARAMETER` for an expression that does not parse, a name that nothing has, and values that
 * cannot be compared; it marks the place
 */
export function compileExpression(
  text: string,
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
): (view: StateView) => boolean {
  const expression = parseExpression(text);
  return new ExpressionCompiler(text, instantiate(design, params)).test(expression);
}

class ExpressionCompiler {
  private readonly scope: Scope;

  constructor(text: string, instance: Instance) {
    this.scope = new Scope(text, instance);
  }

  test(expression: Expression): Test {
    switch (expression.type) {
      case 'or': {
        const parts = expression.parts.map((part) => this.test(part));
        return (view) => parts.some((part) => part(view));
      }
      case 'and': {
        const parts = expression.parts.map((part) => this.test(part));
        return (view) => parts.every((part) => part(view));
      }
      case 'not': {
        const of = this.test(expression.of);
        return (view) => !of(view);
      }
      case 'quantified':
        return this.quantified(expression);
      default:
        return this.statement(expression);
    }
  }

  private quantified({ quantifier, role, of }: Extract<Expression, { type: 'quantified' }>): Test {
    const { text, at } = role ?? headOf(of as Statement);
    const each = this.forEach(text, at, () => this.test(of));
    if (quantifier === 'all') return (view) => each.every((test) => test(view));
    const wanted = quantifier === 'any';
    return (view) => each.some((test) => test(view)) === wanted;
  }

  /** Compiles something for each actor of a role. */
  private forEach<T>(role: string, at: Range, compile: () => T): T[] {
    const { scope } = this;
    const members = scope.roles.get(role);
    if (!members) return scope.refuseName(at, 'there is no role', role, [...scope.roles.keys()]);
    if (members.length === 0) scope.refuse(at, `there is no ${role} at these params`, 'give params with one');
    return scope.forEach(role, compile);
  }

  private statement(statement: Statement): Test {
    const { scope } = this;
    switch (statement.type) {
      case 'truth':
        return this.truth(statement.of);
      case 'in': {
        const actor = this.actor(statement.left);
        const { text, at } = statement.state;
        const { name, leaves } = scope.instance.actors[actor] as Instance['actors'][number];
        const states = statesOf(leaves);
        if (!states.includes(text)) scope.refuseName(at, `${name} has no state`, text, states);
        return (view) => view.inState(actor, text);
      }
      case 'has': {
        const actor = this.actor(statement.left);
        const { text, at } = statement.tag;
        const tags: readonly string[] = scope.instance.design.system.spec.tags;
        if (!tags.includes(text)) scope.refuseName(at, 'there is no tag', text, tags);
        return (view) => view.is[text]?.of(actor) === true;
      }
      case 'contains':
        return this.contains(statement.left, statement.right);
      default:
        return this.compare(statement.left, statement.operator, statement.right);
    }
  }

  private truth(value: Value): Test {
    const resolved = this.resolve(value);
    if (resolved.kind === 'bit') return resolved.read;
    const remedies: Readonly<Record<Resolved['kind'], string>> = {
      bit: '',
      number: 'compare it: == 1',
      actor: 'say what it does: in a state, has a tag, or == another actor',
      bitmap: 'ask for a bit, [0], or compare it: != 0',
      queue: 'ask for its length: count(...) > 0',
      list: 'ask for a cell',
      mail: 'ask for an actor',
    };
    const what = resolved.kind === 'actor' ? 'an actor' : `a ${resolved.kind}`;
    return this.scope.refuse(value.at, `this is ${what}, neither true nor false`, remedies[resolved.kind]);
  }

  private contains(left: Value, right: Value): Test {
    const { scope } = this;
    const container = this.resolve(left);
    if (container.kind !== 'bitmap' && container.kind !== 'queue') {
      return scope.refuse(left.at, 'this contains nothing', 'name a set of actors, a bitmap or a queue');
    }
    const member = this.resolve(right);
    const has = (view: StateView, value: number): boolean => container.read(view).has(value);
    if (container.cell.names) return testOf(memberOf(member, right.at, scope), has);
    if (member.kind !== 'number') return scope.refuse(right.at, 'this is no number', 'give a number');
    return testOf(member.read, has);
  }

  private compare(left: Value, operator: Operator, right: Value): Test {
    const { scope } = this;
    const one = this.resolve(left);
    const other = this.resolve(right);
    if (one.kind === 'actor' || other.kind === 'actor') {
      const [odd, at] = one.kind === 'actor' ? [other, right.at] : [one, left.at];
      if (odd.kind !== 'actor') scope.refuse(at, 'this is no actor', 'compare an actor with an actor, or with nobody');
      if (operator !== '==' && operator !== '!=')
        scope.refuse(at, 'actors have no order', 'compare them with == or !=');
    }
    const reads = [this.number(one, left.at), this.number(other, right.at)] as const;
    if (left.type === 'integer' && right.type === 'integer') {
      scope.refuse({ start: left.at.start, end: right.at.end }, 'this reads nothing of the state', 'name a cell');
    }
    this.refuseBeyond(one, right);
    this.refuseBeyond(other, left);
    const holds = comparisons[operator];
    return (view) => {
      const [a, b] = [reads[0](view), reads[1](view)];
      return !Number.isNaN(a) && !Number.isNaN(b) && holds(a, b);
    };
  }

  /** Refuses a constant that a value never reaches: a search would answer that no state has it. */
  private refuseBeyond(value: Resolved, constant: Value): void {
    const max = maxOf(value);
    if (constant.type !== 'integer' || max === undefined || constant.value <= max) return;
    this.scope.refuse(constant.at, `the value is 0 to ${max}`, `compare it with a number up to ${max}`);
  }

  /** Returns what reads a value as a number: a bit is 0 or 1, and bit 0 of a bitmap is its lowest. */
  private number(resolved: Resolved, at: Range): (view: StateView) => number {
    if (resolved.kind === 'number' || resolved.kind === 'actor') return resolved.read;
    if (resolved.kind === 'bit') return (view) => Number(resolved.read(view));
    if (resolved.kind === 'bitmap' && resolved.cell.bits <= 32) return (view) => wordOf(resolved.read(view));
    const remedy = resolved.kind === 'bitmap' ? 'ask for a bit, [0], or for count(...)' : 'ask for count(...)';
    return this.scope.refuse(at, 'this is no number', remedy);
  }

  /** Returns the id of the actor that a value names. */
  private actor(value: Value): number {
    const name = value.type === 'path' && value.names.length === 1 && value.indexes.length === 0 ? value.names[0] : '';
    const actor = this.scope.actorOf(name);
    if (actor !== undefined) return actor;
    this.resolve(value);
    return this.scope.refuse(value.at, 'this is no name of an actor', 'begin with an actor: vcpu0 in ...');
  }

  private resolve(value: Value): Resolved {
    if (value.type === 'integer') return { kind: 'number', read: () => value.value };
    if (value.type === 'path') return resolvePath(value, this.scope, (index) => this.resolve(index));
    return { kind: 'number', read: this.count(value.of) };
  }

  /** Counts the set bits of a bitmap, the values of a queue, or the actors of a role of which a statement is true. */
  private count(of: Statement): (view: StateView) => number {
    const { scope } = this;
    const head = headOf(of);
    const isRole = scope.roles.has(head.text) && scope.actorOf(head.text) === undefined;
    if (of.type !== 'truth' || isRole) {
      const each = this.forEach(head.text, head.at, () => this.statement(of));
      return (view) => each.filter((test) => test(view)).length;
    }
    const resolved = this.resolve(of.of);
    if (resolved.kind === 'bitmap' || resolved.kind === 'queue') return (view) => resolved.read(view).count();
    return scope.refuse(of.of.at, 'there is nothing to count', 'name a bitmap, a queue or a role: vcpu in ...');
  }
}

/** Returns the name that a statement begins with: that of a role, where actors are counted. */
function headOf(statement: Statement): { readonly text: string; readonly at: Range } {
  const value = statement.type === 'truth' ? statement.of : statement.left;
  if (value.type !== 'path') return { text: '', at: value.at };
  const [text] = value.names;
  return { text, at: { start: value.at.start, end: value.at.start + text.length } };
}

/** Returns the largest number that a value can be; undefined if it is not known. */
function maxOf(value: Resolved): number | undefined {
  if (value.kind === 'bit') return 1;
  if (value.kind === 'bitmap') return 2 ** value.cell.bits - 1;
  return value.kind === 'number' ? value.max : undefined;
}

/** Returns the bits of a bitmap of at most 32 bits as a number. */
function wordOf(bitmap: Bitmap): number {
  let value = 0;
  for (let bit = bitmap.first(); bit >= 0; bit = bit + 1 < bitmap.bits ? bitmap.first(bit + 1) : -1) value += 2 ** bit;
  return value;
}

const comparisons: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
};
