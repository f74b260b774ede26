import { type AnyDesign, bitmap, defineDesign, ghost, shared } from 'precopy';
import { ioctl, kvm, noLostWriteUnless, rmapXchg, step } from 'precopy/kvm';
import { expect, test } from 'vitest';
import { explore } from '../../support/explore.ts';

/** The shipped system with a region and a role more: a second dirty log, as vhost has one, which nothing merges. */
function withVhost(): AnyDesign {
  const system = kvm.extend({
    name: 'vhost',
    memory: ({ pages }) => ({
      vhost: shared({ log: bitmap(pages) }),
      vhostWrites: ghost({ unlogged: bitmap(pages) }),
    }),
    actors: { backend: 'one' },
  });
  const worker = system.actor({
    events: { DMA: { field: 'gfn', size: ({ pages }) => pages, optional: true }, STEP: {} },
  });
  const writing = worker.implement({
    actions: {
      write: ({ context: { ram }, event }) => ram.stale.setWord(event.gfn, 1),
      log: ({ context: { vhost } }) => vhost.log.set(0),
    },
    ghost: {
      write: ({ context: { vhostWrites } }) => vhostWrites.unlogged.set(0),
      log: ({ context: { vhostWrites } }) => vhostWrites.unlogged.clear(0),
    },
  });
  const backend = worker.use(writing).createMachine({
    id: 'backend',
    initial: 'idle',
    states: {
      idle: { on: { DMA: { actions: 'write', target: 'log' }, VM_STOP: 'stopped' } },
      log: { on: step('log', 'idle') },
      stopped: {},
    },
  });
  const getDirtyLog = rmapXchg.machines.getDirtyLog.as(system.extendActor(ioctl)).extend({
    ghost: {
      startIoctl: ({ context: { ghost, vhost, vhostWrites } }) => {
        ghost.due.andNotFrom(vhost.log);
        ghost.due.andNotFrom(vhostWrites.unlogged);
      },
    },
  });
  return defineDesign({
    ...rmapXchg,
    id: 'with-vhost',
    system,
    machines: { ...rmapXchg.machines, getDirtyLog, backend },
    properties: [
      ...rmapXchg.properties.filter(({ id }) => !['no-lost-write', 'final-image'].includes(id)),
      noLostWriteUnless(system, ({ vhost, vhostWrites }, gfn) => vhost.log.has(gfn) || vhostWrites.unlogged.has(gfn)),
    ],
    params: { vcpus: 1, pages: 1, emulatingVcpus: 0, loggingOn: 1 },
  });
}

test('a role can be added to the shipped system', () => {
  expect(explore(withVhost())).toMatchObject({ verdict: 'holds' });
});
