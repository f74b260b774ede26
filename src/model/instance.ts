import type { Recorder, Region } from './access-recording.ts';
import { actorCounts, actorIdsByRole, listActors } from './actor-list.ts';
import { registersView, stateTest } from './actor-view.ts';
import { Bitmap } from './bitmap.ts';
import type { Cell } from './cell.ts';
import { type Audience, facetOf } from './cell-facets.ts';
import { propertiesAt } from './checked-properties.ts';
import { actionContext, ghostArgs, guardContext } from './context-keys.ts';
import type { Counter } from './counter.ts';
import { assertSameCells, declaredBy } from './declaration-purity.ts';
import { type AnyDesign, resolveParams } from './design.ts';
import { PrecopyError } from './errors.ts';
import type { Machine } from './machine.ts';
import type { Envelope, Messages } from './messages.ts';
import { cellsOf, domainOf, mapValues, placeActor, placeRegions, sharedCellsOf } from './placement.ts';
import { type RegistersClass, registersClass } from './register-file.ts';
import { noFields, refusedCalls, sender, type Transport } from './sending.ts';
import { type PlacedCell, StateBuilder } from './state-builder.ts';
import { Layout } from './state-layout.ts';
import { pathOf, tagsOf } from './statechart.ts';
import { StepAccesses } from './step-accesses.ts';
import { placeStoreBuffers, type StoreBuffer } from './store-buffer.ts';
import { strict } from './strict-names.ts';
import type { SystemSpec } from './system-spec.ts';
import type { SystemTypes } from './system-types.ts';
import { isNobody, tagTests } from './tags.ts';
import { validateDesign } from './validate-design.ts';
import { validateMemory } from './validate-memory.ts';
import { watchedOwnedCells } from './watched-owned-cells.ts';

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
  /** the context of its actions */
  readonly context: Readonly<Record<string, unknown>>;
  /** the context of its guards: they only read */
  readonly guardContext: Readonly<Record<string, unknown>>;
  /** returns its registers, as properties read them */
  readonly viewRegisters: () => object;
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
  /** what the step that runs has accessed */
  readonly accesses: StepAccesses;
  /** paths of the cells of owned memory that two actors must not race for; none if there is one actor */
  readonly ownedCells: readonly string[];
  /** the view that properties get: memory without buffered stores */
  readonly view: Readonly<Record<string, unknown>>;
  /** Sets the function that sends the messages of actions. */
  setTransport(carry: Transport): void;
  /** Assigns the initial value of every cell. It does not start the actors. */
  reset(): void;
}

