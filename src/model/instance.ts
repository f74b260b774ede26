import { type Bitmap } from './bitmap.ts';
import { actorSet, Bit, type Cell, type CellSpec, Counter, counter } from './cells.ts';
import { type AnyDesign, resolveSizes } from './design.ts';
import { ModelFault, PrecopyError } from './errors.ts';
import type { Machine } from './machine.ts';
import { Layout } from './memory.ts';
import type { Messages } from './messages.ts';
import type { TagTest } from './property.ts';
import { type Recorder, type Region, recorded } from './record.ts';
import { leavesOf, pathOf, tagsOf } from './statechart.ts';
import type { Regions, Roles } from './system.ts';

/** A message on its way. */
export interface Envelope {
  readonly type: string;
  readonly from: number;
  readonly to: number;
  readonly fields: Readonly<Record<string, number>>;
}

/** One actor of a system of a certain size. */
export interface ActorInstance {
  readonly number: number;
  /** `vcpu0`; `mmuLock` where one actor plays the role */
  readonly name: string;
  readonly role: string;
  readonly machine: Machine;
  /** paths of the states that it can be in */
  readonly leaves: readonly string[];
  /** which of them it is in */
  readonly location: Counter;
  /** by message type: the actors whose posted message waits here */
  readonly mailbox: Readonly<Record<string, Bitmap>>;
  /** sizes of the domains of its own events */
  readonly domains: Readonly<Record<string, number>>;
  /** what its actions and guards get */
  readonly context: Readonly<Record<string, unknown>>;
}

/**
 * A design at a certain size: one flat state, and the cells, contexts and view that refer to it. The compiler and the live runtime each
 * make an instance of their own, so what differs between them can only be the order of steps.
 */
export interface Instance {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
  readonly messages: Messages;
  /** the whole state, packed */
  readonly state: Int32Array;
  readonly actors: readonly ActorInstance[];
  /** every cell of memory and every register, by name */
  readonly cells: readonly { readonly cell: Cell; readonly region: Region | 'control' }[];
  /** what properties get */
  readonly view: Readonly<Record<string, unknown>>;
  /** Who carries the messages that actions send. */
  transport: (envelope: Envelope) => void;
  /** Puts every cell to its declared initial value. The actors are started by whoever runs them. */
  reset(): void;
}

interface Placed {
  readonly name: string;
  readonly region: Region | 'control';
  readonly make: (words: Int32Array, name: string) => Cell;
}

/**
 * Lays out a design at the given sizes.
 * @param record gets every access of actions and guards to memory and registers; without it nothing is recorded and nothing slows down
 * @throws PrecopyError `BAD_PARAMETER` for a size out of range, `BAD_DESIGN` for a role without a machine
 */
export function instantiate(
  design: AnyDesign,
  sizes: Readonly<Record<string, number>> = {},
  record?: Recorder,
): Instance {
  const params = resolveSizes(design, sizes);
  const spec = design.system.spec;
  const regions: Regions = spec.memory(params);
  const layout = new Layout();
  const placed: Placed[] = [];
  const place = (name: string, region: Region | 'control', cell: CellSpec): number =>
    placed.push({ name, region, make: cell.place(layout) }) - 1;

  const cast = castOf(design, params);
  const controls = cast.map(({ name, machine }) => {
    const leaves = leavesOf(machine.statechart);
    return { leaves, location: place(name, 'control', counter(Math.max(1, leaves.length - 1))) };
  });
  const regionCells = mapValues(regions, (region, regionName) =>
    mapValues(region.cells, (cell, name) => {
      const path = `${regionName}.${name}`;
      return Array.isArray(cell)
        ? cell.map((one, n) => place(`${path}[${n}]`, region.region, one))
        : place(path, region.region, cell as CellSpec);
    }),
  );
  const registers = cast.map(({ name, machine }) =>
    mapValues(machine.definition.registers(params), (cell, register) => place(`${name}.${register}`, 'register', cell)),
  );
  const mailboxes = cast.map(({ name, machine }) =>
    Object.fromEntries(
      Object.entries(spec.messages as Messages)
        .filter(([type, { delivery }]) => delivery === 'posted' && machine.statechart.events.includes(type))
        .map(([type]) => [type, place(`${name}.mailbox.${type}`, 'control', actorSet(cast.length))]),
    ),
  );

  const state = layout.seal();
  const plain = placed.map(({ make, name }) => make(state, name));
  const seen = plain.map((cell, n) => {
    const region = placed[n]?.region as Region | 'control';
    return record && region !== 'control' ? recorded(cell, region, record) : cell;
  });
  const memory = (cells: readonly Cell[]): Record<string, unknown> =>
    mapValues(regionCells, (names) =>
      mapValues(names, (at, name) => (Array.isArray(at) ? list(at.map((one) => cells[one] as Cell), name) : cells[at as number])),
    );

  const numbers = numbersOf(spec.actors as Roles, cast);
  const instance: Instance = {
    design,
    params,
    messages: spec.messages,
    state,
    actors: [],
    cells: plain.map((cell, n) => ({ cell, region: placed[n]?.region as Region | 'control' })),
    view: {},
    transport: ({ type }) => {
      throw new PrecopyError('INTERNAL', `nobody carries the message ${type}`, 'please report this');
    },
    reset: () => {
      for (const cell of plain) cell.reset();
    },
  };
  const shared = memory(seen);
  const makeRegisters = new Map<string, new (cells: readonly Cell[]) => object>();
  const actors = cast.map(({ name, role, nth, machine }, number): ActorInstance => {
    const fields = registers[number] as Record<string, number>;
    let Registers = makeRegisters.get(role);
    if (!Registers) makeRegisters.set(role, (Registers = registersClass(fields, plain)));
    return {
      number,
      name,
      role,
      machine,
      leaves: (controls[number]?.leaves ?? []).map(pathOf),
      location: plain[controls[number]?.location as number] as Counter,
      mailbox: mapValues(mailboxes[number] ?? {}, (at) => plain[at] as Bitmap),
      domains: mapValues(machine.definition.events, (event) => event.size?.(params) ?? 1),
      context: {
        ...shared,
        my: new Registers(Object.values(fields).map((at) => seen[at] as Cell)),
        me: number,
        nth,
        params,
        actors: numbers,
        send: sender(instance, number, cast.length),
      },
    };
  });
  const tags = tagTests(spec.tags, actors, controls.map(({ leaves }) => leaves.map(tagsOf)));
  const made = instance as { actors: Instance['actors']; view: Instance['view'] };
  made.actors = actors;
  made.view = { ...memory(plain), is: tags, actors: numbers, params };
  instance.reset();
  return instance;
}

