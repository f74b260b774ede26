import { readFileSync } from 'node:fs';
import { sleepNow } from './quiet.ts';
import { type Measured, measured } from './statistics.ts';
import { type Subject, timeNs } from './subject.ts';

const calls = 10;
const sleepMs = 20;

/**
 * How long the thread that takes the log runs in user space around one ioctl, from where it wakes up to where it sleeps again: it looks at what the
 * vCPU has written before and after.
 */
export function collectorNs({ machine, bitmap, vcpu }: Subject, repeats: number): Measured {
  const thread = machine.libc.threadId();
  const samples = Array.from({ length: repeats }, () => {
    let ioctlNs = 0;
    const before = ranNs(thread);
    for (let n = 0; n < calls; n++) {
      sleepNow(sleepMs);
      const { writes } = vcpu;
      vcpu.forgetWorst();
      ioctlNs += timeNs(() => bitmap.get());
      if (vcpu.writes !== writes) throw new Error('the vCPU writes, and is not to be in the guest');
    }
    return Math.max(0, ranNs(thread) - before - ioctlNs) / calls;
  });
  return measured(samples);
}

/** For how long a thread has had a CPU. */
function ranNs(thread: number): number {
  return Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
}
