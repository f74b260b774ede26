import { expect } from 'vitest';
import {
  type AnyDesign,
  bit,
  bitmap,
  counter,
  defineDesign,
  defineMutant,
  defineSystem,
  PrecopyError,
  posted,
  rendezvous,
  shared,
} from '../../src/index.ts';

/** Parts of a small design, in which one name can be wrong. They are untyped: TypeScript refuses many of them. */
export interface Parts {
  readonly system?: object;
  readonly actor?: object;
  readonly implementations?: object;
  readonly machine?: object;
  readonly states?: object;
  readonly patch?: object;
  readonly design?: object;
  readonly mutant?: object;
  readonly properties?: readonly object[];
}

export const never = (holds: unknown, header: object = {}): object => ({
  id: 'p',
  description: 'p',
  kind: 'invariant',
  holds,
  ...header,
});

// biome-ignore lint/suspicious/noExplicitAny: the builders are called without types, as a file may call them
export type Untyped = any;

/** Creates a design of two actors: `worker` locks, asks `clerk` for a page, and posts to it. */
export function designWith(parts: Parts): AnyDesign {
  const system: Untyped = defineSystem({
    name: 'office',
    params: { pages: { default: 2, min: 1, max: 4, description: 'pages' } },
    memory: ({ pages }: Untyped) => ({ desk: shared({ dirty: bitmap(pages), lamp: bit(), count: counter(3) }) }),
    messages: { ASK: rendezvous('page'), KICK: posted() },
    actors: { worker: 'one', clerk: 'one' },
    tags: ['busy'],
    ...parts.system,
  } as Untyped);
  const worker = system
    .actor({
      events: { STEP: {}, WRITE: { field: 'gfn', size: ({ pages }: Untyped) => pages } },
      registers: () => ({ at: counter(3), mask: bitmap(2) }),
      ...parts.actor,
    })
    .setup({
      actions: {
        act: () => undefined,
        ask: ({ context: { send, actors } }: Untyped) => send('ASK', actors.clerk, { page: 0 }),
        kick: ({ context: { send, actors } }: Untyped) => send('KICK', actors.clerk),
        ...(parts.implementations as Untyped)?.actions,
      },
      guards: { isFree: () => true, ...(parts.implementations as Untyped)?.guards },
    })
    .createMachine({
      id: 'worker',
      initial: 'idle',
      states: {
        idle: { on: { STEP: { guard: 'isFree', actions: 'act', target: 'working' }, WRITE: { actions: 'act' } } },
        working: { tags: ['busy'], on: { STEP: { actions: ['ask', 'kick'], target: 'idle' } } },
        ...parts.states,
      },
      ...parts.machine,
    });
  const clerk = system
    .actor({ events: {} })
    .setup({ actions: { take: ({ event }: Untyped) => event.page } })
    .createMachine({
      id: 'clerk',
      initial: 'here',
      states: { here: { on: { ASK: { actions: 'take' }, KICK: 'here' } } },
    });
  const design = defineDesign({
    id: 'office',
    title: 'an office',
    system,
    machines: { worker: parts.patch ? worker.extend(parts.patch) : worker, clerk },
    properties: parts.properties ?? [never(() => true)],
    ...parts.design,
  } as Untyped);
  const machines = { worker };
  return (
    parts.mutant ? defineMutant(design, 'm', { bug: 'b', breaks: 'p', machines, ...parts.mutant } as Untyped) : design
  ) as AnyDesign;
}

export const step = (STEP: unknown): Parts => ({ states: { idle: { on: { STEP, WRITE: 'working' } } } });
export const act = (action: (args: Untyped) => unknown): Parts => ({ implementations: { actions: { act: action } } });
export const property = (holds: (view: Untyped) => unknown): Parts => ({ properties: [never(holds)] });
export const header = (keys: object): Parts => ({ properties: [never(() => true, keys)] });
export const leadsTo = (keys: object): Parts => ({
  properties: [
    { id: 'p', description: 'p', kind: 'leads-to', actors: () => [-1], from: () => true, to: () => true, ...keys },
  ],
});

/** Expects a mistake in a design, with a remedy. */
export function expectRefusal(call: () => unknown, text: string | RegExp): void {
  expect(call).toThrow(text);
  expect(call).toThrow(expect.objectContaining({ code: 'BAD_DESIGN', remedy: expect.stringMatching(/./) }));
  expect(call).toThrow(PrecopyError);
}
