import { writeFileSync } from 'node:fs';
import { checkWritable, withWriteErrors } from '../../app/files/output-file.ts';
import type { HostValidateDocument, ValidatedCell } from '../../app/host/host-documents.ts';
import { passes, type ValidateOptions, validateHost } from '../../app/host/validate.ts';
import { isAimReached } from '../../app/host/validation-errors.ts';
import type { CellMetrics } from '../../host/results.ts';
import { cellName } from '../../host/validate/grid.ts';
import { ExitCode } from '../exit-codes.ts';
import { showCount } from '../options/units.ts';
import { Output } from '../report/console-output.ts';
import { validationPage } from '../report/validation-page.ts';
import { percent, validationTables } from '../report/validation-tables.ts';
import { interruptSignal } from '../sigint.ts';
import type { HostFlags } from './probe.ts';

/** Flags of `host validate`. */
export interface ValidateFlags extends ValidateOptions, HostFlags {
  readonly html?: string;
  readonly markdown?: string;
}

/** Measures and predicts a grid of cells, and reports the prediction errors. Returns the exit code. */
export async function hostValidate({ html, markdown, ...flags }: ValidateFlags): Promise<ExitCode> {
  const output = new Output(flags);
  checkWritable(html);
  checkWritable(markdown);
  const { document, gridCells } = await validateHost(flags, {
    createSignal: interruptSignal,
    onBenchmark: (name, bytes) => output.printProseDetail(`measuring ${name} with ${bytes / 2 ** 20} MiB`),
    onMeasured: (cell, pass) => output.printProseDetail(`measured ${cellName(cell)}, pass ${pass} of ${passes}`),
    onPredictionStart: () => output.printProseDetail('simulating; the machine need not be idle from here on'),
    onPredicted: (cell) => output.printProseDetail(cellText(cell)),
  });
  reportErrors(document, gridCells, output);
  const write = (path: string | undefined, text: (document: HostValidateDocument) => string): void => {
    if (path === undefined) return;
    withWriteErrors(path, () => writeFileSync(path, text(document)));
    output.print(`wrote ${path}`);
  };
  write(html, validationPage);
  write(markdown, validationTables);
  if (flags.json) output.document(document);
  return document.complete ? ExitCode.holds : ExitCode.inconclusive;
}

function reportErrors({ cells, errors }: HostValidateDocument, gridCells: number, output: Output): void {
  output.gap();
  for (const { metric, medianError, repeatError, worstError } of errors) {
    const repeated = repeatError === undefined ? '' : ` (of a second measurement: ${percent(repeatError)})`;
    output.printProse(
      `${metric.padEnd(16)} median error ${percent(medianError)}${repeated}, largest ${percent(worstError)}`,
    );
  }
  const aim = isAimReached(errors) ? 'reached' : 'missed';
  output.printProse(`${cells.length} of ${gridCells} cells; the aim of 15 % (30 % for the longest write) is ${aim}`);
}

/** Formats a cell: predicted / measured. */
function cellText({ name, observed, predicted }: ValidatedCell): string {
  const pair = (of: (metrics: CellMetrics) => string): string => `${of(predicted)} / ${of(observed)}`;
  const ms = (ns: number): string => (ns / 1e6).toFixed(ns < 1e6 ? 3 : 2);
  return [
    name.padEnd(50),
    `GET ${pair(({ getNs }) => ms(getNs))} ms`,
    `CLEAR ${pair(({ clearNs }) => ms(clearNs))} ms`,
    `worst ${pair(({ worstWriteNs }) => ms(worstWriteNs))} ms`,
    `writes ${pair(({ writesPerSecond }) => showCount(writesPerSecond))} /s`,
    `dirty ${pair(({ dirtyPages }) => showCount(dirtyPages))}`,
  ].join('  ');
}
