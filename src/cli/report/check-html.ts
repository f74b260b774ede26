import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { NotChecked } from '../../app/check/check-schema.ts';
import type { CheckResult } from '../../app/check/verification-job.ts';
import { withWriteErrors } from '../../app/files/output-file.ts';
import { version } from '../../app/files/own-version.ts';
import { checkPage } from '../../report/check-page.ts';
import { commandLine, replayCommandLine } from './shell-command.ts';

/** Returns how many processes wanted a processor in the last minute, on average. */
export const loadNow = (): number => loadavg()[0] ?? 0;

/** Writes the report of a check to a file. */
export function writeReport(
  file: string,
  found: {
    readonly results: readonly CheckResult[];
    readonly mutants: readonly CheckResult[];
    readonly notChecked: readonly NotChecked[];
  },
  loadBefore: number,
): void {
  const [{ file: own } = { file: undefined }] = [...found.results, ...found.mutants];
  const html = checkPage({
    command: commandLine(),
    version: version(),
    machine: { cores: cpus().length, loadBefore, loadAfter: loadNow() },
    date: new Date().toISOString(),
    ...found,
    replayCommand: (schedule) => replayCommandLine(schedule, own),
  });
  withWriteErrors(file, () => writeFileSync(file, html));
}
