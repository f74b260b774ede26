import { PrecopyError } from '../model/errors.ts';

const { process } = globalThis as { readonly process?: { readonly env: { readonly PRECOPY_ASSERT?: string } } };

/**
 * True in a debug build: if the environment variable `PRECOPY_ASSERT` is `1`. A browser has no environment, and never
 * asserts. Hot loops guard their assertions by this constant, so that they cost nothing otherwise.
 */
export const assertionsEnabled = process?.env.PRECOPY_ASSERT === '1';

/**
 * Checks an invariant of a data structure in a debug build.
 * @throws PrecopyError `INTERNAL` if the invariant is broken
 */
export function assertInvariant(holds: boolean, invariant: string): void {
  if (!assertionsEnabled || holds) return;
  throw new PrecopyError('INTERNAL', `broken invariant: ${invariant}`, 'please report this');
}
