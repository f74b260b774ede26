import { vcpu } from '../vcpu.ts';

/**
 * The vCPU where GET_DIRTY_LOG switches the memslots (Linux 2.6.37 to 3.3): what it has to mark in may change at any
 * time, so it reads `kvm->memslots` also in a run that begins with the log on.
 */
export const vcpuWithMemslotsSwitch = vcpu.extend({
  states: { host: { states: { readMemslots: { always: [] }, readMemslotsForWrite: { always: [] } } } },
});
