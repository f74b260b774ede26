import type { Recorder } from '../model/access-recording.ts';
import type { AnyDesign } from '../model/design.ts';
import { instantiate, type WatchedInputs } from '../model/instance.ts';
import type { Layout } from '../model/state-layout.ts';
import { refuseOutsideCalls } from '../platform/refuse-outside-calls.ts';
import { type DispatchStrategy, tableDispatch } from './dispatch.ts';
import { Interpreter } from './interpreter.ts';
import { compileTables, type TransitionTables } from './transition-tables.ts';

/**
 * Options of `compile`.
 * @example
 * compile(design, { pages: 1 }, { record: (access) => console.log(access.cell) });
 */
export interface CompileOptions {
  /** called with every access to memory and registers */
  readonly record?: Recorder;
  /** layout of the state vector; default packed */
  readonly layout?: Layout;
  /** how actors dispatch their events; default by tables */
  readonly dispatch?: DispatchStrategy;
  /** replaces what code of the design is given besides cells; default nothing */
  readonly watched?: WatchedInputs;
}

/**
 * Compiles a design.
 * @throws PrecopyError `UNSUPPORTED_FEATURE`, `BAD_DESIGN` or `BAD_PARAMETER`
 * @example
 * const program = compile(design, { vcpus: 2, pages: 1 });
 */
export function compile(
  design: AnyDesign,
  params: Readonly<Record<string, number>> = {},
  { record, layout, dispatch = tableDispatch, watched }: CompileOptions = {},
): Interpreter {
  refuseOutsideCalls();
  const tables = new Map(Object.values(design.machines).map((machine) => [machine, compileTables(machine.statechart)]));
  const instance = instantiate(design, params, record, layout, watched);
  return new Interpreter(
    instance,
    instance.actors.map(({ machine }) => tables.get(machine) as TransitionTables),
    dispatch,
  );
}
