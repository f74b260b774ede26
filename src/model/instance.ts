import type { AnyStateNode } from 'xstate';
import type { Recorder } from './access-recording.ts';
import { type ActorSpec, actorIdsByRole, listActors } from './actor-list.ts';
import type { Bitmap } from './bitmap.ts';
import { actorSet, type Cell, type CellSpec, type Counter, index } from './cells.ts';
import { type AnyDesign, resolveParams } from './design.ts';
import { ModelFault, PrecopyError } from './errors.ts';
import type { Machine } from './machine.ts';
import type { Messages, Send } from './messages.ts';
import { propertiesAt } from './property.ts';
import { type RegistersClass, registersClass } from './register-file.ts';
import { type PlacedCell, StateBuilder } from './state-builder.ts';
import { Layout } from './state-layout.ts';
import { leavesOf, pathOf, tagsOf } from './statechart.ts';
import { placeStoreBuffers, type StoreBuffer, type StoreBuffers } from './store-buffer.ts';
import type { Regions, SystemSpec, SystemTypes } from './system.ts';
import { tagTests } from './tags.ts';

/** A message on its way. */
export interface Envelope {
  readonly type: string;
  readonly from: number;
  readonly to: number;
  readonly fields: Readonly<Record<string, number>>;
}

/** Carries a message: what an envelope tells, without one, as millions are sent. */
type Carry = (type: string, from: number, to: number, fields: Envelope['fields']) => void;

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
  readonly cells: readonly PlacedCell[];
  /** by actor, under TSO: its store buffer; none under sequential consistency */
  readonly storeBuffers: readonly StoreBuffer[];
  /** what properties get: memory as it is, without what store buffers still hold */
  readonly view: Readonly<Record<string, unknown>>;
  /** Says who carries the messages that actions send. */
  setTransport(carry: Carry): void;
  /** Puts every cell to its declared initial value. The actors are started by whoever runs them. */
  reset(): void;
}

/**
 * Lays out a design at the given parameters.
 * @param record gets every access of actions and guards to memory and registers; without it nothing is recorded and nothing slows down
 * @param layout says where cells are in the state: packed, unless told
 * @throws PrecopyError `BAD_PARAMETER` for a size out of range, `BAD_DESIGN` for a role without a machine
 */
export function instantiate(
  design: AnyDesign,
  overrides: Readonly<Record<string, number>> = {},
  record?: Recorder,
  layout: Layout = new Layout(),
): Instance {
  const params = resolveParams(design, overrides);
  const { memory, messages, actors: roles, tags }: SystemSpec<SystemTypes> = design.system.spec;
  const cast = listActors(design, params);
  const placement = new StateBuilder(
    cast.map(({ name }) => name),
    record,
    layout,
  );
  const stage = cast.map((part) => placeActor(part, params, cast.length, messages, placement));
  const declared = memory(params);
  const regions = placeRegions(declared, placement);
  const carry: Carry = (type, from, to, fields) => transport.carry(type, from, to, fields);
  const makeStoreBuffers =
    design.memoryModel === 'tso' &&
    placeStoreBuffers(
      {
        actors: cast.map(({ name }) => name),
        capacity: params['storeBuffer'],
        shared: sharedCellsOf(declared, regions),
        messages: Object.keys(messages).filter((type) => messages[type]?.ordering === 'store'),
        carry: (type, from, to) => carry(type, from, to, noFields),
        record,
      },
      placement,
    );
  const state = placement.build();
  const storeBuffers = makeStoreBuffers ? makeStoreBuffers() : undefined;

  const numbers = actorIdsByRole(roles, cast);
  const transport: { carry: Carry } = {
    carry: (type) => {
      throw new PrecopyError('INTERNAL', `nobody carries the message ${type}`, 'please report this');
    },
  };
  const seenByAll = cellsOf(regions, ({ observed }) => observed);
  const seenBy = (actor: number, buffers: StoreBuffers): Record<string, unknown> =>
    cellsOf(regions, ({ plain, observed, region }) =>
      region === 'shared' ? placement.see(buffers.see(actor, plain), region) : observed,
    );
  const classes = new Map<string, RegistersClass>();
  const actors = stage.map((placed, number): ActorInstance => {
    const { name, role, nth, machine } = cast[number];
    const registers = mapValues(placed.registers, (at) => at());
    const Registers = classes.get(role) ?? registersClass(mapValues(registers, ({ plain }) => plain));
    classes.set(role, Registers);
    return {
      number,
      name,
      role,
      machine,
      leaves: placed.leaves.map(pathOf),
      location: placed.location().plain,
      mailbox: mapValues(placed.mailbox, (at) => at().plain),
      domains: mapValues(machine.definition.events, (event) => event.size?.(params) ?? 1),
      // not with a spread: V8 gives what that makes a shape of its own each time
      context: Object.assign({}, storeBuffers ? seenBy(number, storeBuffers) : seenByAll, {
        my: new Registers(Object.values(registers).map(({ observed }) => observed)),
        me: number,
        nth,
        params,
        actors: numbers,
        send: sender(number, cast.length, carry, storeBuffers && { messages, buffers: storeBuffers }),
        barrier: () => storeBuffers?.all[number]?.drain(),
      }),
    };
  });
  const is = tagTests(
    tags,
    stage.map(({ location, leaves }) => ({ location: location().plain, tags: leaves.map(tagsOf) })),
  );
  const instance: Instance = {
    design: { ...design, properties: propertiesAt(design.properties, params) },
    params,
    messages,
    state,
    actors,
    cells: placement.cells,
    storeBuffers: storeBuffers?.all ?? [],
    view: {
      ...cellsOf(regions, ({ plain }) => plain),
      is,
      posted: mapValues(messages, (_, type) => ({
        waitsFor: (actor: number) => actors[actor]?.mailbox[type]?.isEmpty() === false,
      })),
      actors: numbers,
      params,
      storesAreDrained: () => storeBuffers?.all.every((buffer) => buffer.isEmpty()) ?? true,
    },
    setTransport: (carry) => {
      transport.carry = carry;
    },
    reset: () => {
      for (const { plain } of placement.cells) plain.reset();
    },
  };
  instance.reset();
  return instance;
}

