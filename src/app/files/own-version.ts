import { readFileSync } from 'node:fs';

/** Returns the version of this package. */
export function version(): string {
  const path = new URL(import.meta.resolve('#package/package.json'));
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
