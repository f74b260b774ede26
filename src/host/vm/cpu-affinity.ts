/**
 * Assigns the threads of a virtual machine to CPUs: the collector to the first, each vCPU to one of the others. If
 * there are more threads than CPUs, the last vCPUs share with the first threads.
 * @param cpus number of available CPUs
 * @returns indices of the available CPUs
 */
export function assignCpus(
  vcpus: number,
  cpus: number,
): { readonly collector: number; readonly vcpus: readonly number[] } {
  return { collector: 0, vcpus: Array.from({ length: vcpus }, (_, nth) => (nth + 1) % cpus) };
}
