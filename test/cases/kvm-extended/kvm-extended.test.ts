import { type AnyDesign, bitmap, defineDesign, defineSystem, shared } from 'precopy';
import { kvm, rmapXchg } from 'precopy/kvm';
import { expect, test } from 'vitest';
import { explore } from '../../support/explore.ts';

/** The shipped system with one region and one role more: a second dirty log, as vhost has one. */
function withVhost(): AnyDesign {
  const { spec } = kvm;
  const system = defineSystem({
    ...spec,
    name: 'kvm-and-vhost',
    memory: (params) => ({ ...spec.memory(params), vhost: shared({ log: bitmap(params.pages) }) }),
    actors: { ...spec.actors, backend: 'one' },
  });
  const backend = system
    .actor({ events: { DMA: { field: 'gfn', size: ({ pages }) => pages, optional: true }, STEP: {} } })
    .setup({
      actions: {
        write: ({ context: { ram }, event }) => ram.stale.setWord(event.gfn, 1),
        log: ({ context: { vhost } }) => vhost.log.set(0),
      },
    })
    .createMachine({
      id: 'backend',
      initial: 'idle',
      states: {
        idle: { on: { DMA: { actions: 'write', target: 'log' } } },
        log: { on: { STEP: { actions: 'log', target: 'idle' } } },
      },
    });
  const params = { vcpus: 1, pages: 1, emulatingVcpus: 0, loggingOn: 1 };
  return defineDesign({
    ...rmapXchg,
    id: 'with-vhost',
    system,
    machines: { ...rmapXchg.machines, backend },
    params,
  } as never);
}

test.fails('a role can be added to the shipped system', () => {
  expect(explore(withVhost()).violation?.property).not.toBe('well-formed');
});
