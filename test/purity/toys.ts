import { type AnyDesign, bit, counter, defineDesign, defineSystem, type Property, shared } from 'precopy';

/** What a function of the design gets, as far as the toys use it. */
export interface Args {
  readonly context: {
    readonly m: { readonly x: { get(): number; set(value: number): void } };
    readonly my: { done: boolean };
    readonly params: Record<string, number>;
    readonly actors: Record<string, number[]>;
    send(type: string, to: number, fields?: object): void;
  };
  readonly event: Record<string, unknown>;
}

const finish = ({ context: { my } }: Args): void => {
  my.done = true;
};

/** The functions of a toy that a test replaces. */
export interface Functions {
  readonly action?: (args: Args) => unknown;
  readonly guard?: (args: Args) => unknown;
  readonly entry?: (args: Args) => unknown;
  readonly always?: (view: never) => unknown;
  readonly never?: (view: never) => unknown;
  readonly cover?: (view: never) => unknown;
  readonly end?: (view: never) => unknown;
  readonly from?: (view: never) => unknown;
  readonly to?: (view: never) => unknown;
  readonly when?: (view: never) => unknown;
  readonly where?: (params: never) => unknown;
}

const system = defineSystem({
  name: 'toy',
  memory: ({ wide }) => ({
    m: shared({ x: counter(3), ...(wide === 1 && { unused: bit() }) }),
  }),
  actors: { a: ({ actors }) => actors },
  params: {
    actors: { default: 2, min: 1, max: 2, description: 'actors that count' },
    wide: { default: 0, min: 0, max: 1, description: 'one more cell' },
  },
});

/**
 * A toy: each of two actors adds 1 to a counter, once. TypeScript refuses many of the functions of the tests; a file
 * that is only stripped of its types does not.
 */
export function toy(functions: Functions, options: { readonly memoryModel?: 'tso' } = {}): AnyDesign {
  const { action, guard, entry, always, never, cover, end, from, to, when, where } = functions;
  const a = system
    .actor({ events: { ADD: {} }, registers: () => ({ done: bit() }) })
    .setup({
      actions: {
        add: (action as never) ?? (({ context: { m } }: Args) => m.x.set(1)),
        enter: (entry as never) ?? finish,
      },
      guards: { may: (guard as never) ?? (() => true) },
    })
    .createMachine({
      id: 'adder',
      initial: 'idle',
      states: {
        idle: { on: { ADD: { guard: 'may', actions: 'add', target: 'ready' } } },
        ready: { entry: 'enter' },
      },
    });
  const { properties: build } = system;
  const properties: Property[] = [
    build.noDeadlock({ id: 'no-deadlock', description: 'it may stop' }, (end as never) ?? (() => true)),
    build.always({ id: 'always', description: 'always' }, (always as never) ?? (() => true)),
    build.never({ id: 'never', description: 'never' }, (never as never) ?? (() => false)),
    build.reachable(
      { id: 'cover', description: 'a cover', ...(where && { where: where as never }) },
      (cover as never) ?? (() => true),
    ),
  ];
  if (from || to || when) {
    const strongly = when ? [{ event: 'ADD', when: when as never }] : [];
    properties.push(
      build.leadsTo(
        { id: 'leads-to', description: 'leads to', strongly },
        (from as never) ?? (() => true),
        (to as never) ?? (() => true),
      ),
    );
  }
  return defineDesign({ id: 'toy', title: 'a toy', system, machines: { a }, properties, ...options });
}
