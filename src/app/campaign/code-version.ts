import { version } from '../files/own-version.ts';
import { hashOfOwnCode } from '../files/source-hash.ts';
import type { PrecopyVersion } from './plan-schema.ts';

/** The directories whose code decides what a shard does. */
const directories = [
  'machines',
  'properties',
  'src/model',
  'src/compile',
  'src/cache',
  'src/search',
  'src/clock',
  'src/simulate',
];

let own: PrecopyVersion | undefined;

/** Returns the version of this precopy, and the hash of its code. */
export function ownVersion(): PrecopyVersion {
  own ??= { version: version(), code: hashOfOwnCode(directories) };
  return own;
}

/** Formats a version for a message: `precopy 0.1.0 (code 3f2a9c01)`. */
export const versionText = ({ version, code }: PrecopyVersion): string =>
  `precopy ${version} (code ${code.slice(0, 8)})`;
