import type { ProcessorSettings } from '../../clock/cpu-scheduler.ts';
import { loadLibc } from '../kernel/libc.ts';
import { assignCpus } from '../vm/cpu-affinity.ts';

/** sysctl_sched_base_slice (kernel/sched/fair.c, Linux 6.18), before `get_update_sysctl_factor` scales it. */
const baseSliceNs = 700_000;

/**
 * Returns how the threads of a virtual machine share the CPUs of this host; `undefined` if each has its own. A slice
 * ends at a tick of the scheduler (`update_deadline`), as nothing else checks it without HRTICK.
 */
export async function hostProcessors(vcpus: number): Promise<ProcessorSettings | undefined> {
  const libc = await loadLibc();
  const count = libc.affinityOf(libc.threadId()).length;
  if (vcpus < count) return undefined;
  const tickNs = libc.tickNs();
  const scaledNs = baseSliceNs * (1 + Math.floor(Math.log2(Math.min(8, count))));
  const assigned = assignCpus(vcpus, count);
  return {
    count,
    sliceNs: Math.ceil(scaledNs / tickNs) * tickNs,
    preemptLocks: false,
    affinity: Object.fromEntries([
      ['migration', assigned.collector],
      ...assigned.vcpus.map((cpu, nth) => [`vcpu${nth}`, cpu] as const),
    ]),
  };
}
