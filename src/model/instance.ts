import type { AnyStateNode } from 'xstate';
import type { Recorder } from './access-recording.ts';
import { type ActorSpec, actorIdsByRole, listActors } from './actor-list.ts';
import type { Bitmap } from './bitmap.ts';
import type { Cell } from './cell.ts';
import { propertiesAt } from './checked-properties.ts';
import type { Counter } from './counter.ts';
import { actorSet, type CellSpec, index } from './declare.ts';
import { type AnyDesign, resolveParams } from './design.ts';
import { ModelFault, PrecopyError } from './errors.ts';
import type { Machine } from './machine.ts';
import type { Messages, Send } from './messages.ts';
import { type RegistersClass, registersClass } from './register-file.ts';
import { type PlacedCell, StateBuilder } from './state-builder.ts';
import { Layout } from './state-layout.ts';
import { leavesOf, pathOf, tagsOf } from './statechart.ts';
import { placeStoreBuffers, type StoreBuffer, type StoreBuffers } from './store-buffer.ts';
import type { SystemSpec } from './system.ts';
import type { Regions, SystemTypes } from './system-types.ts';
import { tagTests } from './tags.ts';

/** A message in transit. */
export interface Envelope {
  readonly type: string;
  readonly from: number;
  readonly to: number;
  readonly fields: Readonly<Record<string, number>>;
}

/** Sends a message. The arguments are those of an envelope, without one: millions of messages are sent. */
type Transport = (type: string, from: number, to: number, fields: Envelope['fields']) => void;

/** An actor of an instance. */
export interface ActorInstance {
  readonly id: number;
  /** `vcpu0`; `mmuLock` in a role of one actor */
  readonly name: string;
  readonly role: string;
  readonly machine: Machine;
  /** paths of its leaf states */
  readonly leaves: readonly string[];
  /** index of the leaf that it is in */
  readonly location: Counter;
  /** by message type: the senders whose posted message is pending */
  readonly mailbox: Readonly<Record<string, Bitmap>>;
  /** by spontaneous event: size of its domain */
  readonly domains: Readonly<Record<string, number>>;
  /** the context of its actions and guards */
  readonly context: Readonly<Record<string, unknown>>;
}

/**
 * A design at given params: one state vector, and the cells, contexts and view that refer to it. Compiler and live
 * runtime instantiate designs by the same code, so they can differ only in how they take steps.
 */
export interface Instance {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
  readonly messages: Messages;
  /** the state vector */
  readonly state: Int32Array;
  readonly actors: readonly ActorInstance[];
  /** all cells, registers included, in the order of builder */
  readonly cells: readonly PlacedCell[];
  /** by actor: its store buffer; empty under sequential consistency */
  readonly storeBuffers: readonly StoreBuffer[];
  /** the view that properties get: memory without buffered stores */
  readonly view: Readonly<Record<string, unknown>>;
  /** Sets the function that sends the messages of actions. */
  setTransport(carry: Transport): void;
  /** Assigns the initial value of every cell. It does not start the actors. */
  reset(): void;
}

/**
 * Instantiates a design.
 * @param record called with every access of actions and guards to memory and registers; without it, cells are not
 * wrapped
 * @param layout layout of the state vector; default packed
 * @throws PrecopyError `BAD_PARAMETER` if a parameter is out of range, `BAD_DESIGN` if a role has no machine
 */
export function instantiate(
  design: AnyDesign,
  overrides: Readonly<Record<string, number>> = {},
  record?: Recorder,
  layout: Layout = new Layout(),
): Instance {
  const params = resolveParams(design, overrides);
  const { memory, messages, actors: roles, tags }: SystemSpec<SystemTypes> = design.system.spec;
  const specs = listActors(design, params);
  const builder = new StateBuilder(
    specs.map(({ name }) => name),
    record,
    layout,
  );
  const placedActors = specs.map((spec) => placeActor(spec, params, specs.length, messages, builder));
  const declared = memory(params);
  const regions = placeRegions(declared, builder);
  const carry: Transport = (type, from, to, fields) => transport.carry(type, from, to, fields);
  const makeStoreBuffers =
    design.memoryModel === 'tso' &&
    placeStoreBuffers(
      {
        actors: specs.map(({ name }) => name),
        capacity: params['storeBuffer'],
        shared: sharedCellsOf(declared, regions),
        messages: Object.keys(messages).filter((type) => messages[type]?.ordering === 'store'),
        carry: (type, from, to) => carry(type, from, to, noFields),
        record,
      },
      builder,
    );
  const state = builder.build();
  const storeBuffers = makeStoreBuffers ? makeStoreBuffers() : undefined;

  const actorIds = actorIdsByRole(roles, specs);
  const transport: { carry: Transport } = {
    carry: (type) => {
      throw new PrecopyError('INTERNAL', `no transport is set for the message ${type}`, 'please report this');
    },
  };
  const memoryOfAll = cellsOf(regions, ({ observed }) => observed);
  const memoryOf = (actor: number, buffers: StoreBuffers): Record<string, unknown> =>
    cellsOf(regions, ({ plain, observed, region }) =>
      region === 'shared' ? builder.observe(buffers.view(actor, plain), region) : observed,
    );
  const classes = new Map<string, RegistersClass>();
  const actors = placedActors.map((placed, id): ActorInstance => {
    const { name, role, nth, machine } = specs[id];
    const registers = mapValues(placed.registers, (at) => at());
    const Registers = classes.get(role) ?? registersClass(mapValues(registers, ({ plain }) => plain));
    classes.set(role, Registers);
    return {
      id,
      name,
      role,
      machine,
      leaves: placed.leaves.map(pathOf),
      location: placed.location().plain,
      mailbox: mapValues(placed.mailbox, (at) => at().plain),
      domains: mapValues(machine.definition.events, (event) => event.size?.(params) ?? 1),
      // not with a spread: V8 gives what that makes a shape of its own each time
      context: Object.assign({}, storeBuffers ? memoryOf(id, storeBuffers) : memoryOfAll, {
        my: new Registers(Object.values(registers).map(({ observed }) => observed)),
        me: id,
        nth,
        params,
        actors: actorIds,
        send: sender(id, specs.length, carry, storeBuffers && { messages, buffers: storeBuffers }),
        barrier: () => storeBuffers?.all[id]?.drain(),
      }),
    };
  });
  const is = tagTests(
    tags,
    placedActors.map(({ location, leaves }) => ({ location: location().plain, tags: leaves.map(tagsOf) })),
  );
  const instance: Instance = {
    design: { ...design, properties: propertiesAt(design.properties, params) },
    params,
    messages,
    state,
    actors,
    cells: builder.cells,
    storeBuffers: storeBuffers?.all ?? [],
    view: {
      ...cellsOf(regions, ({ plain }) => plain),
      is,
      posted: mapValues(messages, (_, type) => ({
        waitsFor: (actor: number) => actors[actor]?.mailbox[type]?.isEmpty() === false,
      })),
      actors: actorIds,
      params,
      storesAreDrained: () => storeBuffers?.all.every((buffer) => buffer.isEmpty()) ?? true,
    },
    setTransport: (carry) => {
      transport.carry = carry;
    },
    reset: () => {
      for (const { plain } of builder.cells) plain.reset();
    },
  };
  instance.reset();
  return instance;
}

