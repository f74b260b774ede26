import { setMemoryRegion, setMemoryRegionLateFlush } from '../set-memory-region.ts';
import { rmapXchg } from './rmap-xchg.ts';

/**
 * The flush that takes each vCPU step by step: `make_all_cpus_request` (virt/kvm/kvm_main.c, Linux 3.6) sets the bit of the request, and then,
 * past an `smp_mb` that a locked `set_bit` is on x86, takes the mode with a cmpxchg; a vCPU that is not outside gets an IPI. "Set
 * ->requests bit before we read ->mode."
 */
export const flushStepByStep = {
  flushTlbs: {
    states: {
      makeRequests: { on: { MAKE_REQUEST: { guard: 'notYetRequested', actions: 'pickVcpu', target: 'setRequest' } } },
      setRequest: { on: { STEP: { actions: 'requestFlush', target: 'readMode' } } },
      readMode: { on: { STEP: { actions: ['cmpxchgMode', 'forgetVcpu'], target: 'makeRequests' } } },
    },
  },
} as const;

export const rmapXchgWithHandshake = rmapXchg.extend({ states: flushStepByStep });
export const setMemoryRegionLateFlushWithHandshake = setMemoryRegionLateFlush.extend({ states: flushStepByStep });
export const setMemoryRegionWithHandshake = setMemoryRegion.extend({ states: flushStepByStep });
