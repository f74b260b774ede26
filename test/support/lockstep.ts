import fc from 'fast-check';
import { expect } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { type DispatchStrategy, tableDispatch } from '../../src/compile/dispatch.ts';
import { generatedDispatch } from '../../src/compile/dispatch-codegen.ts';
import { type Program, StepOutcome } from '../../src/compile/program.ts';
import { LiveSystem } from '../../src/live/live-system.ts';
import type { Choice } from '../../src/model/choices.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { eventName, type SystemEvent } from '../../src/model/events.ts';
import { type Implementation, Machine } from '../../src/model/machine.ts';

/** What actors did, in order: `2 xchgDirtyWord`, `2 sends LOCK to 1`. */
type Diary = string[];

/** The same design, with actions that also write down that they ran and what they sent. */
function observed(design: AnyDesign): { design: AnyDesign; diary: Diary } {
  const diary: Diary = [];
  const observe = (name: string, action: Implementation): Implementation => {
    return (args) => {
      const { context } = args;
      diary.push(`${context.me} ${name}`);
      const send = (type: string, to: number, fields = {}): void => {
        diary.push(`${context.me} sends ${type} to ${to} ${JSON.stringify(fields)}`);
        context.send(type, to, fields);
      };
      action({ ...args, context: Object.create(context, { send: { value: send } }) });
    };
  };
  const machines = new Map<Machine, Machine>();
  for (const machine of Object.values(design.machines) as Machine[]) {
    const actions = Object.entries(machine.definition.actions).map(([name, action]) => [name, observe(name, action)]);
    const definition = { ...machine.definition, actions: Object.fromEntries(actions) };
    machines.set(machine, new Machine(definition, machine.config));
  }
  const roles = Object.entries(design.machines).map(([role, machine]) => [role, machines.get(machine as Machine)]);
  return { design: { ...design, machines: Object.fromEntries(roles) }, diary };
}

/** All choices that a program offers in its current state, found by trying each. */
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

/** How often an event is chosen, against others. */
export type Weight = (event: SystemEvent) => number;

/** Chooses by a number, where each choice has as many numbers as its weight says. */
export function choose(choices: readonly Choice[], number: number, weightOf: (choice: Choice) => number): Choice {
  const numbers = choices.flatMap((choice) => Array.from({ length: weightOf(choice) }, () => choice));
  return numbers[number % numbers.length] as Choice;
}

/** Steps are taken by the tables, or by the code that is made of them. */
export const anyWays = fc.constantFrom(tableDispatch, generatedDispatch);

/** How a walk ended, and after how many steps. */
export interface Walk {
  readonly steps: number;
  readonly end: 'fault' | 'nothing can happen' | 'no more numbers';
}

/**
 * Takes a random walk with the compiled program and with live actors side by side, and expects them to agree all the way: the same
 * choices to take, the same words of state, the same actions and messages in the same order, and a fault on both sides or on none.
 */
export function walkInLockstep(
  original: AnyDesign,
  params: Readonly<Record<string, number>>,
  numbers: readonly number[],
  {
    weight = () => 1,
    ways: dispatch = tableDispatch,
  }: { readonly weight?: Weight; readonly ways?: DispatchStrategy } = {},
): Walk {
  const { design, diary } = observed(original);
  const entries = (): Diary => diary.splice(0);
  const program = compile(design, params, { dispatch });
  const path: string[] = [];
  const say = (what: string): string => `${what} after: ${path.join(', ') || 'the start'}`;

  entries();
  const started = program.reset();
  const compiledEntries = entries();
  const live = new LiveSystem(design, params);
  expect(started === StepOutcome.fault ? 'fault' : 'no fault', say('compiled fault')).toBe(
    live.fault === undefined ? 'no fault' : 'fault',
  );
  if (started === StepOutcome.fault) return { steps: 0, end: 'fault' };
  expect(compiledEntries, say('compiled actions')).toEqual(entries());
  expect(program.state, say('compiled state')).toEqual(live.instance.state);

  for (const [steps, number] of numbers.entries()) {
    const choices = choicesIn(program);
    expect(choices, say('compiled choices')).toEqual(live.enabled());
    if (choices.length === 0) return { steps, end: 'nothing can happen' };
    const choice = choose(choices, number, ({ event }) => weight(program.events[event] as SystemEvent));
    const event = program.events[choice.event] as SystemEvent;
    path.push(eventName(program.instance, event, choice.payload));

    entries();
    const outcome = program.step(choice.event, choice.payload);
    const expected = entries();
    live.take(choice);
    const faults = [outcome === StepOutcome.fault, live.fault !== undefined];
    expect(faults[0], say(`fault '${program.fault()}' compiled, '${live.fault}' live`)).toBe(faults[1]);
    if (outcome === StepOutcome.fault) return { steps: steps + 1, end: 'fault' };
    expect(expected, say('compiled actions')).toEqual(entries());
    expect(program.state, say('compiled state')).toEqual(live.instance.state);
  }
  return { steps: numbers.length, end: 'no more numbers' };
}
