import { buildGraph, type Graph } from '../reference/graph.ts';
import type {
  CellSpecification,
  CellType,
  EventSpecification,
  MachineSpecification,
  MessageSpecification,
  RoleSpecification,
  Specification,
  Statement,
} from '../reference/specification.ts';
import { System } from '../reference/system.ts';
import { anyChart } from './charts.ts';
import { anyLeadsTo, anySafetyProperties } from './properties.ts';
import { Dice } from './random.ts';
import { anyGhostStatements, anySend, anyStatements, anyTest, type MachineVocabulary } from './statements.ts';
import { anySymmetricSystem } from './symmetric.ts';
import { actorCount, type Vocabulary } from './vocabulary.ts';

/** The kinds of systems that are generated: each goes to other corners. */
export const kinds = ['plain', 'charts', 'wide', 'tso', 'ending', 'liveness', 'symmetric'] as const;
export type Kind = (typeof kinds)[number];

/** A generated system, with all its states. */
export interface Sample {
  readonly kind: Kind;
  readonly seed: number;
  readonly specification: Specification;
  readonly graph: Graph;
}

const maxAttempts = 12;

/**
 * Generates a system with at most `maxStates` states. Equal seeds give equal systems. Systems in which little happens
 * are drawn again, as a rule.
 * @returns undefined if too many attempts were too large
 */
export function generate(kind: Kind, seed: number, maxStates: number): Sample | undefined {
  const dice = new Dice(seed);
  let best: Sample | undefined;
  for (let n = 0; n < maxAttempts; n++) {
    const specification = kind === 'symmetric' ? anySymmetricSystem(dice) : anySystem(kind, dice);
    const graph = buildGraph(new System(specification), maxStates);
    if (graph === undefined) continue;
    best = { kind, seed, specification, graph };
    if (graph.nodes.length >= 8 || dice.chance(4)) break;
  }
  if (best === undefined) return undefined;
  const properties = [
    ...anySafetyProperties(dice, best.graph),
    ...(kind === 'liveness' ? anyLeadsTo(dice, best.graph) : []),
  ];
  return { ...best, specification: { ...best.specification, properties } };
}

function anySystem(kind: Exclude<Kind, 'symmetric'>, dice: Dice): Specification {
  const memoryModel = kind === 'tso' || (kind === 'liveness' && dice.chance(15)) ? 'tso' : 'sc';
  const names = dice.times(dice.pick(kind === 'charts' ? [1, 1, 2] : [1, 2, 2, 3]), (n) => `p${n}`);
  const roles = names.map((name, n): RoleSpecification => {
    const sharesMachine = n > 0 && dice.chance(15);
    const count = sharesMachine ? dice.between(1, 2) : dice.pick(['one', 'one', 1, 2, 2] as const);
    return { name, count, machine: sharesMachine ? 'machine0' : `machine${n}` };
  });
  const actors = actorCount(roles);
  const messages = anyMessages(dice, memoryModel);
  const vocabulary: Vocabulary = {
    dice,
    cells: anyCells(kind, dice, actors),
    messages,
    roles,
    tags: dice.times(dice.between(1, 3), (n) => `t${n}`),
    memoryModel,
    carelessness: dice.pick([0, 0, 0, 5, 25]),
  };
  const receivers = new Map(
    Object.keys(messages).map((type) => {
      const some = roles.filter(() => dice.chance(60));
      return [type, (some.length > 0 ? some : roles).map(({ name }) => name)] as const;
    }),
  );
  const machines: Record<string, MachineSpecification> = {};
  for (const [n, { machine }] of roles.entries()) {
    const sharing = roles.filter((role) => role.machine === machine).map(({ name }) => name);
    const received = [...receivers].filter(([, some]) => some.some((role) => sharing.includes(role)));
    machines[machine] ??= anyMachine(kind, n, { received: received.map(([type]) => type), receivers }, vocabulary);
  }
  const { cells, tags } = vocabulary;
  return {
    memoryModel,
    storeBuffer: dice.between(1, 3),
    tags,
    cells,
    messages,
    roles,
    machines,
    properties: [],
  };
}

function anyMessages(dice: Dice, memoryModel: Specification['memoryModel']): Record<string, MessageSpecification> {
  const messages: Record<string, MessageSpecification> = {};
  for (let n = dice.pick([0, 1, 1, 2]); n > 0; n--) {
    const delivery = dice.chance(50) ? 'posted' : 'rendezvous';
    const fields = delivery === 'rendezvous' && dice.chance(40) ? dice.pick([['x'], ['x', 'y']]) : [];
    const ordering = dice.weighted<MessageSpecification['ordering']>(
      [3, () => 'barrier'],
      [fields.length === 0 && memoryModel === 'tso' ? 3 : 0, () => 'store'],
      [1, () => 'call'],
    );
    messages[`${delivery === 'posted' ? 'POST' : 'ASK'}${n}`] = { delivery, fields, ordering };
  }
  return messages;
}

function anyCells(kind: Kind, dice: Dice, actors: number): CellSpecification[] {
  const isWide = kind === 'wide';
  const cells = dice.times(dice.between(1, isWide ? 3 : 4), (n): CellSpecification => {
    const region = dice.pick(['m', 'm', 'm', 'own', 'ghost'] as const);
    return {
      region,
      kind: region === 'm' ? 'shared' : region === 'own' ? 'owned' : 'ghost',
      name: `c${n}`,
      ...(region === 'own' && dice.chance(80) ? { list: actors } : dice.chance(20) && { list: dice.between(1, 3) }),
      cell: isWide && dice.chance(60) ? anyWideCell(dice) : anyCell(dice, actors),
    };
  });
  const first = cells.find(({ cell }) => cell.type === 'bitmap');
  if (first && dice.chance(40)) cells.push({ ...first, name: 'twin' });
  return cells.filter(({ region }) => region !== 'ghost').length > 0
    ? cells
    : [...cells, { region: 'm', kind: 'shared', name: 'x', cell: { type: 'bit', initial: 0 } }];
}

