import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Machine } from '../../src/host/vm/machine.ts';

/** Files and mappings of KVM in this process. */
function ofKvm(): string[] {
  const files = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  return [...files, ...readFileSync('/proc/self/maps', 'utf8').split('\n')].filter((line) => line.includes('kvm'));
}

// A process of its own: runs a guest, releases the machine while it runs, and prints how much of KVM it had and what is left.
const machine = await Machine.create({ memoryBytes: 2 ** 21, vcpus: 1, hugePages: true }, process.argv[2]);
const [vcpu] = machine.vcpus;
vcpu?.setPattern({
  writes: Number.POSITIVE_INFINITY,
  firstPage: 0,
  pages: 512,
  stride: 1,
  hotShare: 0,
  hotPages: 0,
  think: 0,
  position: 0n,
});
void vcpu?.enter();
const had = ofKvm().length;
await machine.release();
process.stdout.write(JSON.stringify({ had, left: ofKvm() }));
