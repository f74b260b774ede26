import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { CommandContext } from './command.ts';
import { type Engine, enginesFor } from './engines.ts';
import { type Measurement, Refuted, type SearchRun } from './measurement.ts';
import { measurePrecopy } from './precopy.ts';
import { createReport, type Report } from './report.ts';
import { allScenarios, type Scenario, shapeOf } from './scenarios.ts';
import { inScratchFolder } from './scratch.ts';
import { measureSpin } from './spin.ts';
import { render } from './table.ts';
import { measureTlaChecker } from './tla-checker.ts';
import { measureTlc } from './tlc.ts';
import { findTools, missingTools, type Tools } from './tools.ts';

const usage = `Usage: npm run bench [-- --scenarios tiny,small] [--tlc path/to/tla2tools.jar] [--json]
Measures precopy and its peers SPIN, TLC and tla-checker on the same model of rmap-xchg, with and without reductions. See bench/README.md.
  --scenarios <names>  vCPUs x pages, emulating vCPUs (default: all)
${allScenarios.map((scenario) => `${' '.repeat(23)}${scenario.name.padEnd(7)} ${shapeOf(scenario)}`).join('\n')}
  --tlc <path>         tla2tools.jar, 1.7 or later, for the rows of TLC (or TLA2TOOLS_JAR in the environment)
  --json               one JSON document on stdout instead of a table
  --help               this text
Exit codes: 0; 1 if precopy and a peer without reduction differ in states or transitions, a peer finds a violation, or a search of precopy fails;
2 wrong usage; 130 interrupted.
`;

interface Options {
  readonly json: boolean;
  readonly help: boolean;
  readonly scenarios: readonly Scenario[];
  /** path of `tla2tools.jar` */
  readonly jar: string | undefined;
}

async function measure(at: CommandContext, { scenarios, jar }: Options): Promise<Report> {
  const tools = await findTools(at, jar);
  const measurements: Measurement[] = [];
  for (const scenario of scenarios) {
    for (const engine of enginesFor(scenario)) {
      if (missingTools(engine.tool, tools).length > 0) continue;
      if (process.stderr.isTTY) process.stderr.write(`measuring ${engine.name} in ${scenario.name}\n`);
      try {
        measurements.push({ scenario, engine, run: await search(at, engine, scenario, tools) });
      } catch (error) {
        if ((error as Error).name === 'AbortError') throw error;
        const failure = ((error as Error).message.split('\n')[0] as string).trim();
        measurements.push({ scenario, engine, failure, ...(error instanceof Refuted && { isRefuted: true }) });
      }
    }
  }
  return createReport(measurements, scenarios, tools);
}

function search(at: CommandContext, engine: Engine, scenario: Scenario, { tla2tools }: Tools): Promise<SearchRun> {
  switch (engine.tool) {
    case 'precopy':
      return measurePrecopy(at, engine, scenario);
    case 'SPIN':
      return measureSpin(at, engine, scenario);
    case 'TLC':
      return measureTlc(at, engine, scenario, tla2tools as string);
    case 'tla-checker':
      return measureTlaChecker(at, scenario);
  }
}

async function main(parsed: Options): Promise<number> {
  const report = await inScratchFolder((at) => measure(at, parsed));
  process.stdout.write(`${parsed.json ? JSON.stringify(report, undefined, 2) : render(report)}\n`);
  const hasFailed = report.rows.some(
    ({ engine, failure, isRefuted }) => isRefuted || (engine.startsWith('precopy') && failure !== undefined),
  );
  return hasFailed || report.stateSpaces.some(({ equal }) => !equal) ? 1 : 0;
}

function options(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean' },
        scenarios: { type: 'string' },
        tlc: { type: 'string' },
      },
    });
    const scenarios = values.scenarios?.split(',').map((name) => {
      const scenario = allScenarios.find((one) => one.name === name);
      if (!scenario) throw new Error(`there is no scenario '${name}'`);
      return scenario;
    });
    const jar = values.tlc ?? (process.env['TLA2TOOLS_JAR'] || undefined);
    if (jar !== undefined && !existsSync(jar)) throw new Error(`there is no file '${jar}'`);
    return {
      json: values.json ?? false,
      help: values.help ?? false,
      scenarios: scenarios ?? allScenarios,
      jar: jar && resolve(jar),
    };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    return undefined;
  }
}

const parsed = options();
if (!parsed) {
  process.exitCode = 2;
} else if (parsed.help) {
  process.stdout.write(usage);
} else {
  try {
    process.exitCode = await main(parsed);
  } catch (error) {
    const interrupted = (error as Error).name === 'AbortError';
    process.stderr.write(interrupted ? 'interrupted\n' : `${(error as Error).message}\n`);
    process.exitCode = interrupted ? 130 : 1;
  }
}