function anyCell(dice: Dice, actors: number): CellType {
  return dice.weighted<CellType>(
    [3, () => ({ type: 'bit', initial: dice.chance(20) ? 1 : 0 })],
    [3, () => anyCounter(dice, dice.between(1, 3))],
    [1, () => ({ type: 'actor', actors: dice.between(1, actors) })],
    [3, () => anyBitmap(dice, dice.between(1, 4), dice.pick([1, 2, 3, 4, 32]))],
    [1, () => ({ type: 'actorSet', actors, initial: dice.pick(['clear', 'set']) })],
    [1, () => ({ type: 'queue', capacity: dice.between(1, 2), size: dice.between(1, 3) })],
    [1, () => ({ type: 'actorQueue', capacity: dice.between(1, 2), actors })],
  );
}

const anyCounter = (dice: Dice, max: number): CellType => ({
  type: 'counter',
  max,
  initial: dice.chance(20) ? dice.between(0, Math.min(max, 3)) : 0,
});

const anyBitmap = (dice: Dice, bits: number, bitsPerWord: number): CellType => ({
  type: 'bitmap',
  bits,
  bitsPerWord,
  initial: dice.chance(25) ? 'set' : 'clear',
});

/** Draws a cell that fills a word of the state, or more than one. */
function anyWideCell(dice: Dice): CellType {
  return dice.weighted<CellType>(
    [2, () => anyCounter(dice, dice.pick([2 ** 31 - 1, 2 ** 31 - 2, 2 ** 30, 65_535, 255]))],
    [2, () => anyBitmap(dice, dice.between(20, 32), dice.pick([1, 8, 31, 32]))],
    [2, () => anyBitmap(dice, dice.between(33, 70), dice.pick([1, 8, 16, 32, 64]))],
    [1, () => ({ type: 'queue', capacity: 2, size: dice.pick([2 ** 16, 2 ** 31 - 1]) })],
  );
}

function anyMachine(
  kind: Kind,
  n: number,
  messaging: {
    /** types of messages that it takes */
    readonly received: readonly string[];
    /** by type of message: the roles that it is sent to */
    readonly receivers: ReadonlyMap<string, readonly string[]>;
  },
  base: Vocabulary,
): MachineSpecification {
  const { dice, cells, messages } = base;
  const events: Record<string, EventSpecification> = {};
  for (let e = dice.pick([1, 1, 2]); e > 0; e--) {
    events[`E${n}_${e}`] = {
      ...(dice.chance(30) && { field: dice.pick(['x', `z${n}`]), size: dice.between(1, 3) }),
      ...(dice.chance(20) && { optional: true }),
    };
  }
  const registers: Record<string, CellType> = {};
  for (let r = dice.pick([0, 1, 1, 2]); r > 0; r--) {
    registers[`r${r}`] = dice.weighted<CellType>(
      [4, () => anyCounter(dice, dice.between(0, 2))],
      [2, () => ({ type: 'bit', initial: 0 })],
      [1, () => ({ type: 'queue', capacity: 1, size: 2 })],
    );
  }
  const bitmap = cells.map(({ cell }) => cell).find((cell) => cell.type === 'bitmap');
  if (bitmap?.type === 'bitmap' && dice.chance(60)) {
    registers['mask'] = { ...bitmap, bits: Math.min(bitmap.bits, bitmap.bitsPerWord), initial: 'clear' };
  }
  const vocabulary: MachineVocabulary = { ...base, events, registers };
  const actions: Record<string, readonly Statement[]> = {};
  const ghost: Record<string, readonly Statement[]> = {};
  const [quiet, loud]: [string[], string[]] = [[], []];
  const add = (list: string[], statements: readonly Statement[]): void => {
    const name = `a${n}_${Object.keys(actions).length}`;
    actions[name] = statements;
    if (dice.chance(25)) ghost[name] = anyGhostStatements(vocabulary);
    list.push(name);
  };
  for (let a = dice.between(2, 4); a > 0; a--) add(quiet, anyStatements(vocabulary));
  for (const [type, some] of messaging.receivers) {
    const isPosted = messages[type]?.delivery === 'posted';
    if (dice.chance(75)) add(isPosted ? quiet : loud, [anySend(vocabulary, type, some)]);
  }
  if (dice.chance(base.memoryModel === 'tso' ? 50 : 3)) add(quiet, [{ barrier: true }]);
  const guards = Object.fromEntries(dice.times(dice.between(1, 3), (g) => [`g${n}_${g}`, anyTest(vocabulary)]));
  const chart = anyChart({
    dice,
    own: Object.keys(events),
    received: messaging.received,
    actions: loud,
    quiet,
    guards: Object.keys(guards),
    tags: base.tags,
    levels: kind === 'charts' ? 3 : dice.pick([1, 1, 2]),
    width: kind === 'charts' ? 3 : kind === 'ending' ? 4 : dice.between(2, 3),
    receptiveness: dice.pick([100, 100, 95, 60]),
    eventless: kind === 'charts' ? 35 : 15,
    coarseness: dice.pick([100, 100, 100, 50]),
    acyclic: kind === 'ending',
  });
  return { events, registers, actions, ghost, guards, ...chart };
}
