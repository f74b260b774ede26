import type { CellReference, Expression, Operand } from './specification.ts';
import type { System } from './system.ts';

/** Evaluates expressions. Those of actors and those of properties differ in what they may speak of. */
export abstract class Evaluator {
  constructor(protected readonly system: System) {}

  /** Returns the value of an expression that has no parts. */
  protected abstract leaf(leaf: Extract<Expression, object>): number;
  /** Returns the result of an operation of a cell. */
  protected abstract call(on: CellReference, operation: string, args: readonly Operand[]): number;

  evaluate(expression: Expression): number {
    if (typeof expression === 'number') return expression;
    if ('not' in expression) return this.evaluate(expression.not) === 0 ? 1 : 0;
    if ('nth' in expression) return this.system.actorOf(expression.actor, this.evaluate(expression.nth));
    if ('call' in expression) return this.call(expression.on, expression.call, expression.args);
    if (!('op' in expression)) return this.leaf(expression);
    const { op, left, right } = expression;
    const a = this.evaluate(left);
    if (op === '&&') return a !== 0 && this.evaluate(right) !== 0 ? 1 : 0;
    if (op === '||') return a !== 0 || this.evaluate(right) !== 0 ? 1 : 0;
    const b = this.evaluate(right);
    if (op === '+') return a + b;
    if (op === '-') return a - b;
    if (op === '%') return a % b;
    return (op === '<' ? a < b : a === b) ? 1 : 0;
  }
}
