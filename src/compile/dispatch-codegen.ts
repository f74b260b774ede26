import { maxEventlessTransitions } from '../model/machine.ts';
import { type DispatchEntry, type DispatchSource, type DispatchStrategy, throwEventlessLoop } from './dispatch.ts';
import type { ActionArgs } from './event-objects.ts';
import type { FlatTransition } from './transition-tables.ts';

/**
 * Dispatches by code generated from the tables. Code is generated on first use, which takes a tenth of a millisecond
 * for each event in each state: worth it for millions of steps.
 */
export const generatedDispatch: DispatchStrategy = (source) =>
  source.candidates.map((_, leaf) => {
    const entry: DispatchEntry = {
      only: undefined,
      choose: (payload) => generated().choose(payload),
      take: (payload) => generated().take(payload),
    };
    const generated = (): DispatchEntry => Object.assign(entry, generateDispatch(source, leaf));
    return entry;
  });

let sourceCount = 0;

/**
 * Generates and evaluates the code of one actor for one event in one of its states. It calls the guards and actions of
 * the tables. Each call site has one callee, and each actor has functions of its own with a source of their own, so V8
 * inlines them and specializes them to the cells of the actor.
 */
function generateDispatch(source: DispatchSource, leaf: number): DispatchEntry {
  const { actor, event, payload, candidates, always, firstTransition, firstFlatTransition } = source;
  const functions: ((args: ActionArgs) => unknown)[] = [];
  const nameOf = (one: (args: ActionArgs) => unknown): string =>
    `f${functions.indexOf(one)}_${one.name.replace(/\W/g, '')}`;
  const call = (one: (args: ActionArgs) => unknown): string => {
    if (!functions.includes(one)) functions.push(one);
    return `${nameOf(one)}(args)`;
  };
  const guarded = ({ guard }: FlatTransition, then: string): string => (guard ? `if (${call(guard)}) ${then}` : then);
  const body = ({ id, index, actions, target }: FlatTransition, next: string): string => `
    microsteps.record(${actor.id}, ${firstFlatTransition + index}, event.from);
    ${actions.map((action) => `${call(action)};`).join(' ')}
    location.set(${target});
    counts[${firstTransition + id}]++;
    ${takeEventless(target, next)}`;
  const eventless = new Map<number, string>();
  /** Takes an eventless transition out of a leaf, if one is enabled: the nth of the step. */
  const takeEventless = (from: number, nth: string): string => {
    const transitions = always[from];
    if (transitions.length === 0) return '';
    if (!eventless.has(from)) {
      eventless.set(from, '');
      const attempts = transitions.map((transition) =>
        guarded(
          transition,
          `{ if (n > ${maxEventlessTransitions}) throwEventlessLoop(); ${body(transition, 'n + 1')} return; }`,
        ),
      );
      eventless.set(from, `function eventless${from}(n) {\n  ${attempts.join('\n  ')}\n}`);
    }
    return `eventless${from}(${nth});`;
  };
  const ofLeaf = candidates[leaf];
  const resolved = ofLeaf.map(
    (transition, n) =>
      `const resolved${n} = { index: ${firstFlatTransition + transition.index}, take() {${body(transition, '1')}\n} };`,
  );
  const chooses = ofLeaf.map((transition, n) => guarded(transition, `return resolved${n};`));
  const takes = ofLeaf.map((transition) => guarded(transition, `{${body(transition, '1')}\n return true; }`));
  const assign = payload === undefined ? '' : `event[${JSON.stringify(payload)}] = payload;`;
  const code = `'use strict'; // ${actor.name} takes ${event.type} in ${actor.leaves[leaf]}, source ${sourceCount++}
const { actor: { context, location }, event, microsteps, counts } = source;
const args = { context, event };
const [${functions.map(nameOf).join(', ')}] = functions;
${[...eventless.values(), ...resolved].join('\n')}
return {
  only: ${payload === undefined && ofLeaf[0] && !ofLeaf[0].guard ? 'resolved0' : undefined},
  choose(payload) {
    ${assign}
    ${chooses.join('\n    ')}
  },
  take(payload) {
    ${assign}
    ${takes.join('\n    ')}
    return false;
  },
};`;
  return new Function('source', 'functions', 'throwEventlessLoop', code)(
    source,
    functions,
    throwEventlessLoop,
  ) as DispatchEntry;
}
