import fc from 'fast-check';
import { expect } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { type DispatchStrategy, tableDispatch } from '../../src/compile/dispatch.ts';
import { generatedDispatch } from '../../src/compile/dispatch-codegen.ts';
import { type Program, StepOutcome } from '../../src/compile/program.ts';
import { LiveSystem } from '../../src/live/live-system.ts';
import type { Implementation } from '../../src/model/actor-definition.ts';
import type { Choice } from '../../src/model/choices.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { eventName, type SystemEvent } from '../../src/model/events.ts';
import { Machine } from '../../src/model/machine.ts';

/** Actions and messages of actors, in order: `2 xchgDirtyWord`, `2 sends LOCK to 1`. */
type ActionLog = string[];

/** Returns the design with actions that log their execution and the messages they send. */
function withActionLog(design: AnyDesign): { design: AnyDesign; log: ActionLog } {
  const log: ActionLog = [];
  const logging = (name: string, action: Implementation): Implementation => {
    return (args) => {
      const { context } = args;
      log.push(`${context.me} ${name}`);
      const send = (type: string, to: number, fields = {}): void => {
        log.push(`${context.me} sends ${type} to ${to} ${JSON.stringify(fields)}`);
        context.send(type, to, fields);
      };
      action({ ...args, context: Object.create(context, { send: { value: send } }) });
    };
  };
  const machines = new Map<Machine, Machine>();
  for (const machine of Object.values(design.machines) as Machine[]) {
    const actions = Object.entries(machine.definition.actions).map(([name, action]) => [name, logging(name, action)]);
    const definition = { ...machine.definition, actions: Object.fromEntries(actions) };
    machines.set(machine, new Machine(definition, machine.config));
  }
  const roles = Object.entries(design.machines).map(([role, machine]) => [role, machines.get(machine as Machine)]);
  return { design: { ...design, machines: Object.fromEntries(roles) }, log };
}

/** Returns the enabled choices of the current state, by trying each. */
function choicesIn(program: Program): Choice[] {
  const before = Int32Array.from(program.state);
  const events = new Int32Array(program.events.length);
  const count = program.enabled(events);
  const choices: Choice[] = [];
  for (const event of events.subarray(0, count)) {
    for (let payload = 0; payload < (program.events[event] as SystemEvent).domain; payload++) {
      if (program.step(event, payload) !== StepOutcome.refused) choices.push({ event, payload });
      else expect(program.state, 'a refused event changes nothing').toEqual(before);
      program.state.set(before);
    }
  }
  return choices;
}

/** Relative frequency of an event. */
export type EventWeight = (event: SystemEvent) => number;

/** Maps a number to a choice; each choice has as many numbers as its weight, modulo the sum of the weights. */
export function chooseWeighted(
  choices: readonly Choice[],
  number: number,
  weightOf: (choice: Choice) => number,
): Choice {
  const numbers = choices.flatMap((choice) => Array.from({ length: weightOf(choice) }, () => choice));
  return numbers[number % numbers.length] as Choice;
}

/** Table-driven or generated dispatch. */
export const anyDispatch = fc.constantFrom(tableDispatch, generatedDispatch);

/** The end of a walk. */
export interface Walk {
  readonly steps: number;
  readonly end: 'fault' | 'deadlock' | 'no more numbers';
}

/**
 * Takes a random walk with the compiled program and with live actors in lockstep, and expects them to agree in each
 * state: the same enabled choices, the same words of state, the same actions and messages in the same order, and the
 * same faults.
 * @param numbers choose the steps
 */
export function walkInLockstep(
  original: AnyDesign,
  params: Readonly<Record<string, number>>,
  numbers: readonly number[],
  {
    weight = () => 1,
    dispatch = tableDispatch,
  }: { readonly weight?: EventWeight; readonly dispatch?: DispatchStrategy } = {},
): Walk {
  const { design, log } = withActionLog(original);
  const takeEntries = (): ActionLog => log.splice(0);
  const program = compile(design, params, { dispatch });
  const path: string[] = [];
  const at = (subject: string): string => `${subject} after: ${path.join(', ') || 'the start'}`;

  takeEntries();
  const started = program.reset();
  const compiledActions = takeEntries();
  const live = new LiveSystem(design, params);
  expect(started === StepOutcome.fault ? 'fault' : 'no fault', at('compiled fault')).toBe(
    live.fault === undefined ? 'no fault' : 'fault',
  );
  if (started === StepOutcome.fault) return { steps: 0, end: 'fault' };
  expect(compiledActions, at('compiled actions')).toEqual(takeEntries());
  expect(program.state, at('compiled state')).toEqual(live.instance.state);

  for (const [steps, number] of numbers.entries()) {
    const choices = choicesIn(program);
    expect(choices, at('compiled choices')).toEqual(live.enabled());
    if (choices.length === 0) return { steps, end: 'deadlock' };
    const choice = chooseWeighted(choices, number, ({ event }) => weight(program.events[event] as SystemEvent));
    const event = program.events[choice.event] as SystemEvent;
    path.push(eventName(program.instance, event, choice.payload));

    takeEntries();
    const outcome = program.step(choice.event, choice.payload);
    const actions = takeEntries();
    live.take(choice);
    const faults = [outcome === StepOutcome.fault, live.fault !== undefined];
    expect(faults[0], at(`fault '${program.fault()}' compiled, '${live.fault}' live`)).toBe(faults[1]);
    if (outcome === StepOutcome.fault) return { steps: steps + 1, end: 'fault' };
    expect(actions, at('compiled actions')).toEqual(takeEntries());
    expect(program.state, at('compiled state')).toEqual(live.instance.state);
  }
  return { steps: numbers.length, end: 'no more numbers' };
}
