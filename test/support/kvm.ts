import { inject } from 'vitest';

/** The device that tests use; another path plays a machine without KVM. */
export const device = process.env['PRECOPY_TEST_KVM'] ?? '/dev/kvm';

/** Why tests of the real kernel do not run here; undefined where they do. Printed once, by kvm-setup.ts. */
export const kvmIsMissing = inject('kvmIsMissing');
