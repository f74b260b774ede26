import { guestLayout } from './layout.ts';

/**
 * Flags of an entry (Intel SDM volume 3, 4.5): present, writable, user; accessed and dirty, so the CPU never sets them.
 */
const entry = { table: 0x27n, largePage: 0xe7n };
const largePageBytes = 0x20_0000n;
const entriesPerTable = 512;
const gibibyte = 0x4000_0000n;

/**
 * Writes the page tables of the guest into its system slot: an identity mapping of both slots, in pages of 2 MiB.
 * Returns the value of CR3.
 */
export function writePageTables(system: ArrayBuffer, memoryBytes: number): bigint {
  const view = new BigUint64Array(system, guestLayout.pageTables);
  let used = 0;
  const newTable = (): { readonly first: number; readonly address: bigint } => {
    const first = used * entriesPerTable;
    used += 1;
    return { first, address: BigInt(guestLayout.pageTables + first * 8) };
  };

  const pml4 = newTable();
  const pdpt = newTable();
  view[pml4.first] = pdpt.address | entry.table;
  const map = (address: bigint, bytes: number): void => {
    const end = address + BigInt(bytes);
    for (let start = address; start < end; start += gibibyte) {
      const directory = newTable();
      view[pdpt.first + Number(start / gibibyte)] = directory.address | entry.table;
      for (let n = 0n; n < entriesPerTable && start + n * largePageBytes < end; n++) {
        view[directory.first + Number(n)] = (start + n * largePageBytes) | entry.largePage;
      }
    }
  };
  map(guestLayout.system.address, guestLayout.system.bytes);
  map(guestLayout.memory.address, memoryBytes);
  return pml4.address;
}
