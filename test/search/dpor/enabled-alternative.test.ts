import { bit, defineDesign, defineSystem, posted, shared } from 'precopy';
import { describe, expect, it } from 'vitest';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { dpor } from '../../../src/search/dpor/dpor.ts';
import { runEngine } from '../../../src/search/run-engine.ts';

/**
 * A server that may quit or take a job, of which a client makes the second possible: by a message, or by a store that
 * a guard of the server waits for.
 */
function serverAndClient(by: 'message' | 'store'): AnyDesign {
  const system = defineSystem({
    name: 'server-and-client',
    memory: () => ({ mem: shared({ flag: bit() }) }),
    messages: { JOB: posted() },
    actors: { server: 'one', client: 'one' },
    tags: ['busy'],
  });
  const server = system
    .actor({ events: { QUIT: {}, LOOK: {} } })
    .setup({ actions: {}, guards: { isSet: ({ context: { mem } }) => mem.flag.get() } })
    .createMachine({
      id: 'server',
      initial: 'idle',
      states: {
        idle: { on: { QUIT: 'gone', LOOK: { guard: 'isSet', target: 'busy' }, JOB: 'busy' } },
        busy: { tags: ['busy'] },
        gone: {},
      },
    });
  const client = system
    .actor({ events: { STEP: {} } })
    .setup({
      actions: {
        message: ({ context: { send, actors } }) => send('JOB', actors.server),
        store: ({ context: { mem } }) => mem.flag.set(true),
      },
    })
    .createMachine({
      id: 'client',
      initial: 'begin',
      states: { begin: { on: { STEP: { actions: by, target: 'end' } } }, end: {} },
    });
  const never = system.properties.never(
    { id: 'never-busy', description: 'the server is never busy' },
    ({ is }) => is.busy.count() > 0,
  );
  return defineDesign({
    id: 'server-and-client',
    title: 'a server and a client',
    system,
    machines: { server, client },
    properties: [never],
  }) as AnyDesign;
}

describe('DPOR takes a step that enables a choice before its actor takes another choice:', () => {
  for (const by of ['message', 'store'] as const) {
    it(`a ${by}`, () => {
      const { verdict, violation } = runEngine(dpor(memoise(compile(serverAndClient(by))), { depth: 5 }));
      expect({ verdict, steps: violation?.schedule.length }).toEqual({ verdict: 'violated', steps: 2 });
    });
  }
});
