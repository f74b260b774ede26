/**
 * A second dirty log: a vhost worker writes guest memory without KVM, and sets bits in a log of its own
 * (`vhost_log_write`, drivers/vhost/vhost.c). QEMU takes that log in each sync (`vhost_log_sync`,
 * `vhost_dev_sync_region`, hw/virtio/vhost.c) and stops the worker with the VM (`vhost_dev_stop`). One chunk of the log
 * is modelled: up to 32 pages. Try `npx precopy check ./examples/second-dirty-log.ts`.
 */
import { bitmap, defineDesign, defineMutant, ghost, shared } from 'precopy';
import { ioctl, kvm, migration, migrationThread, noLostWriteUnless, rmapXchg, step } from 'precopy/kvm';

const withVhost = kvm.extend({
  name: 'vhost',
  memory: ({ pages }) => ({
    vhost: shared({ log: bitmap(pages) }),
    /** pages that the worker has written, and not logged yet */
    vhostWrites: ghost({ unlogged: bitmap(pages) }),
  }),
  actors: { vhostWorker: 'one' },
});

const worker = withVhost.actor({
  events: { STEP: {}, DMA: { field: 'gfn', size: ({ pages }) => pages, optional: true } },
  registers: ({ pages }) => ({ page: bitmap(pages) }),
});
const writing = worker.implement({
  actions: {
    startWrite: ({ context: { my }, event }) => my.page.set(event.gfn),
    copyToGuest: ({ context: { ram, my } }) => ram.stale.orFrom(my.page),
    logWrite: ({ context: { vhost, my } }) => vhost.log.orFrom(my.page),
    endWrite: ({ context: { my } }) => my.page.fill(false),
    reportStopped: ({ context: { send, actors } }) => send('STOPPED', actors.migration),
  },
  ghost: {
    copyToGuest: ({ context: { vhostWrites, my } }) => vhostWrites.unlogged.orFrom(my.page),
    endWrite: ({ context: { vhostWrites } }) => vhostWrites.unlogged.fill(false),
  },
});
const vhostWorker = worker.use(writing).createMachine({
  id: 'vhost-worker',
  initial: 'idle',
  states: {
    idle: { on: { DMA: { actions: ['startWrite', 'copyToGuest'], target: 'log' }, VM_STOP: 'stopped' } },
    log: { description: 'vhost_log_write: set_bit_to_user', on: step(['logWrite', 'endWrite'], 'idle') },
    stopped: { description: 'vhost_dev_stop has returned', entry: 'reportStopped' },
  },
});
const thread = withVhost.extendActor(migrationThread, { registers: ({ pages }) => ({ chunk: bitmap(pages) }) });
const vhostSync = thread.implement({
  actions: {
    /** `vhost_dev_sync_region`: log = qatomic_xchg(from, 0) */
    xchgVhostLog: ({ context: { vhost, my } }) => vhost.log.xchgWord(0, my.chunk),
    mergeVhostLog: ({ context: { qemu, my } }) => {
      qemu.bmap.orFrom(my.chunk);
      my.chunk.fill(false);
    },
  },
});
const migrationWithVhost = migration
  .as(thread)
  .use(vhostSync)
  .extend({
    states: {
      iterating: { on: { SYNC: 'syncingVhost' } },
      syncingVhost: { on: step(['xchgVhostLog', 'mergeVhostLog'], 'syncing') },
      stoppingDevices: { always: { guard: 'devicesStopped', target: 'lastVhostSync' } },
      lastVhostSync: { tags: ['stopping'], on: step(['xchgVhostLog', 'mergeVhostLog'], 'lastSync') },
    },
    actions: {
      stopDevices: ({ context: { my, send, actors } }) => {
        const writers = [...actors.hostWriter, ...actors.device, actors.vhostWorker];
        my.toStop = writers.length;
        for (const writer of writers) send('VM_STOP', writer);
      },
    },
  });
const getDirtyLog = rmapXchg.machines.getDirtyLog.as(withVhost.extendActor(ioctl)).extend({
  ghost: {
    /** GET_DIRTY_LOG need not find what vhost logs */
    startIoctl: ({ context: { ghost, vhost, vhostWrites } }) => {
      ghost.due.andNotFrom(vhost.log);
      ghost.due.andNotFrom(vhostWrites.unlogged);
    },
  },
});
const design = defineDesign({
  ...rmapXchg,
  id: 'second-dirty-log',
  title: 'rmap-xchg beside a vhost worker, which has a dirty log of its own',
  system: withVhost,
  machines: { ...rmapXchg.machines, migration: migrationWithVhost, getDirtyLog, vhostWorker },
  properties: [
    ...rmapXchg.properties.filter(({ id }) => id !== 'no-lost-write'),
    noLostWriteUnless(withVhost, ({ vhost, vhostWrites }, gfn) => vhost.log.has(gfn) || vhostWrites.unlogged.has(gfn)),
    withVhost.properties.reachable(
      { id: 'vhost-tells-qemu', description: 'the log of vhost has a page that QEMU has sent' },
      ({ qemu, vhost }) => !vhost.log.isEmpty() && !qemu.bmap.contains(vhost.log),
    ),
  ],
  params: { vcpus: 1, pages: 1 },
  livenessParams: { loggingOn: 1 },
});
const mutant = (name: string, bug: string, breaks: string, machines: Partial<typeof design.machines>) =>
  defineMutant(design, name, { bug, breaks, machines, params: { emulatingVcpus: 0, loggingOn: 1 } });

export const designs = [
  design,
  mutant('not-merged-last', 'the last sync leaves the log of vhost out', 'final-image', {
    migration: migrationWithVhost.extend({
      states: { stoppingDevices: { always: { guard: 'devicesStopped', target: 'lastSync' } } },
    }),
  }),
  mutant('logged-before-write', 'the worker sets the bit of a page before it writes the page', 'no-lost-write', {
    vhostWorker: vhostWorker.extend({
      states: {
        idle: { on: { DMA: { actions: ['startWrite', 'logWrite'], target: 'log' } } },
        log: { on: step(['copyToGuest', 'endWrite'], 'idle') },
      },
    }),
  }),
];
