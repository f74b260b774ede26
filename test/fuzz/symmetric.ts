import type {
  CellSpecification,
  CellType,
  Expression,
  MachineSpecification,
  MessageSpecification,
  Specification,
  Statement,
  StateSpecification,
  SymmetrySpecification,
  TransitionSpecification,
} from '../reference/specification.ts';
import { anyChart } from './charts.ts';
import type { Dice } from './random.ts';
import { call, equals, less, modulo, plus } from './vocabulary.ts';

/** What a system of interchangeable processes is built from. */
interface Shape {
  readonly dice: Dice;
  /** number of processes */
  readonly count: number;
  readonly hasBoss: boolean;
  readonly isSmall: boolean;
  readonly cells: readonly CellSpecification[];
  readonly messages: Readonly<Record<string, MessageSpecification>>;
}

/** Generates a system of interchangeable processes: now and then with a declaration that leaves something out. */
export function anySymmetricSystem(dice: Dice): Specification {
  const count = dice.pick([2, 2, 3, 3, 3, 4, 5, 9, 10, 11]);
  const isSmall = count > 3;
  const hasBoss = !isSmall && dice.chance(60);
  const total = count + (hasBoss ? 1 : 0);
  const kinds = count > 5 || dice.chance(30) ? kindsOf(dice, count) : undefined;
  const shape: Shape = {
    dice,
    count,
    hasBoss,
    isSmall,
    cells: cellsOf(dice, count, total, isSmall),
    messages: hasBoss
      ? {
          ASK: { delivery: dice.pick(['rendezvous', 'posted'] as const), fields: [], ordering: 'barrier' },
          GRANT: { delivery: dice.pick(['rendezvous', 'posted'] as const), fields: [], ordering: 'barrier' },
        }
      : {},
  };
  const machines = { process: processMachine(shape, kinds), ...(hasBoss && { chief: bossMachine(shape, total) }) };
  const bossFirst = dice.chance(50);
  const process = { name: 'p', count, machine: 'process' };
  const boss = hasBoss ? [{ name: 'boss', count: 'one' as const, machine: 'chief' }] : [];
  const roles = bossFirst ? [...boss, process] : [process, ...boss];
  const base = { memoryModel: 'sc' as const, tags: ['t0', 't1'], cells: shape.cells, messages: shape.messages, roles };
  return { ...base, storeBuffer: 1, machines, symmetry: declarationOf(shape, kinds), properties: [] };
}

/** Draws the kinds of processes such that the groups of equal kind are small. */
function kindsOf(dice: Dice, count: number): number[] {
  const size = dice.between(1, 3);
  const offset = dice.below(count);
  return Array.from({ length: count }, (_, n) => ((n - offset + count) % count < size ? 0 : n + 1));
}

function cellsOf(dice: Dice, count: number, total: number, isSmall: boolean): CellSpecification[] {
  const small: CellType = dice.pick([
    { type: 'bit', initial: 0 },
    { type: 'counter', max: 2, initial: 0 },
  ] as const);
  const all: CellSpecification[] = [
    { region: 'm', kind: 'shared', name: 'flag', list: count + dice.below(2), cell: small },
    {
      region: 'm',
      kind: 'shared',
      name: 'bits',
      cell: { type: 'bitmap', bits: count, bitsPerWord: 32, initial: dice.pick(['clear', 'set']) },
    },
    { region: 'm', kind: 'shared', name: 'set', cell: { type: 'actorSet', actors: total, initial: 'clear' } },
    { region: 'm', kind: 'shared', name: 'c', cell: { type: 'counter', max: dice.between(1, 3), initial: 0 } },
  ];
  return isSmall && count > 5 ? [all[3] as CellSpecification] : all.filter(() => dice.chance(isSmall ? 35 : 60));
}

/** Draws statements that treat processes alike; `nth` is the index of a process, `id` its id. */
function alike({ dice, cells, count }: Shape, nth: Expression, id: Expression): Statement[][] {
  return cells.flatMap(({ name, cell, list }): Statement[][] => {
    const on = { region: 'm', name, ...(list !== undefined && { index: nth }) };
    if (name === 'flag') {
      const size = cell.type === 'bit' ? 2 : 3;
      return [
        [{ do: call(on, 'set', dice.below(size)) }],
        [{ do: call(on, 'set', modulo(plus(call(on, 'get'), 1), size)) }],
      ];
    }
    if (name === 'bits')
      return [
        [{ do: call(on, dice.pick(['set', 'clear', 'testAndSet']), nth) }],
        [{ do: call(on, 'fill', dice.below(2)) }],
      ];
    if (name === 'set') return [[{ do: call(on, dice.pick(['set', 'clear']), id) }]];
    const max = (cell as { max: number }).max;
    const next = dice.chance(85) ? modulo(plus(call(on, 'get'), 1), max + 1) : plus(call(on, 'get'), 1);
    return [[{ do: call(on, 'set', next) }], [{ do: call(on, 'set', dice.below(max + 1)) }], [{ do: count }]];
  });
}

function testsOf({ dice, cells }: Shape): Expression[] {
  const nth: Expression = { id: 'nth' };
  return cells.flatMap(({ name, list, cell }): Expression[] => {
    const on = { region: 'm', name, ...(list !== undefined && { index: nth }) };
    if (name === 'flag') return [equals(call(on, 'get'), dice.below(2))];
    if (name === 'bits') return [call(on, 'has', nth), call(on, 'isEmpty')];
    if (name === 'set') return [call(on, 'has', { id: 'me' }), less(call(on, 'count'), 2)];
    return [less(call(on, 'get'), dice.between(1, (cell as { max: number }).max))];
  });
}