/** What actions, guards and properties are given besides cells, as an engine that watches their uses replaces it. */
export interface WatchedInputs {
  /** Returns the params that they read. */
  params(given: Instance['params']): Instance['params'];
  /** Returns the actor ids by role that they read. */
  actors(ids: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

/**
 * Instantiates a design.
 * @param record called with every access of actions and guards to memory and registers; without it, cells are not
 * wrapped
 * @param layout layout of the state vector; default packed
 * @param watched replaces what code of the design is given besides cells
 * @throws PrecopyError `BAD_PARAMETER` if a parameter is out of range, `BAD_DESIGN` if a role has no machine
 */
export function instantiate(
  design: AnyDesign,
  overrides: Readonly<Record<string, number>> = {},
  record?: Recorder,
  layout: Layout = new Layout(),
  watched?: WatchedInputs,
): Instance {
  const params = resolveParams(design, overrides);
  const { memory, messages, actors: roles, tags }: SystemSpec<SystemTypes> = design.system.spec;
  validateDesign(design);
  const given = Object.freeze(strict({ ...params }, 'the design', 'param'));
  const specs = listActors(design, given);
  const builder = new StateBuilder(
    specs.map(({ name }) => name),
    record,
    layout,
  );
  const counts = actorCounts(specs, messages);
  const placedActors = specs.map((spec) => placeActor(spec, given, counts, messages, builder));
  const declared = declaredBy(`memory of system '${design.system.spec.name}'`, () => memory(given));
  validateMemory(design, declared, specs);
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

  const allIds = Object.freeze(strict(actorIdsByRole(roles, specs), 'the system', 'role'));
  const actorIds = watched?.actors(allIds) ?? allIds;
  const paramsOfCode = watched?.params(given) ?? given;
  const transport: { carry: Transport } = {
    carry: (type) => {
      throw new PrecopyError('INTERNAL', `no transport is set for the message ${type}`, 'please report this');
    },
  };
  const ownedCells = watchedOwnedCells(design, builder.cells, specs.length);
  const accesses = new StepAccesses(specs.length);
  const facet = (cell: Cell, region: Region, audience: Audience): Cell =>
    facetOf(cell, audience, { region, accesses, ownedIndex: region === 'owned' ? ownedCells.indexOf(cell.name) : -1 });
  const memoryOf = (audience: Audience, actor: number): Record<string, unknown> =>
    cellsOf(regions, ({ plain, observed, region }) => {
      const isBuffered = region === 'shared' && storeBuffers !== undefined;
      const cell = isBuffered ? builder.observe(storeBuffers.view(actor, plain), region) : observed;
      return facet(cell, region as Region, audience);
    });
  const memoryOfAll = new Map<Audience, Record<string, unknown>>();
  const memoryFor = (audience: Audience, actor: number): Record<string, unknown> => {
    const memory = (storeBuffers ? undefined : memoryOfAll.get(audience)) ?? memoryOf(audience, actor);
    memoryOfAll.set(audience, memory);
    return memory;
  };
  const declaredMessages: Messages = Object.assign(Object.create(null), messages);
  const classes = new Map<string, RegistersClass>();
  const actors = placedActors.map((placed, id): ActorInstance => {
    const { name, role, nth, machine } = specs[id];
    const registers = mapValues(placed.registers, (at) => at());
    const registersFor = (audience: Audience): object => {
      const key = `${role} ${audience}`;
      const Registers =
        classes.get(key) ??
        registersClass(
          mapValues(registers, ({ plain }) => plain),
          audience,
        );
      classes.set(key, Registers);
      // Actions access numbers and queues as they are: only a bitmap may be given another cell.
      return new Registers(
        Object.values(registers).map(({ plain, observed }) =>
          audience === 'action' && !(plain instanceof Bitmap)
            ? observed
            : facet(audience === 'property' ? plain : observed, 'register', audience),
        ),
      );
    };
    // not with a spread: V8 gives what that makes a shape of its own each time
    const contextFor = (audience: Audience): Record<string, unknown> =>
      strict(
        Object.assign({}, memoryFor(audience, id), {
          my: registersFor(audience),
          me: id,
          nth,
          params: paramsOfCode,
          actors: actorIds,
          send: sender(id, specs.length, carry, declaredMessages, storeBuffers),
          barrier: () => storeBuffers?.all[id]?.drain(),
          ...(audience !== 'action' && refusedCalls(audience)),
        }),
        'the context',
        'name',
      );
    const context = Object.assign(contextFor('action'), {
      [guardContext]: contextFor('guard'),
      [ghostArgs]: { context: contextFor('ghost'), event: undefined },
    });
    Object.freeze(Object.assign(context, { [actionContext]: context }));
    return {
      id,
      name,
      role,
      machine,
      leaves: placed.leaves.map(pathOf),
      location: placed.location().plain,
      mailbox: mapValues(placed.mailbox, (at) => at().plain),
      domains: mapValues(machine.definition.events, (event, type) => domainOf(event, given, machine.id, type)),
      context,
      guardContext: context[guardContext],
      viewRegisters: () => registersFor('property'),
    };
  });
  const is = tagTests(
    tags,
    placedActors.map(({ location, leaves }) => ({ location: location().plain, tags: leaves.map(tagsOf) })),
  );
  const instance: Instance = {
    design: { ...design, properties: propertiesAt(design.properties, given) },
    params,
    messages,
    state,
    actors,
    cells: builder.cells,
    storeBuffers: storeBuffers?.all ?? [],
    accesses,
    ownedCells,
    view: Object.freeze(
      strict(
        {
          ...cellsOf(regions, ({ plain, region }) => facet(plain, region as Region, 'property')),
          is: Object.freeze(strict(is, 'the system', 'tag')),
          posted: Object.freeze(
            strict(
              mapValues(postedOf(messages), (_, type) => ({
                waitsFor: (actor: number) =>
                  actors[actor] !== undefined && typeof actor === 'number'
                    ? actors[actor].mailbox[type]?.isEmpty() === false
                    : isNobody(actor, actors.length, `posted.${type}.waitsFor`),
              })),
              'the system',
              'posted message',
            ),
          ),
          actors: actorIds,
          inState: stateTest(actors),
          registers: registersView(actors),
          params: paramsOfCode,
          storesAreDrained: () => storeBuffers?.all.every((buffer) => buffer.isEmpty()) ?? true,
        },
        'the view',
        'name',
      ),
    ),
    setTransport: (carry) => {
      transport.carry = carry;
    },
    reset: () => {
      for (const { plain } of builder.cells) plain.reset();
    },
  };
  assertSameCells(design, params, builder.cells);
  instance.reset();
  return instance;
}

/** A rendezvous message is never pending: a property that asks for one would hold for that reason. */
const postedOf = (messages: Messages): Messages =>
  Object.fromEntries(Object.entries(messages).filter(([, { delivery }]) => delivery === 'posted'));

/** Returns the text of the fault that the receiver of a message has no transition for it. */
export function unexpectedMessage({ type, from, to }: Envelope, { actors }: Instance): string {
  const receiver = actors[to];
  return `${receiver.name} gets ${type} from ${actors[from]?.name} in '${receiver.leaves[receiver.location.get()]}', which has no transition for it`;
}
