import { bitmap, shared } from 'precopy';
import { kvm, migration, migrationThread, step } from 'precopy/kvm';

const withLog = kvm.extend({ name: 'log', memory: ({ pages }) => ({ other: shared({ log: bitmap(pages) }) }) });
const thread = withLog.extendActor(migrationThread, { registers: ({ pages }) => ({ chunk: bitmap(pages) }) });
const otherLog = thread.implement({
  actions: {
    takeOtherLog: ({ context: { other, my } }) => other.log.xchgWord(0, my.chunk),
    mergeOtherLog: ({ context: { qemu, my } }) => {
      qemu.bmap.orFrom(my.chunk);
      my.chunk.fill(false);
    },
  },
});
export const migrationWithLog = migration
  .as(thread)
  .use(otherLog)
  .extend({
    states: {
      iterating: { on: { SYNC: 'takingOtherLog' } },
      takingOtherLog: { on: step(['takeOtherLog', 'mergeOtherLog'], 'syncing') },
    },
  });
