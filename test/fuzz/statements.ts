import type {
  CellReference,
  CellSpecification,
  CellType,
  EventSpecification,
  Expression,
  Statement,
} from '../reference/specification.ts';
import {
  actorCount,
  anyRead,
  call,
  equals,
  less,
  modulo,
  plus,
  referenceTo,
  type Vocabulary,
  valuesOf,
} from './vocabulary.ts';

/** What the actions of one machine may refer to. */
export interface MachineVocabulary extends Vocabulary {
  readonly events: Readonly<Record<string, EventSpecification>>;
  readonly registers: Readonly<Record<string, CellType>>;
}

const isNumber = ({ type }: CellType): boolean => type === 'bit' || type === 'counter' || type === 'actor';

/** Draws a number from 0 to `size - 1` that an actor knows without memory. */
function anyOwnNumber({ dice, events, registers, messages }: MachineVocabulary, size: number): Expression {
  const fields = [
    ...Object.values(events).flatMap(({ field }) => field ?? []),
    ...Object.values(messages).flatMap((message) => message.fields),
  ];
  const numbers = Object.keys(registers).filter((name) => isNumber(registers[name] as CellType));
  const within = (expression: Expression): Expression => modulo(expression, size);
  return dice.weighted(
    [3, () => dice.below(size)],
    [fields.length > 0 ? 3 : 0, () => within({ field: dice.pick(fields) })],
    [numbers.length > 0 ? 3 : 0, () => within({ my: dice.pick(numbers) })],
    [1, () => within({ id: 'nth' })],
    [1, () => within({ id: 'me' })],
    [1, () => within({ id: 'from' })],
    [numbers.length > 0 ? 1 : 0, () => within(plus({ my: dice.pick(numbers) }, 1))],
  );
}

/** Draws a reference to a cell: to the actor's own one, if there is one of owned memory for each actor. */
function anyReference(vocabulary: MachineVocabulary, spec: CellSpecification): CellReference {
  const isOneForEach = spec.kind === 'owned' && spec.list === actorCount(vocabulary.roles);
  return referenceTo(spec, vocabulary.dice, (size) => (isOneForEach ? { id: 'me' } : anyOwnNumber(vocabulary, size)));
}

/** Draws a truth value that a guard may test. */
export function anyTest(vocabulary: MachineVocabulary): Expression {
  const { dice, cells, registers } = vocabulary;
  const visible = cells.filter(({ kind }) => kind !== 'ghost');
  const names = Object.keys(registers);
  return dice.weighted(
    [
      visible.length > 0 ? 4 : 0,
      () => {
        const spec = dice.pick(visible);
        const on = anyReference(vocabulary, spec);
        return anyRead(on, spec.cell, dice);
      },
    ],
    [names.length > 0 ? 4 : 0, () => testOfRegister(vocabulary, dice.pick(names))],
    [1, () => equals({ id: 'nth' }, dice.below(2))],
    [1, () => equals(anyOwnNumber(vocabulary, 3), dice.below(3))],
    [1, () => equals({ id: 'from' }, { id: 'me' })],
  );
}

function testOfRegister({ dice, registers }: MachineVocabulary, name: string): Expression {
  const type = registers[name] as CellType;
  return isNumber(type)
    ? dice.pick([equals, less])({ my: name }, dice.below(valuesOf(type)))
    : anyRead({ register: name }, type, dice);
}

/** Draws statements that access one cell of memory, or a register. */
export function anyStatements(vocabulary: MachineVocabulary): Statement[] {
  const { dice, cells, registers } = vocabulary;
  const visible = cells.filter(({ kind }) => kind !== 'ghost');
  const names = Object.keys(registers);
  if (visible.length > 0 && (names.length === 0 || dice.chance(75))) {
    const spec = dice.pick(visible);
    return accessTo(vocabulary, anyReference(vocabulary, spec), spec.cell);
  }
  if (names.length === 0) return [{ do: 0 }];
  const name = dice.pick(names);
  const type = registers[name] as CellType;
  if (!isNumber(type)) return accessTo(vocabulary, { register: name }, type);
  const careless = dice.chance(vocabulary.carelessness);
  return [{ set: name, to: careless ? plus({ my: name }, 1) : anyOwnNumber(vocabulary, valuesOf(type)) }];
}

/** Draws an update of ghost memory. */
export function anyGhostStatements(vocabulary: MachineVocabulary): Statement[] {
  const { dice, cells } = vocabulary;
  const ghosts = cells.filter(({ kind }) => kind === 'ghost');
  if (ghosts.length === 0) return [];
  const spec: CellSpecification = dice.pick(ghosts);
  return accessTo({ ...vocabulary, carelessness: 0, registers: {} }, referenceTo(spec, dice), spec.cell);
}

/** Stores a result in a register, if there is one for it. */
function keep({ dice, registers }: MachineVocabulary, result: Expression): Statement {
  const names = Object.keys(registers).filter((name) => isNumber(registers[name] as CellType));
  if (names.length === 0) return { do: result };
  const name = dice.pick(names);
  return { set: name, to: modulo(result, valuesOf(registers[name] as CellType)) };
}