function list(cells: readonly Cell[], name: string): (n: number) => Cell {
  return (n) => {
    const cell = cells[n];
    if (cell === undefined) throw new ModelFault(`${name} has 0 to ${cells.length - 1}, not ${n}`);
    return cell;
  };
}

interface Part {
  readonly name: string;
  readonly role: string;
  readonly nth: number;
  readonly machine: Machine;
}

function castOf(design: AnyDesign, params: Readonly<Record<string, number>>): Part[] {
  const roles = design.system.spec.actors as Roles;
  for (const role of Object.keys(design.machines)) {
    if (!(role in roles)) {
      throw new PrecopyError('BAD_DESIGN', `design ${design.id} has a machine for '${role}', which is no role`, 'remove it');
    }
  }
  return Object.entries(roles).flatMap(([role, count]) => {
    const machine = design.machines[role] as Machine | undefined;
    if (!machine) {
      throw new PrecopyError('BAD_DESIGN', `design ${design.id} has no machine for the role '${role}'`, 'add one to machines');
    }
    if (count === 'one') return [{ name: role, role, nth: 0, machine }];
    return Array.from({ length: count(params) }, (_, nth) => ({ name: `${role}${nth}`, role, nth, machine }));
  });
}

function numbersOf(roles: Roles, cast: readonly Part[]): Record<string, number | number[]> {
  return mapValues(roles, (count, role) => {
    const all = cast.flatMap((part, number) => (part.role === role ? [number] : []));
    return count === 'one' ? (all[0] as number) : all;
  });
}

function sender(instance: Instance, from: number, actors: number) {
  const nothing = Object.freeze({});
  return (type: string, to: number, fields: Readonly<Record<string, number>> = nothing): void => {
    if (!(to >= 0 && to < actors)) throw new ModelFault(`${type} is sent to actor ${to}, and there are ${actors}`);
    instance.transport({ type, from, to, fields });
  };
}

/** A class whose properties are the registers: scalars read and write like variables. One class a role, so that V8 sees one shape. */
function registersClass(fields: Readonly<Record<string, number>>, plain: readonly Cell[]): new (cells: readonly Cell[]) => object {
  class Registers {
    constructor(readonly cells: readonly Cell[]) {}
  }
  Object.entries(fields).forEach(([name, at], n) => {
    const scalar = plain[at] instanceof Counter || plain[at] instanceof Bit;
    Object.defineProperty(
      Registers.prototype,
      name,
      scalar
        ? {
            get(this: Registers) {
              return (this.cells[n] as Counter).get();
            },
            set(this: Registers, value: number) {
              (this.cells[n] as Counter).set(value);
            },
          }
        : {
            get(this: Registers) {
              return this.cells[n];
            },
          },
    );
  });
  return Registers;
}

function tagTests(
  tags: readonly string[],
  actors: readonly ActorInstance[],
  leafTags: readonly (readonly Set<string>[])[],
): Record<string, TagTest> {
  return Object.fromEntries(
    tags.map((tag) => {
      const carries = leafTags.map((leaves) => Uint8Array.from(leaves, (set) => (set.has(tag) ? 1 : 0)));
      const of = (actor: number): boolean => carries[actor]?.[(actors[actor] as ActorInstance).location.get()] === 1;
      const carriers = actors.filter((_, actor) => carries[actor]?.includes(1)).map(({ number }) => number);
      const count = (): number => {
        let n = 0;
        for (const actor of carriers) if (of(actor)) n++;
        return n;
      };
      return [tag, { of, count }];
    }),
  );
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, map: (value: V, key: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

/** What a message is called when its receiver has no transition for it. */
export function unexpected({ type, from, to }: Envelope, { actors }: Instance): string {
  const receiver = actors[to] as ActorInstance;
  return `${receiver.name} gets ${type} from ${actors[from]?.name} in '${receiver.leaves[receiver.location.get()]}', where nothing takes it`;
}
