import { parseArgs } from 'node:util';
import type { Workplace } from './command.ts';
import type { Measurement } from './measurement.ts';
import { measurePrecopy } from './precopy.ts';
import { type Report, reportOf } from './report.ts';
import { inScratchFolder } from './scratch.ts';
import { nameOf, sizes } from './sizes.ts';
import { measureSpin, spinEngines, spinTools } from './spin.ts';
import { render } from './table.ts';

const usage = `Usage: npm run bench [-- --json]
Measures precopy against SPIN on the same model of the design rmap-xchg.
  --json  one JSON document on stdout instead of a table
  --help  this text
Exit code 1 when the two do not have the same states and transitions, or a search fails.
`;

async function measure(at: Workplace): Promise<Report> {
  const tools = await spinTools(at);
  const peers = tools.spin !== undefined && tools.gcc !== undefined ? spinEngines : [];
  const measurements: Measurement[] = [];
  for (const size of sizes) {
    note(`${nameOf(size)} precopy`);
    measurements.push(await measurePrecopy(at, size));
    if (size.maxStates !== undefined) continue;
    for (const engine of peers) {
      note(`${nameOf(size)} ${engine}`);
      measurements.push(await measureSpin(at, engine, size));
    }
  }
  return reportOf(measurements, tools);
}

function note(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`measuring ${what}\n`);
}

async function main(json: boolean): Promise<number> {
  const report = await inScratchFolder(measure);
  process.stdout.write(`${json ? JSON.stringify(report, undefined, 2) : render(report)}\n`);
  return report.granularity.every(({ equal }) => equal) ? 0 : 1;
}

function options(): { readonly json: boolean; readonly help: boolean } | undefined {
  try {
    const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean' } } });
    return { json: values.json ?? false, help: values.help ?? false };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    return undefined;
  }
}

const asked = options();
if (!asked) {
  process.exitCode = 2;
} else if (asked.help) {
  process.stdout.write(usage);
} else {
  try {
    process.exitCode = await main(asked.json);
  } catch (error) {
    const interrupted = (error as Error).name === 'AbortError';
    process.stderr.write(interrupted ? 'interrupted\n' : `${(error as Error).message}\n`);
    process.exitCode = interrupted ? 130 : 1;
  }
}