type Placed<C extends Cell = Cell> = () => PlacedCell<C>;

interface PlacedActor {
  readonly leaves: readonly AnyStateNode[];
  readonly location: Placed<Counter>;
  readonly registers: Readonly<Record<string, Placed>>;
  readonly mailbox: Readonly<Record<string, Placed<Bitmap>>>;
}

function placeActor(
  { name, machine }: ActorSpec,
  params: Readonly<Record<string, number>>,
  actors: number,
  messages: Messages,
  builder: StateBuilder,
): PlacedActor {
  const leaves = leavesOf(machine.statechart);
  const received = Object.keys(messages).filter(
    (type) => messages[type]?.delivery === 'posted' && machine.statechart.events.includes(type),
  );
  return {
    leaves,
    location: builder.place(name, 'control', index(leaves.length)),
    registers: mapValues(machine.definition.registers(params), (cell, register) =>
      builder.place(`${name}.${register}`, 'register', cell),
    ),
    mailbox: Object.fromEntries(
      received.map((type) => [type, builder.place(`${name}.mailbox.${type}`, 'control', actorSet(actors))]),
    ),
  };
}

type PlacedRegions = Readonly<Record<string, Readonly<Record<string, Placed | readonly Placed[]>>>>;

function placeRegions(regions: Regions, builder: StateBuilder): PlacedRegions {
  return mapValues(regions, ({ region, cells }, regionName) =>
    mapValues(cells, (cell, cellName) => {
      const name = `${regionName}.${cellName}`;
      return isList(cell)
        ? cell.map((one, n) => builder.place(`${name}[${n}]`, region, one))
        : builder.place(name, region, cell);
    }),
  );
}

function isList(cell: CellSpec | readonly CellSpec[]): cell is readonly CellSpec[] {
  return Array.isArray(cell);
}

/** Returns memory as actions or properties access it: by region and name, and lists by index. */
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
    if (cell === undefined) return throwNoCell(name, cells.length, n);
    return cell;
  };
}

function throwNoCell(name: string, count: number, n: number): never {
  throw new ModelFault(`${name} has 0 to ${count - 1}, not ${n}`);
}

const noFields = Object.freeze({});

function sender(
  from: number,
  actors: number,
  carry: Transport,
  tso: { readonly messages: Messages; readonly buffers: StoreBuffers } | undefined,
): Send<Messages> {
  if (tso === undefined) {
    return (type: string, to: number, fields: Envelope['fields'] = noFields) => {
      if (!(to >= 0 && to < actors)) throwNoReceiver(type, to, actors);
      carry(type, from, to, fields);
    };
  }
  const { messages, buffers } = tso;
  return (type: string, to: number, fields: Envelope['fields'] = noFields) => {
    if (!(to >= 0 && to < actors)) throwNoReceiver(type, to, actors);
    const ordering = messages[type]?.ordering;
    if (ordering === 'store') return buffers.send(type, from, to);
    if (ordering === 'barrier') buffers.all[from]?.drain();
    carry(type, from, to, fields);
  };
}

function throwNoReceiver(type: string, to: number, actors: number): never {
  throw new ModelFault(`${type} is sent to actor ${to}, but the actors are 0 to ${actors - 1}`);
}

/** Returns the cells of shared memory, in the order of placement. */
function sharedCellsOf(declared: Regions, placed: PlacedRegions): { spec: CellSpec; at: Placed }[] {
  return Object.entries(declared).flatMap(([name, { region, cells }]) =>
    region !== 'shared'
      ? []
      : Object.entries(cells).flatMap(([cell, spec]) => {
          const cellsAt = [placed[name]?.[cell] as Placed | readonly Placed[]].flat() as Placed[];
          return cellsAt.map((at, n) => ({ spec: isList(spec) ? spec[n] : spec, at }));
        }),
  );
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, map: (value: V, key: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

/** Returns the text of the fault that the receiver of a message has no transition for it. */
export function unexpectedMessage({ type, from, to }: Envelope, { actors }: Instance): string {
  const receiver = actors[to];
  return `${receiver.name} gets ${type} from ${actors[from]?.name} in '${receiver.leaves[receiver.location.get()]}', which has no transition for it`;
}
