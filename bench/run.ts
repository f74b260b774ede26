import { parseArgs } from 'node:util';
import type { Workplace } from './command.ts';
import { enginesAt } from './engines.ts';
import type { Measurement } from './measurement.ts';
import { measurePrecopy } from './precopy.ts';
import { type Report, reportOf } from './report.ts';
import { inScratchFolder } from './scratch.ts';
import { allSizes, type Size, shapeOf } from './sizes.ts';
import { measureSpin, spinTools } from './spin.ts';
import { render } from './table.ts';

const usage = `Usage: npm run bench [-- --sizes small,medium,large] [--json]
Measures precopy beside SPIN on the same model of the design rmap-xchg, with and without reductions. bench/README.md tells how to read it.
  --sizes <names>  ${allSizes.map((size) => `${size.name} (${shapeOf(size)} emulating)`).join(', ')}; all of them unless told
  --json           one JSON document on stdout instead of a table
  --help           this text
Exit codes: 0; 1 when precopy and SPIN without reduction do not have the same states and transitions, or a search of precopy fails;
2 wrong usage; 130 interrupted.
`;

interface Asked {
  readonly json: boolean;
  readonly help: boolean;
  readonly sizes: readonly Size[];
}

async function measure(at: Workplace, sizes: readonly Size[]): Promise<Report> {
  const tools = await spinTools(at);
  const hasSpin = tools.spin !== undefined && tools.gcc !== undefined;
  const measurements: Measurement[] = [];
  for (const size of sizes) {
    for (const engine of enginesAt(size)) {
      if (engine.tool === 'SPIN' && !hasSpin) continue;
      if (process.stderr.isTTY) process.stderr.write(`measuring ${engine.name} at ${size.name}\n`);
      try {
        const search = engine.tool === 'SPIN' ? measureSpin(at, engine, size) : measurePrecopy(at, engine, size);
        measurements.push({ size, engine, run: await search });
      } catch (error) {
        if ((error as Error).name === 'AbortError') throw error;
        measurements.push({ size, engine, failure: ((error as Error).message.split('\n')[0] as string).trim() });
      }
    }
  }
  return reportOf(measurements, sizes, tools);
}

async function main({ json, sizes }: Asked): Promise<number> {
  const report = await inScratchFolder((at) => measure(at, sizes));
  process.stdout.write(`${json ? JSON.stringify(report, undefined, 2) : render(report)}\n`);
  const hasFailed = report.rows.some(({ engine, failure }) => engine.startsWith('precopy') && failure !== undefined);
  return hasFailed || report.granularity.some(({ equal }) => !equal) ? 1 : 0;
}

function options(): Asked | undefined {
  try {
    const { values } = parseArgs({
      options: { json: { type: 'boolean' }, help: { type: 'boolean' }, sizes: { type: 'string' } },
    });
    const sizes = values.sizes?.split(',').map((name) => {
      const size = allSizes.find((one) => one.name === name);
      if (!size) throw new Error(`there is no size '${name}'`);
      return size;
    });
    return { json: values.json ?? false, help: values.help ?? false, sizes: sizes ?? allSizes };
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
    process.exitCode = await main(asked);
  } catch (error) {
    const interrupted = (error as Error).name === 'AbortError';
    process.stderr.write(interrupted ? 'interrupted\n' : `${(error as Error).message}\n`);
    process.exitCode = interrupted ? 130 : 1;
  }
}
