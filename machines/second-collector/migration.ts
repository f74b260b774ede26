import { migrationThread } from '../migration/thread.ts';
import { migration } from '../migration.ts';
import { kvmWithSecondCollector } from './system.ts';

const migrationThreadBesideDisplay = kvmWithSecondCollector.extendActor(migrationThread);

const bqlLocking = migrationThreadBesideDisplay.implement({
  actions: { requestBql: ({ context: { send, actors } }) => send('LOCK_BQL', actors.bql) },
});

/**
 * `migration` next to a display refresh, which takes the same log: it stops the guest and takes the last log under the
 * BQL, as `migration_completion` does, so that no refresh is under way then. QEMU 10.2 takes all its logs under
 * `kvm_slots_lock`, too; here the logs of earlier rounds meet in the kernel, which must not rely on user space.
 */
export const migrationBesideDisplay = migration
  .as(migrationThreadBesideDisplay)
  .use(bqlLocking)
  .extend({
    states: {
      iterating: { on: { STOP: 'lockBql' } },
      lockBql: {
        description: 'migration_completion_precopy: bql_lock()',
        tags: ['stopping'],
        entry: 'requestBql',
        on: { BQL_LOCKED: 'pausing' },
      },
    },
    ghost: { forgetLog: ({ context: { collectors } }) => collectors.taken(0).fill(false) },
  });
