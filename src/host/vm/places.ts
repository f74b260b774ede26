/**
 * Which CPU each thread of a machine keeps to, where `cpus` may be used: the one that takes the log has the first, and each vCPU one of the others,
 * as far as there are some; the last vCPUs share with those before them.
 * @returns indices of `cpus`
 */
export function placesOf(
  vcpus: number,
  cpus: number,
): { readonly collector: number; readonly vcpus: readonly number[] } {
  return { collector: 0, vcpus: Array.from({ length: vcpus }, (_, nth) => (nth + 1) % cpus) };
}
