import type { TestProject } from 'vitest/node';
import { Kvm } from '../../src/host/vm/kvm.ts';
import { PrecopyError } from '../../src/model/errors.ts';

declare module 'vitest' {
  interface ProvidedContext {
    kvmIsMissing: string | undefined;
  }
}

/**
 * Determines once whether tests can use the real kernel. With CI=true only the device may be missing: `npm ci` installs
 * koffi.
 */
export default async function setup(project: TestProject): Promise<void> {
  const device = process.env['PRECOPY_TEST_KVM'] ?? '/dev/kvm';
  try {
    (await Kvm.open(device)).close();
    project.provide('kvmIsMissing', undefined);
  } catch (error) {
    const isExpected =
      error instanceof PrecopyError && (error.message.includes(device) || process.platform !== 'linux');
    if (!isExpected && process.env['CI'] === 'true') throw error;
    process.stderr.write(`tests of the real kernel did not run: ${(error as Error).message}\n`);
    project.provide('kvmIsMissing', (error as Error).message);
  }
}
