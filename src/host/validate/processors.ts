import type { ProcessorSettings } from '../../clock/cpu-scheduler.ts';
import { loadLibc } from '../kernel/libc.ts';
import { placesOf } from '../vm/places.ts';

/** sysctl_sched_base_slice (kernel/sched/fair.c, Linux 6.18) before it is scaled by `get_update_sysctl_factor`. */
const baseSliceNs = 700_000;

/**
 * How the threads of a machine share the CPUs of this host: undefined where each has one of its own. A thread that others wait for has used up its
 * slice at a tick of the scheduler (`update_deadline`), as without HRTICK nothing else looks.
 */
export async function processorsOfHost(vcpus: number): Promise<ProcessorSettings | undefined> {
  const libc = await loadLibc();
  const count = libc.cpusOf(libc.threadId()).length;
  if (vcpus < count) return undefined;
  const tickNs = libc.tickNs();
  const scaledNs = baseSliceNs * (1 + Math.floor(Math.log2(Math.min(8, count))));
  const places = placesOf(vcpus, count);
  return {
    count,
    sliceNs: Math.ceil(scaledNs / tickNs) * tickNs,
    preemptLocks: false,
    affinity: Object.fromEntries([
      ['migration', places.collector],
      ...places.vcpus.map((place, nth) => [`vcpu${nth}`, place] as const),
    ]),
  };
}
