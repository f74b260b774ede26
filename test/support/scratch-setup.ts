import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** All that tests write goes into one folder, which goes when they have ended. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'precopy-tests-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
