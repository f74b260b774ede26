import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { check_spec_with_options, initSync } from 'tla-checker';
import { type CommandContext, runCommand } from './command.ts';
import { Refuted, type SearchRun } from './measurement.ts';
import type { Scenario } from './scenarios.ts';

const limitSeconds = 600;
const program = fileURLToPath(new URL('./tla-checker-run.ts', import.meta.url));

/** Limit of states: tla-checker keeps about a kilobyte for each. */
const maxStates = 2_000_000;

/** The result of a complete search without errors. */
export interface TlaCheck {
  readonly states: number;
  /** the state graph in DOT; steps of one action between the same two states are one edge */
  readonly graph: string;
  /** all memory of the checker */
  readonly memoryBytes: number;
}

/** The JSON result of `check_spec_with_options`. */
interface Answer {
  readonly success: boolean;
  readonly error_type: string | null;
  readonly error_message: string | null;
  readonly states_explored: number;
  readonly dot: string | null;
}

/**
 * Checks a TLA+ model with tla-checker, synchronously in this process.
 * @param config as for TLC; tla-checker has no ENABLED, so its own deadlock check replaces the invariant
 * @throws Refuted for a violated invariant or a deadlock; Error if the search is not complete
 */
export function checkTla(model: string, config: string, { graph = false } = {}): TlaCheck {
  const wasm = createRequire(import.meta.url).resolve('tla-checker/tla_checker_bg.wasm');
  const { memory } = initSync({ module: readFileSync(wasm) });
  const options = { max_states: maxStates, max_depth: maxStates, export_dot: graph, dot_mode: 'full' };
  const cfg_source = config
    .replace('NEXT Next', 'NEXT NextOrRest')
    .replace(' NoDeadlock', '')
    .replace('CHECK_DEADLOCK FALSE', 'CHECK_DEADLOCK TRUE');
  const answer = JSON.parse(check_spec_with_options(model, JSON.stringify({ ...options, cfg_source }))) as Answer;
  if (!answer.success) {
    const Problem = ['InvariantViolation', 'Deadlock'].includes(answer.error_type ?? '') ? Refuted : Error;
    throw new Problem(`tla-checker: ${answer.error_type}: ${answer.error_message}`);
  }
  return { states: answer.states_explored, graph: answer.dot ?? '', memoryBytes: memory.buffer.byteLength };
}

/** The JSON output of tla-checker-run.ts. */
export type TlaCheckerRun =
  | { readonly states: number; readonly seconds: number; readonly memoryBytes: number }
  | { readonly refuted: string };

/**
 * Measures tla-checker in one scenario, with a single run: it takes a hundred times as long as the others.
 * @throws Refuted if it finds a violation; Error if the search is not complete
 */
export async function measureTlaChecker(at: CommandContext, { vcpus, pages, emulating }: Scenario): Promise<SearchRun> {
  const args = ['--import', import.meta.resolve('tsx'), program, `${vcpus}`, `${pages}`, `${emulating}`];
  const { stdout, seconds } = await runCommand(at, limitSeconds, process.execPath, args);
  const run = JSON.parse(stdout) as TlaCheckerRun;
  if ('refuted' in run) throw new Refuted(run.refuted);
  const { states, seconds: searchSeconds, memoryBytes } = run;
  return { states, searchSeconds, totalSeconds: seconds, bytesPerState: memoryBytes / states };
}
