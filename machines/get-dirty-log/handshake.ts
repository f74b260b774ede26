import { ioctl } from '../ioctl/ioctl.ts';
import { setMemoryRegion, setMemoryRegionLateFlush } from '../set-memory-region.ts';
import { step } from '../step.ts';
import { vcpuModes } from '../system.ts';
import { rmapXchg } from './rmap-xchg.ts';

/** One vCPU of `make_all_cpus_request`, in two steps. */
export const requestThenMode = ioctl.implement({
  actions: {
    pickVcpu: ({ context: { my }, event }) => {
      my.vcpu = event.vcpu;
    },
    requestFlush: ({ context: { kvm, my } }) => {
      my.toRequest.clear(my.vcpu);
      kvm.tlbFlushRequest.set(my.vcpu);
    },
    /** `kvm_vcpu_exiting_guest_mode` */
    cmpxchgMode: ({ context: { kvm, my } }) => {
      const { OUTSIDE_GUEST_MODE, IN_GUEST_MODE, EXITING_GUEST_MODE } = vcpuModes;
      const mode = kvm.vcpuMode(my.vcpu).cmpxchg(IN_GUEST_MODE, EXITING_GUEST_MODE);
      if (mode !== OUTSIDE_GUEST_MODE) my.cpus.set(my.vcpu);
    },
    resetVcpu: ({ context: { my } }) => {
      my.vcpu = 0;
    },
  },
});

/**
 * The flush that visits each vCPU in two steps: `make_all_cpus_request` (virt/kvm/kvm_main.c, Linux 3.6) sets the bit
 * of the request, and then, past an `smp_mb` that a locked `set_bit` is on x86, takes the mode with a cmpxchg; a vCPU
 * that is not outside gets an IPI. "Set ->requests bit before we read ->mode."
 */
export const flushStepByStep = {
  flushTlbs: {
    states: {
      makeRequests: {
        description: 'kvm_for_each_vcpu(i, vcpu, kvm)',
        on: { MAKE_REQUEST: { guard: 'notYetRequested', actions: 'pickVcpu', target: 'setRequest' } },
      },
      setRequest: { description: 'kvm_make_request(req, vcpu)', on: step('requestFlush', 'readMode') },
      readMode: {
        description: 'kvm_vcpu_exiting_guest_mode: cmpxchg(&vcpu->mode, IN_GUEST_MODE, EXITING_GUEST_MODE)',
        on: step(['cmpxchgMode', 'resetVcpu'], 'makeRequests'),
      },
    },
  },
} as const;

export const rmapXchgWithHandshake = rmapXchg.use(requestThenMode).extend({ states: flushStepByStep });
export const setMemoryRegionLateFlushWithHandshake = setMemoryRegionLateFlush
  .use(requestThenMode)
  .extend({ states: flushStepByStep });
export const setMemoryRegionWithHandshake = setMemoryRegion.use(requestThenMode).extend({ states: flushStepByStep });