type Place<C extends Cell = Cell> = () => PlacedCell<C>;

interface PlacedActor {
  readonly leaves: readonly AnyStateNode[];
  readonly location: Place<Counter>;
  readonly registers: Readonly<Record<string, Place>>;
  readonly mailbox: Readonly<Record<string, Place<Bitmap>>>;
}

function placeActor(
  { name, machine }: ActorSpec,
  params: Readonly<Record<string, number>>,
  actors: number,
  messages: Messages,
  placement: StateBuilder,
): PlacedActor {
  const leaves = leavesOf(machine.statechart);
  const received = Object.keys(messages).filter(
    (type) => messages[type]?.delivery === 'posted' && machine.statechart.events.includes(type),
  );
  return {
    leaves,
    location: placement.place(name, 'control', index(leaves.length)),
    registers: mapValues(machine.definition.registers(params), (cell, register) =>
      placement.place(`${name}.${register}`, 'register', cell),
    ),
    mailbox: Object.fromEntries(
      received.map((type) => [type, placement.place(`${name}.mailbox.${type}`, 'control', actorSet(actors))]),
    ),
  };
}

type PlacedRegions = Readonly<Record<string, Readonly<Record<string, Place | readonly Place[]>>>>;

function placeRegions(regions: Regions, placement: StateBuilder): PlacedRegions {
  return mapValues(regions, ({ region, cells }, regionName) =>
    mapValues(cells, (cell, cellName) => {
      const name = `${regionName}.${cellName}`;
      return isList(cell)
        ? cell.map((one, n) => placement.place(`${name}[${n}]`, region, one))
        : placement.place(name, region, cell);
    }),
  );
}

function isList(cell: CellSpec | readonly CellSpec[]): cell is readonly CellSpec[] {
  return Array.isArray(cell);
}

/** Memory as actions or properties reach it: by name, and lists by number. */
function cellsOf(regions: PlacedRegions, pick: (cell: PlacedCell) => Cell): Record<string, unknown> {
  return mapValues(regions, (cells) =>
    mapValues(cells, (at, name) =>
      typeof at === 'function'
        ? pick(at())
        : list(
            name,
            at.map((one) => pick(one())),
          ),
    ),
  );
}

function list(name: string, cells: readonly Cell[]): (n: number) => Cell {
  return (n) => {
    const cell = cells[n];
    if (cell === undefined) return noCell(name, cells.length, n);
    return cell;
  };
}

function noCell(name: string, count: number, n: number): never {
  throw new ModelFault(`${name} has 0 to ${count - 1}, not ${n}`);
}

const noFields = Object.freeze({});

function sender(
  from: number,
  actors: number,
  carry: Carry,
  tso: { readonly messages: Messages; readonly buffers: StoreBuffers } | undefined,
): Send<Messages> {
  if (tso === undefined) {
    return (type: string, to: number, fields: Envelope['fields'] = noFields) => {
      if (!(to >= 0 && to < actors)) nobodyThere(type, to, actors);
      carry(type, from, to, fields);
    };
  }
  const { messages, buffers } = tso;
  return (type: string, to: number, fields: Envelope['fields'] = noFields) => {
    if (!(to >= 0 && to < actors)) nobodyThere(type, to, actors);
    const ordering = messages[type]?.ordering;
    if (ordering === 'store') return buffers.send(type, from, to);
    if (ordering === 'barrier') buffers.all[from]?.drain();
    carry(type, from, to, fields);
  };
}

function nobodyThere(type: string, to: number, actors: number): never {
  throw new ModelFault(`${type} is sent to actor ${to}, and there are ${actors}`);
}

/** The cells of shared memory, in the order in which they were placed. */
function sharedCellsOf(declared: Regions, placed: PlacedRegions): { spec: CellSpec; at: Place }[] {
  return Object.entries(declared).flatMap(([name, { region, cells }]) =>
    region !== 'shared'
      ? []
      : Object.entries(cells).flatMap(([cell, spec]) => {
          const places = [placed[name]?.[cell] as Place | readonly Place[]].flat() as Place[];
          return places.map((at, n) => ({ spec: isList(spec) ? spec[n] : spec, at }));
        }),
  );
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, map: (value: V, key: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

/** What a message is called when its receiver has no transition for it. */
export function unexpected({ type, from, to }: Envelope, { actors }: Instance): string {
  const receiver = actors[to];
  return `${receiver.name} gets ${type} from ${actors[from]?.name} in '${receiver.leaves[receiver.location.get()]}', where nothing takes it`;
}
