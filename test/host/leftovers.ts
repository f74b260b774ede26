import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Machine } from '../../src/host/vm/machine.ts';
import { sweep } from '../../src/host/vm/vcpu.ts';

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
vcpu?.setPattern(sweep(512, { writes: Number.POSITIVE_INFINITY }));
void vcpu?.enter();
const had = ofKvm().length;
await machine.release();
process.stdout.write(JSON.stringify({ had, left: ofKvm() }));
