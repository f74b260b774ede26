import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createPattern } from '../../src/host/vm/vcpu.ts';
import { VirtualMachine } from '../../src/host/vm/virtual-machine.ts';

/** Returns the files and mappings of KVM in this process. */
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

// Runs as a process: starts a guest, releases the virtual machine, and prints the files and mappings before and after.
const vm = await VirtualMachine.create({ memoryBytes: 2 ** 21, vcpus: 1, hugePages: true }, process.argv[2]);
const [vcpu] = vm.vcpus;
vcpu?.setPattern(createPattern(512, { writes: Number.POSITIVE_INFINITY }));
void vcpu?.enter();
const had = ofKvm().length;
await vm.release();
process.stdout.write(JSON.stringify({ had, left: ofKvm() }));