function accessTo(vocabulary: MachineVocabulary, on: CellReference, cell: CellType): Statement[] {
  const { dice, carelessness } = vocabulary;
  const size = valuesOf(cell);
  const number = (): Expression => anyOwnNumber(vocabulary, size);
  const careless = dice.chance(carelessness);
  switch (cell.type) {
    case 'bit':
      return [dice.chance(60) ? { do: call(on, 'set', number()) } : keep(vocabulary, call(on, 'get'))];
    case 'counter':
    case 'actor':
      return dice.weighted<Statement[]>(
        [3, () => [{ do: call(on, 'set', careless ? plus(number(), 1) : number()) }]],
        [2, () => [keep(vocabulary, call(on, 'get'))]],
        [2, () => [keep(vocabulary, call(on, 'xchg', number()))]],
        [2, () => [keep(vocabulary, call(on, 'cmpxchg', number(), number()))]],
        [
          2,
          () => [{ do: call(on, 'set', careless ? plus(call(on, 'get'), 1) : modulo(plus(call(on, 'get'), 1), size)) }],
        ],
        [
          1,
          () => [{ when: less(call(on, 'get'), size - 1), run: [{ do: call(on, 'set', plus(call(on, 'get'), 1)) }] }],
        ],
      );
    case 'queue':
    case 'actorQueue': {
      const push: Statement = { do: call(on, 'push', careless ? plus(number(), 1) : number()) };
      const shift = keep(vocabulary, call(on, 'shift'));
      if (careless) return [dice.chance(50) ? push : shift];
      return dice.weighted<Statement[]>(
        [3, () => [{ when: less(call(on, 'count'), cell.capacity), run: [push] }]],
        [3, () => [{ when: { not: call(on, 'isEmpty') }, run: [shift] }]],
        [1, () => [{ when: { not: call(on, 'isEmpty') }, run: [keep(vocabulary, call(on, 'peek'))] }]],
        [1, () => [{ when: less(0, call(on, 'count')), run: [keep(vocabulary, call(on, 'at', 0))] }]],
      );
    }
    default:
      return bitmapAccess(vocabulary, on, cell, careless ? plus(number(), 1) : number(), careless);
  }
}

function bitmapAccess(
  vocabulary: MachineVocabulary,
  on: CellReference,
  cell: CellType,
  bit: Expression,
  careless: boolean,
): Statement[] {
  const { dice, registers, cells, memoryModel } = vocabulary;
  const bits = valuesOf(cell);
  const perWord = cell.type === 'bitmap' ? cell.bitsPerWord : 32;
  const word = dice.below(Math.ceil(bits / perWord));
  const wordBits = Math.min(perWord, bits - word * perWord, 8);
  const isLike = (other: CellType): boolean => other.type === 'bitmap' && other.bitsPerWord === perWord;
  const likeRegisters = Object.keys(registers).filter(
    (name) => isLike(registers[name] as CellType) && !('register' in on && on.register === name),
  );
  const twins = cells.filter((other) => isLike(other.cell) && valuesOf(other.cell) === bits && other.kind !== 'ghost');
  const register = () => ({ cell: { register: dice.pick(likeRegisters) } });
  return dice.weighted<Statement[]>(
    [4, () => [{ do: call(on, dice.pick(['set', 'clear']), bit) }]],
    [3, () => [keep(vocabulary, call(on, dice.pick(['testAndSet', 'testAndClear', 'has']), bit))]],
    [1, () => [{ do: call(on, 'fill', dice.below(2)) }]],
    [2, () => [{ do: call(on, 'setWord', word, dice.below(2 ** (careless ? 8 : wordBits))) }]],
    [perWord < 32 ? 1 : 0, () => [keep(vocabulary, call(on, 'word', word))]],
    [
      likeRegisters.length > 0 ? 6 : 0,
      () => [
        {
          do: call(
            on,
            dice.pick(['loadWord', 'loadWord', 'xchgWord', 'fetchAndNotWord', 'andNotWord', 'orWord', 'setWord']),
            word,
            register(),
          ),
        },
      ],
    ],
    [
      twins.length > 0 ? 2 : 0,
      () => {
        const other = anyReference(vocabulary, dice.pick(twins));
        return [{ do: call(on, dice.pick(['copyFrom', 'orFrom', 'andNotFrom']), { cell: other }) }];
      },
    ],
    [
      twins.length > 0 ? 1 : 0,
      () => {
        const other = anyReference(vocabulary, dice.pick(twins));
        return [keep(vocabulary, call(on, dice.pick(['contains', 'equals']), { cell: other }))];
      },
    ],
    [memoryModel === 'tso' ? 3 : 0, () => [{ do: call(on, 'setWord', word, dice.below(2)) }]],
  );
}

/** Draws a message to some actor. */
export function anySend(vocabulary: MachineVocabulary, type: string, receivers: readonly string[]): Statement {
  const { dice, messages, roles, carelessness } = vocabulary;
  const role = dice.pick(receivers);
  const count = roles.find(({ name }) => name === role)?.count;
  const size = count === 'one' ? 1 : (count ?? 1);
  const receiver = (): Expression => ({ actor: role, nth: anyOwnNumber(vocabulary, size) });
  const to = dice.chance(carelessness / 4) ? plus(actorCount(roles), 0) : receiver();
  const fields = (messages[type]?.fields ?? []).map((field) => [field, anyOwnNumber(vocabulary, 3)] as const);
  return { send: type, to, fields: Object.fromEntries(fields) };
}
