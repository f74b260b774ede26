import { maxEventless } from '../model/machine.ts';
import { type DispatchEntry, type DispatchStrategy, throwEventlessLoop, type WaysSource } from './dispatch.ts';
import type { StepArgs } from './event-objects.ts';
import type { FlatTransition } from './transition-tables.ts';

/**
 * Chooses and takes as the tables say, by code that is made of them: a tenth of a millisecond for each event in each state, when it is needed
 * first. It pays where there are millions of steps.
 */
export const generatedDispatch: DispatchStrategy = (source) =>
  source.arrows.map((_, leaf) => {
    const choices: DispatchEntry = {
      only: undefined,
      choose: (told) => made().choose(told),
      take: (told) => made().take(told),
    };
    const made = (): DispatchEntry => Object.assign(choices, generateDispatch(source, leaf));
    return choices;
  });

let sources = 0;

/**
 * Writes the code of one actor for one event in one of its states, and evaluates it. It calls the very guards and actions that the tables have.
 * But V8 knows each of them where it is called, and the arguments, so that it makes one piece of all of them, with the places of the cells in it.
 * For that, each actor has functions of its own, and no two have the same source.
 */
function generateDispatch(source: WaysSource, leaf: number): DispatchEntry {
  const { actor, event, payload, arrows, always, firstTransition, firstArrow } = source;
  const functions: ((args: StepArgs) => unknown)[] = [];
  const call = (one: (args: StepArgs) => unknown): string => {
    if (!functions.includes(one)) functions.push(one);
    return `${nameOf(one)}(args)`;
  };
  const nameOf = (one: (args: StepArgs) => unknown): string =>
    `f${functions.indexOf(one)}_${one.name.replace(/\W/g, '')}`;
  const guarded = ({ guard }: FlatTransition, then: string): string => (guard ? `if (${call(guard)}) ${then}` : then);
  const body = ({ id, index, actions, target }: FlatTransition, next: string): string => `
    moves.record(${actor.number}, ${firstArrow + index}, event.from);
    ${actions.map((action) => `${call(action)};`).join(' ')}
    location.set(${target});
    counts[${firstTransition + id}]++;
    ${goOn(target, next)}`;
  const eventless = new Map<number, string>();
  /** Takes an eventless transition out of a state, if one goes: the nth of the step. */
  const goOn = (from: number, nth: string): string => {
    const ways = always[from];
    if (ways.length === 0) return '';
    if (!eventless.has(from)) {
      eventless.set(from, '');
      const tries = ways.map((arrow) =>
        guarded(arrow, `{ if (n > ${maxEventless}) endless(); ${body(arrow, 'n + 1')} return; }`),
      );
      eventless.set(from, `function goOn${from}(n) {\n  ${tries.join('\n  ')}\n}`);
    }
    return `goOn${from}(${nth});`;
  };
  const candidates = arrows[leaf];
  const ways = candidates.map(
    (arrow, n) => `const way${n} = { arrow: ${firstArrow + arrow.index}, take() {${body(arrow, '1')}\n} };`,
  );
  const choices = candidates.map((arrow, n) => guarded(arrow, `return way${n};`));
  const takes = candidates.map((arrow) => guarded(arrow, `{${body(arrow, '1')}\n return true; }`));
  const tell = payload === undefined ? '' : `event[${JSON.stringify(payload)}] = told;`;
  const code = `'use strict'; // ${actor.name} takes ${event.type} in ${actor.leaves[leaf]}, number ${sources++}
const { actor: { context, location }, event, moves, counts } = source;
const args = { context, event };
const [${functions.map(nameOf).join(', ')}] = functions;
${[...eventless.values(), ...ways].join('\n')}
return {
  only: ${payload === undefined && candidates[0] && !candidates[0].guard ? 'way0' : undefined},
  choose(told) {
    ${tell}
    ${choices.join('\n    ')}
  },
  take(told) {
    ${tell}
    ${takes.join('\n    ')}
    return false;
  },
};`;
  return new Function('source', 'functions', 'endless', code)(source, functions, throwEventlessLoop) as DispatchEntry;
}
