import { readFileSync } from 'node:fs';
import { type BenchmarkGuest, timeNs } from './benchmark-guest.ts';
import { sleepBlocking } from './sleep.ts';
import { type Measurement, summarize } from './statistics.ts';

const calls = 10;
const sleepMs = 20;

/**
 * Measures how long the collector's thread runs in user space around one ioctl, from wake-up to sleep. It reads the
 * vCPU's counters before and after.
 */
export function measureCollectorOverhead({ vm, bitmap, vcpu }: BenchmarkGuest, repeats: number): Measurement {
  const thread = vm.libc.threadId();
  const samples = Array.from({ length: repeats }, () => {
    let ioctlNs = 0;
    const before = cpuTimeNs(thread);
    for (let n = 0; n < calls; n++) {
      sleepBlocking(sleepMs);
      const { writes } = vcpu;
      vcpu.resetWorstCycles();
      ioctlNs += timeNs(() => bitmap.get());
      if (vcpu.writes !== writes) throw new Error('the vCPU writes, although it is not in the guest');
    }
    return Math.max(0, cpuTimeNs(thread) - before - ioctlNs) / calls;
  });
  return summarize(samples);
}

/** Returns the CPU time of a thread of this process, in nanoseconds. */
function cpuTimeNs(thread: number): number {
  return Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
}
