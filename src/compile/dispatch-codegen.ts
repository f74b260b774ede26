import { maxEventlessTransitions } from '../model/machine.ts';
import { checkResult, modelCode, refuseAnswer } from '../model/model-code.ts';
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
  /** Calls a guard or an action, which is then the running function. */
  const call = (id: number, one: (args: ActionArgs) => unknown, args = 'args'): string => {
    if (!functions.includes(one)) functions.push(one);
    return `modelCode.running = ${id}; result = ${nameOf(one)}(${args});`;
  };
  const guarded = ({ guard }: FlatTransition, then: string): string =>
    guard
      ? `${call(guard.id, guard.holds, 'guardArgs')} if (result === true) ${then} else if (result !== false) refuseAnswer(result);`
      : then;
  const body = ({ id, index, actions, actionIds, target }: FlatTransition, next: string): string => `
    microsteps.record(${actor.id}, ${firstFlatTransition + index}, event.from);
    ${actions.map((one, n) => `${call(actionIds[n], one)} if (result !== undefined) checkResult(result);`).join('\n    ')}
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
      eventless.set(from, `function eventless${from}(n) {\n  let result;\n  ${attempts.join('\n  ')}\n}`);
    }
    return `eventless${from}(${nth});`;
  };
  const ofLeaf = candidates[leaf];
  const resolved = ofLeaf.map(
    (transition, n) =>
      `const resolved${n} = { index: ${firstFlatTransition + transition.index}, take() { let result; ${body(transition, '1')}\n} };`,
  );
  const chooses = ofLeaf.map((transition, n) => guarded(transition, `{ return resolved${n}; }`));
  const takes = ofLeaf.map((transition) => guarded(transition, `{${body(transition, '1')}\n return true; }`));
  const assign = payload === undefined ? '' : `event[${JSON.stringify(payload)}] = payload;`;
  const code = `'use strict'; // ${actor.name} takes ${event.type} in ${actor.leaves[leaf]}, source ${sourceCount++}
const { actor: { context, guardContext, location }, event, microsteps, counts } = source;
const args = Object.freeze({ context, event });
const guardArgs = Object.freeze({ context: guardContext, event });
const [${functions.map(nameOf).join(', ')}] = functions;
${[...eventless.values(), ...resolved].join('\n')}
return {
  only: ${payload === undefined && ofLeaf[0] && !ofLeaf[0].guard ? 'resolved0' : undefined},
  choose(payload) {
    let result;
    ${assign}
    ${chooses.join('\n    ')}
  },
  take(payload) {
    let result;
    ${assign}
    ${takes.join('\n    ')}
    return false;
  },
};`;
  const helpers = { throwEventlessLoop, modelCode, checkResult, refuseAnswer };
  return new Function('source', 'functions', ...Object.keys(helpers), code)(
    source,
    functions,
    ...Object.values(helpers),
  ) as DispatchEntry;
}
