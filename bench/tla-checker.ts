import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { check_spec_with_options, initSync } from 'tla-checker';
import { run as runCommand, type Workplace } from './command.ts';
import { Refuted, type Run } from './measurement.ts';
import type { Size } from './sizes.ts';

const limitSeconds = 600;
const program = fileURLToPath(new URL('./tla-checker-run.ts', import.meta.url));

/** It keeps about a kilobyte a state. */
const mostStates = 2_000_000;

/** What a complete search without errors comes to. */
export interface TlaCheck {
  readonly states: number;
  /** the state graph in the language of Graphviz, an edge a step; steps of one action from one state to one other are one edge */
  readonly graph: string;
  /** all memory of the checker */
  readonly memoryBytes: number;
}

/** What `check_spec_with_options` returns, in JSON. */
interface Answer {
  readonly success: boolean;
  readonly error_type: string | null;
  readonly error_message: string | null;
  readonly states_explored: number;
  readonly dot: string | null;
}

/**
 * Checks a TLA+ model with tla-checker, in this process and in one go.
 * @param config as for TLC; it has no ENABLED, so that it looks for deadlocks itself
 * @throws Refuted when an invariant does not hold or there is a deadlock, Error when it gives up
 */
export function checkTla(model: string, config: string, { graph = false } = {}): TlaCheck {
  const wasm = createRequire(import.meta.url).resolve('tla-checker/tla_checker_bg.wasm');
  const { memory } = initSync({ module: readFileSync(wasm) });
  const options = { max_states: mostStates, max_depth: mostStates, export_dot: graph, dot_mode: 'full' };
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

/** What a process of its own says, in JSON. */
export type TlaCheckerRun =
  | { readonly states: number; readonly seconds: number; readonly memoryBytes: number }
  | { readonly refuted: string };

/**
 * Measures tla-checker at one size, once: it takes a hundred times as long as the others.
 * @throws Error when it finds an error in the model, or gives up
 */
export async function measureTlaChecker(at: Workplace, { vcpus, pages, emulating }: Size): Promise<Run> {
  const args = ['--import', import.meta.resolve('tsx'), program, `${vcpus}`, `${pages}`, `${emulating}`];
  const { stdout, seconds } = await runCommand(at, limitSeconds, process.execPath, args);
  const run = JSON.parse(stdout) as TlaCheckerRun;
  if ('refuted' in run) throw new Refuted(run.refuted);
  const { states, seconds: searchSeconds, memoryBytes } = run;
  return { states, searchSeconds, totalSeconds: seconds, bytesPerState: memoryBytes / states };
}