function processMachine(shape: Shape, kinds: readonly number[] | undefined): MachineSpecification {
  const { dice, hasBoss, isSmall, count } = shape;
  const actions: Record<string, readonly Statement[]> = {};
  const statements = alike(shape, { id: 'nth' }, { id: 'me' });
  const quiet: string[] = [];
  const add = (list: string[], one: readonly Statement[]): void => {
    const name = `a${Object.keys(actions).length}`;
    actions[name] = one;
    list.push(name);
  };
  for (let n = dice.between(1, 3); n > 0; n--) add(quiet, statements.length > 0 ? dice.pick(statements) : [{ do: 0 }]);
  if (!isSmall) add(quiet, [{ set: 'r', to: modulo(plus({ my: 'r' }, 1), 2) }]);
  // Now and then a process looks at its neighbour, which a permutation does not keep.
  if (dice.chance(6) && shape.cells.some(({ name }) => name === 'flag')) {
    add(quiet, alike(shape, modulo(plus({ id: 'nth' }, 1), count), { id: 'me' })[0] ?? [{ do: 0 }]);
  }
  const loud: string[] = [];
  if (hasBoss) add(loud, [{ send: 'ASK', to: { actor: 'boss', nth: 0 }, fields: {} }]);
  const tests = testsOf(shape);
  const guards: Record<string, Expression> = { g0: tests.length > 0 ? dice.pick(tests) : 1, g1: { not: 0 } };
  if (!isSmall) guards['g2'] = equals({ my: 'r' }, 0);
  if (kinds)
    guards['g3'] = equals(
      { id: 'nth' },
      Math.max(
        0,
        kinds.findIndex((kind) => kind !== 0),
      ),
    );
  const chart = anyChart({
    dice,
    own: ['STEP'],
    received: hasBoss ? ['GRANT'] : [],
    actions: loud,
    quiet,
    guards: Object.keys(guards),
    tags: ['t0', 't1'],
    levels: isSmall ? 1 : 2,
    width: 2,
    receptiveness: 100,
    eventless: isSmall ? 0 : 10,
    coarseness: dice.pick([100, 100, 100, 50]),
    acyclic: false,
  });
  const registers: Record<string, CellType> = isSmall ? {} : { r: { type: 'counter', max: 1, initial: 0 } };
  return { events: { STEP: {} }, registers, actions, ghost: {}, guards, ...chart };
}

/** A boss that serves one process at a time, or those of a queue, and picks processes by itself. */
function bossMachine(shape: Shape, total: number): MachineSpecification {
  const { dice, count } = shape;
  const who = { my: 'who' };
  const line = { register: 'line' };
  const isFree = less(call(line, 'count'), 2);
  const picked = alike(shape, { field: 'which' }, { actor: 'p', nth: { field: 'which' } });
  const actions: Record<string, readonly Statement[]> = {
    note: [{ set: 'who', to: { id: 'from' } }],
    grant: [
      { send: 'GRANT', to: who, fields: {} },
      { set: 'who', to: { id: 'nobody' } },
    ],
    enqueue: [{ when: isFree, run: [{ do: call(line, 'push', { id: 'from' }) }] }],
    serve: [{ when: { not: call(line, 'isEmpty') }, run: [{ send: 'GRANT', to: call(line, 'shift'), fields: {} }] }],
    touch: picked.length > 0 ? dice.pick(picked) : [{ do: 0 }],
    grantPicked: [{ send: 'GRANT', to: { actor: 'p', nth: { field: 'which' } }, fields: {} }],
  };
  const to = (target: string | undefined, ...names: string[]): TransitionSpecification[] => [
    { ...(target && { target }), actions: names, coarse: true },
  ];
  const usesPick = dice.chance(50);
  const pick: StateSpecification['on'] = usesPick
    ? { PICK: to(undefined, dice.pick(['touch', 'touch', 'grantPicked'])) }
    : {};
  const state = (tags: string[], on: StateSpecification['on']): StateSpecification => ({
    tags,
    entry: [],
    exit: [],
    on,
    always: [],
  });
  return {
    events: { SERVE: {}, ...(usesPick && { PICK: { field: 'which', size: count } }) },
    registers: {
      who: { type: 'actor', actors: total },
      line: { type: 'actorQueue', capacity: 2, actors: total },
    },
    actions,
    ghost: {},
    guards: {},
    initial: 'idle',
    states: {
      idle: state([], { ASK: to('busy', 'note'), SERVE: to(undefined, 'serve'), ...pick }),
      busy: state(['t1'], { ASK: to(undefined, 'enqueue'), SERVE: to('idle', 'grant') }),
    },
  };
}

function declarationOf({ dice, hasBoss, cells }: Shape, kinds: readonly number[] | undefined): SymmetrySpecification {
  const names = cells.map(({ name }) => name);
  const some = (all: readonly string[]): string[] =>
    all.filter((name) => names.includes(name.slice(2)) && !dice.chance(3));
  return {
    role: 'p',
    ...(kinds && { kinds }),
    perProcess: some(['m.flag', 'm.bits']),
    processSets: some(['m.set']),
    processIds: hasBoss && !dice.chance(3) ? { 'boss.who': ['busy'], 'boss.line': ['idle', 'busy'] } : {},
    payloads: dice.chance(97) ? ['which'] : [],
  };
}
