import { inject } from 'vitest';

/** The device that tests use. Another path simulates a machine without KVM. */
export const device = process.env['PRECOPY_TEST_KVM'] ?? '/dev/kvm';

/** Why tests of the real kernel are skipped; undefined if they run. kvm-setup.ts prints it once. */
export const kvmIsMissing = inject('kvmIsMissing');
