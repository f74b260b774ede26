import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Workplace } from './command.ts';
import { type Engine, enginesAt } from './engines.ts';
import { type Measurement, Refuted, type Run } from './measurement.ts';
import { measurePrecopy } from './precopy.ts';
import { type Report, reportOf } from './report.ts';
import { inScratchFolder } from './scratch.ts';
import { allSizes, type Size, shapeOf } from './sizes.ts';
import { measureSpin } from './spin.ts';
import { render } from './table.ts';
import { measureTlaChecker } from './tla-checker.ts';
import { measureTlc } from './tlc.ts';
import { findTools, missingFor, type Tools } from './tools.ts';

const usage = `Usage: npm run bench [-- --sizes tiny,small] [--tlc path/to/tla2tools.jar] [--json]
Measures precopy beside SPIN, TLC and tla-checker on the same model of the design rmap-xchg, with and without reductions. bench/README.md tells how to read it.
  --sizes <names>  ${allSizes.map((size) => `${size.name} (${shapeOf(size)} emulating)`).join(', ')}; all of them unless told
  --tlc <path>     tla2tools.jar, 1.7 or later, for the rows of TLC; or TLA2TOOLS_JAR in the environment
  --json           one JSON document on stdout instead of a table
  --help           this text
Exit codes: 0; 1 when precopy and a peer without reduction do not have the same states and transitions, a peer finds that something does not
hold, or a search of precopy fails;
2 wrong usage; 130 interrupted.
`;

interface Asked {
  readonly json: boolean;
  readonly help: boolean;
  readonly sizes: readonly Size[];
  /** path of tla2tools.jar */
  readonly jar: string | undefined;
}

async function measure(at: Workplace, { sizes, jar }: Asked): Promise<Report> {
  const tools = await findTools(at, jar);
  const measurements: Measurement[] = [];
  for (const size of sizes) {
    for (const engine of enginesAt(size)) {
      if (missingFor(engine.tool, tools).length > 0) continue;
      if (process.stderr.isTTY) process.stderr.write(`measuring ${engine.name} at ${size.name}\n`);
      try {
        measurements.push({ size, engine, run: await search(at, engine, size, tools) });
      } catch (error) {
        if ((error as Error).name === 'AbortError') throw error;
        const failure = ((error as Error).message.split('\n')[0] as string).trim();
        measurements.push({ size, engine, failure, ...(error instanceof Refuted && { isRefuted: true }) });
      }
    }
  }
  return reportOf(measurements, sizes, tools);
}

function search(at: Workplace, engine: Engine, size: Size, { tla2tools }: Tools): Promise<Run> {
  switch (engine.tool) {
    case 'precopy':
      return measurePrecopy(at, engine, size);
    case 'SPIN':
      return measureSpin(at, engine, size);
    case 'TLC':
      return measureTlc(at, engine, size, tla2tools as string);
    case 'tla-checker':
      return measureTlaChecker(at, size);
  }
}

async function main(asked: Asked): Promise<number> {
  const report = await inScratchFolder((at) => measure(at, asked));
  process.stdout.write(`${asked.json ? JSON.stringify(report, undefined, 2) : render(report)}\n`);
  const hasFailed = report.rows.some(
    ({ engine, failure, isRefuted }) => isRefuted || (engine.startsWith('precopy') && failure !== undefined),
  );
  return hasFailed || report.granularity.some(({ equal }) => !equal) ? 1 : 0;
}

function options(): Asked | undefined {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean' },
        sizes: { type: 'string' },
        tlc: { type: 'string' },
      },
    });
    const sizes = values.sizes?.split(',').map((name) => {
      const size = allSizes.find((one) => one.name === name);
      if (!size) throw new Error(`there is no size '${name}'`);
      return size;
    });
    const jar = values.tlc ?? (process.env['TLA2TOOLS_JAR'] || undefined);
    if (jar !== undefined && !existsSync(jar)) throw new Error(`there is no file '${jar}'`);
    return {
      json: values.json ?? false,
      help: values.help ?? false,
      sizes: sizes ?? allSizes,
      jar: jar && resolve(jar),
    };
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
