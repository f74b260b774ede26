import type {
  CellReference,
  CellSpecification,
  CellType,
  Expression,
  MessageSpecification,
  Operand,
  RoleSpecification,
  Specification,
} from '../reference/specification.ts';
import type { Dice } from './random.ts';

/** What parts of a system may refer to, and how they are drawn. */
export interface Vocabulary {
  readonly dice: Dice;
  readonly cells: readonly CellSpecification[];
  readonly messages: Readonly<Record<string, MessageSpecification>>;
  readonly roles: readonly RoleSpecification[];
  readonly tags: readonly string[];
  readonly memoryModel: Specification['memoryModel'];
  /** share of actions without regard to ranges, in percent */
  readonly carelessness: number;
}

const value = (expression: Expression): Operand => ({ value: expression });
export const call = (on: CellReference, operation: string, ...args: (Expression | Operand)[]): Expression => ({
  call: operation,
  on,
  args: args.map((arg) =>
    typeof arg === 'object' && ('value' in arg || 'cell' in arg) ? arg : value(arg as Expression),
  ),
});
export const equals = (left: Expression, right: Expression): Expression => ({ op: '===', left, right });
export const less = (left: Expression, right: Expression): Expression => ({ op: '<', left, right });
export const plus = (left: Expression, right: Expression): Expression => ({ op: '+', left, right });
export const modulo = (left: Expression, right: number): Expression => ({ op: '%', left, right });

export const actorCount = (roles: readonly RoleSpecification[]): number =>
  roles.reduce((sum, { count }) => sum + (count === 'one' ? 1 : count), 0);

/** Returns the number of values of a cell that holds a number, or of the entries of one that holds several. */
export function valuesOf(cell: CellType): number {
  switch (cell.type) {
    case 'bit':
      return 2;
    case 'counter':
      return cell.max + 1;
    case 'actor':
      return cell.actors + 1;
    case 'bitmap':
      return cell.bits;
    case 'queue':
      return cell.size;
    default:
      return cell.actors;
  }
}

/** Draws a reference to a cell of memory. The index of a list is drawn by `index`, else it is a constant. */
export function referenceTo(
  { region, name, list }: CellSpecification,
  dice: Dice,
  index: (size: number) => Expression = (size) => dice.below(size),
): CellReference {
  return list === undefined ? { region, name } : { region, name, index: index(list) };
}

/** Draws an expression that reads a cell: a number, or a truth value. It never faults. */
export function anyRead(on: CellReference, cell: CellType, dice: Dice): Expression {
  const entry = (): Expression => dice.below(valuesOf(cell));
  switch (cell.type) {
    case 'bit':
      return call(on, 'get');
    case 'counter':
    case 'actor':
      return dice.chance(50) ? equals(call(on, 'get'), entry()) : less(call(on, 'get'), entry());
    case 'queue':
    case 'actorQueue':
      return dice.weighted(
        [2, () => call(on, 'isEmpty')],
        [1, () => call(on, 'has', entry())],
        [2, () => equals(call(on, 'count'), dice.below(cell.capacity + 1))],
      );
    default: {
      const perWord = cell.type === 'bitmap' ? cell.bitsPerWord : 32;
      const word = dice.below(Math.ceil(valuesOf(cell) / perWord));
      return dice.weighted(
        [4, () => call(on, 'has', entry())],
        [1, () => call(on, 'isEmpty')],
        [1, () => less(call(on, 'count'), dice.between(1, valuesOf(cell)))],
        [1, () => equals(call(on, 'first', dice.below(2) * entryNumber(cell, dice)), dice.between(-1, 2))],
        [1, () => call(on, 'isWordEmpty', word)],
        [perWord < 32 ? 1 : 0, () => equals(call(on, 'word', word), dice.below(4))],
      );
    }
  }
}

const entryNumber = (cell: CellType, dice: Dice): number => dice.below(valuesOf(cell));

/** Draws a Boolean combination. */
export function anyFormula(dice: Dice, atom: () => Expression, depth = 2): Expression {
  if (depth === 0) return atom();
  return dice.weighted(
    [4, atom],
    [1, () => ({ not: anyFormula(dice, atom, depth - 1) })],
    [1, () => ({ op: '&&', left: anyFormula(dice, atom, depth - 1), right: anyFormula(dice, atom, depth - 1) })],
    [1, () => ({ op: '||', left: anyFormula(dice, atom, depth - 1), right: anyFormula(dice, atom, depth - 1) })],
  );
}
