import { describe, expect, test } from 'vitest';
import { engines, refusalBy } from './engines.ts';
import { type Args, toy } from './toys.ts';

/** Writes to what is no cell and no register. */
// biome-ignore lint/suspicious/noExplicitAny: the types of a design allow none of them
const writes: Readonly<Record<string, (args: any) => void>> = {
  'a parameter': ({ context }) => {
    context.params.actors = 1;
  },
  'a list of actors': ({ context }) => context.actors.a.push(3),
  'the actors of a role': ({ context }) => {
    context.actors.a = [];
  },
  'the context': ({ context }) => {
    context.m = undefined;
  },
  'a region': ({ context }) => {
    context.m.x = undefined;
  },
  'a property of a cell that it does not have': ({ context }) => {
    context.m.x.calls = 1;
  },
  'an operation of a cell': ({ context }) => {
    context.m.x.get = () => 1;
  },
  'a register that does not exist': ({ context }) => {
    context.my.calls = 1;
  },
  'a field of the event': ({ event }) => {
    event.from = 1;
  },
  'a field that the event does not have': ({ event }) => {
    event.calls = 1;
  },
};

describe.each(['exhaustive, cached', 'exhaustive, not cached', 'exhaustive, store buffers', 'reference', 'live'])(
  '%s refuses that an action writes',
  (engine) => {
    test.each(Object.entries(writes))('%s', (_, write) => {
      const action = (args: Args): void => {
        write(args);
        args.context.m.x.set(1);
      };
      expect(refusalBy(engines[engine] as never, toy({ action }))).toMatch(/^machine 'adder': the action 'add' /);
    });
  },
);
