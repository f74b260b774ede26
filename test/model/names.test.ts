import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { and, bit, bitmap, defineSystem, not, posted, rendezvous, shared } from '../../src/index.ts';
import { instantiate } from '../../src/model/instance.ts';
import { reservedNames } from '../../src/model/validate-memory.ts';
import { explore } from '../support/explore.ts';
import {
  designWith,
  expectRefusal,
  header,
  leadsTo,
  never,
  type Parts,
  step,
  type Untyped,
} from '../support/misnamed-design.ts';

/** What is wrong, the design, and what the message says: where it stands, the name, and the nearest names. */
const refusedWhenDefined: readonly (readonly [string, Parts, string | RegExp])[] = [
  [
    'a key of a system',
    { system: { messges: {} } },
    "system 'office': there is no key 'messges' (did you mean 'messages'?)",
  ],
  [
    'a key of a param',
    { system: { params: { pages: { defualt: 1, min: 1, max: 2 } } } },
    /param 'pages': .*'defualt' \(did you mean 'default'/,
  ],
  [
    'a default out of range',
    { system: { params: { pages: { default: 9, min: 1, max: 2 } } } },
    "param 'pages': the default 9 is not from 1 to 2",
  ],
  [
    'a delivery',
    { system: { messages: { ASK: { ...rendezvous('page'), delivery: 'post' } } } },
    /message ASK: .*'post' \(did you mean 'posted'/,
  ],
  ['a role that is nobody', { system: { actors: { nobody: 'one' } } }, "a role cannot be called 'nobody'"],
  [
    'a machine of no role',
    { system: { actors: { worker: 'one', clerk: 'one', x: { some: () => 1, machineOf: 'clrk' } } } },
    /role 'x': .*'clrk' \(did you mean 'clerk'/,
  ],
  ['a tag of every object', { system: { tags: ['constructor'] } }, "a tag cannot be called 'constructor'"],
  ['a tag twice', { system: { tags: ['busy', 'busy'] } }, "declares the tag 'busy' twice"],
  ['a message that is a drain', { system: { messages: { DRAIN: posted() } } }, "a message cannot be called 'DRAIN'"],
  [
    'a field that every event has',
    { system: { messages: { ASK: rendezvous('from') } } },
    "a field cannot be called 'from'",
  ],
  [
    'the role of a symmetry',
    { system: { symmetry: { role: 'wroker' } } },
    /symmetry: there is no role 'wroker' \(did you mean 'worker'/,
  ],
  ['a key of an actor', { actor: { regsters: () => ({}) } }, "there is no key 'regsters' (did you mean 'registers'?)"],
  [
    'a key of an event',
    { actor: { events: { STEP: {}, WRITE: { feild: 'gfn' } } } },
    /event WRITE of an actor: .*'feild' \(did you mean 'field'/,
  ],
  [
    'a size without a field',
    { actor: { events: { STEP: {}, WRITE: { size: () => 2 } } } },
    'event WRITE of an actor has a size and no field',
  ],
  [
    'a guard that is no function',
    { implementations: { guards: { isFree: true } } },
    "the guard 'isFree' is no function",
  ],
  [
    'a key of a machine',
    { machine: { intial: 'idle' } },
    "machine 'worker': there is no key 'intial' (did you mean 'initial'?)",
  ],
  ['a context of a machine', { machine: { context: { n: 0 } } }, "machine 'worker' has a context of its own"],
  [
    'an initial state',
    { machine: { initial: 'idel' } },
    "machine 'worker', initial: there is no state 'idel' (did you mean 'idle'?)",
  ],
  [
    'a state without a way in',
    { states: { wroking: { on: { STEP: 'idle' } } } },
    "machine 'worker': there is no way into the state 'wroking' (did you mean 'working'",
  ],
  [
    'two states that only lead to each other',
    { states: { a: { on: { STEP: 'b' } }, b: { on: { STEP: 'a' } } } },
    "no way into the state 'a'",
  ],
  [
    'a key of a state',
    { states: { working: { on: { STEP: 'idle' }, entyr: 'act' } } },
    "machine 'worker', state 'working': there is no key 'entyr' (did you mean 'entry'?)",
  ],
  [
    'a type of state',
    { states: { working: { type: 'finale' } } },
    "state 'working': there is no type of state 'finale' (did you mean 'final'?)",
  ],
  [
    'a tag of a state',
    { states: { working: { tags: ['bussy'] } } },
    "state 'working': there is no tag 'bussy' (did you mean 'busy'?)",
  ],
  [
    'an event of a state',
    { states: { working: { on: { STPE: 'idle' } } } },
    "state 'working': there is no event or message 'STPE' (did you mean 'STEP'?)",
  ],
  [
    'a transition of a final state',
    { states: { working: { type: 'final', on: { STEP: 'idle' } } } },
    "state 'working' is final and has transitions",
  ],
  [
    'a key of a transition',
    step({ gaurd: 'isFree', target: 'working' }),
    "machine 'worker', state 'idle', STEP: there is no key 'gaurd' (did you mean 'guard'?)",
  ],
  [
    'one of several transitions',
    step([{ target: 'working' }, { traget: 'working' }]),
    "'traget' (did you mean 'target'?)",
  ],
  [
    'a target',
    step('wroking'),
    "machine 'worker', state 'idle', STEP: there is no state 'wroking' (did you mean 'working'?)",
  ],
  ['an absolute target', step('#worker.wroking'), "there is no state '#worker.wroking'"],
  [
    'an action',
    step({ actions: ['act', 'acct'], target: 'working' }),
    "state 'idle', STEP: there is no action 'acct' (did you mean 'act'?)",
  ],
  [
    'an action with params',
    step({ actions: { type: 'act', parms: 1 } }),
    "STEP, action: there is no key 'parms' (did you mean 'params'?)",
  ],
  ['an entry action', { states: { working: { entry: 'acct' } } }, "state 'working': there is no action 'acct'"],
  [
    'a guard',
    step({ guard: 'isFee', target: 'working' }),
    "state 'idle', STEP: there is no guard 'isFee' (did you mean 'isFree'?)",
  ],
  [
    'a guard in a guard',
    step({ guard: and(['isFree', not('isFee')]), target: 'working' }),
    "there is no guard 'isFee'",
  ],
  [
    'a state of a patch',
    { patch: { states: { wroking: { on: { STEP: 'idle' } } } } },
    "machine 'worker': there is no way into the state 'wroking' (did you mean 'working'?)",
  ],
  [
    'a key of a patch',
    { patch: { state: {} } },
    "a patch of machine 'worker': there is no key 'state' (did you mean 'states'?)",
  ],
  [
    'a key of a transition of a patch',
    { patch: { states: { idle: { on: { STEP: { actoins: 'act' } } } } } },
    "state 'idle', STEP: there is no key 'actoins' (did you mean 'actions'?)",
  ],
  [
    'an action of a patch',
    { patch: { actions: { acct: () => undefined } } },
    "a patch of machine 'worker': there is no action 'acct' (did you mean 'act'?)",
  ],
  [
    'a guard of a patch',
    { patch: { guards: { isFee: () => true } } },
    "there is no guard 'isFee' (did you mean 'isFree'?)",
  ],
  [
    'a key of a design',
    { design: { propertis: [] } },
    "design 'office': there is no key 'propertis' (did you mean 'properties'?)",
  ],
  ['an empty id', { design: { id: '' } }, "a design has the id ''"],
  [
    'a param of a design',
    { design: { params: { page: 1 } } },
    "design 'office', params: there is no param 'page' (did you mean 'pages'?)",
  ],
  ['a param of the safety check', { design: { safetyParams: { page: 1 } } }, "safetyParams: there is no param 'page'"],
  ['an unsupported param', { design: { unsupportedParams: ['page'] } }, "unsupportedParams: there is no param 'page'"],
  ['a memory model', { design: { memoryModel: 'tsa' } }, "there is no memory model 'tsa' (did you mean 'tso'"],
  ['a machine that is none', { design: { machines: { worker: {}, clerk: {} } } }, "the machine of 'worker' is object"],
  [
    'two properties of one id',
    { properties: [never(() => true), never(() => true)] },
    "design 'office' has two properties called 'p'",
  ],
  ['a property of every design', header({ id: 'well-formed' }), "two properties called 'well-formed'"],
  ['an empty id of a property', header({ id: '' }), "a property has the id ''"],
  ['a key of a property', header({ were: () => true }), "property 'p': there is no key 'were' (did you mean 'where'?)"],
  [
    'a kind of property',
    header({ kind: 'invarient' }),
    "property 'p': there is no kind 'invarient' (did you mean 'invariant'?)",
  ],
  [
    'an event of a premise',
    leadsTo({ finitely: ['WRTIE'] }),
    "property 'p', finitely: there is no event 'WRTIE' (did you mean 'WRITE'?)",
  ],
  [
    'an event of strong fairness',
    leadsTo({ strongly: [{ event: 'KIKC' }] }),
    "strongly: there is no event 'KIKC' (did you mean 'KICK'?)",
  ],
  [
    'a rendezvous as a premise, which is no choice',
    leadsTo({ finitely: ['ASK'] }),
    "finitely: there is no event 'ASK'",
  ],
  [
    'a key of strong fairness',
    leadsTo({ strongly: [{ event: 'STEP', wehn: () => true }] }),
    "strongly: there is no key 'wehn' (did you mean 'when'?)",
  ],
  ['what a mutant breaks', { mutant: { breaks: 'q' } }, "mutant 'office/m', breaks: there is no property 'q'"],
  ['a key of a mutant', { mutant: { fixdBy: 'x' } }, "there is no key 'fixdBy' (did you mean 'fixedBy'?)"],
  ['a param of a mutant', { mutant: { params: { page: 1 } } }, "there is no param 'page' (did you mean 'pages'?)"],
];

const refusedWhenInstantiated: readonly (readonly [string, Parts, string | RegExp])[] = [
  ...reservedNames.map(
    (name) =>
      [
        `a memory region called ${name}`,
        { system: { memory: () => ({ [name]: shared({}) }) } },
        `cannot be called '${name}'`,
      ] as const,
  ),
  [
    'a memory region called toString',
    { system: { memory: () => ({ toString: shared({}) }) } },
    "cannot be called 'toString'",
  ],
  [
    'a memory region called as an actor',
    { system: { memory: () => ({ clerk: shared({}) }) } },
    "and an actor are both called 'clerk'",
  ],
  [
    'a cell with a dot',
    { system: { memory: () => ({ desk: shared({ 'a.b': bit() }) }) } },
    "a cell cannot be called 'a.b'",
  ],
  [
    'a cell that is none',
    { system: { memory: () => ({ desk: shared({ lamp: 3 as never }) }) } },
    "the cell 'lamp' is no cell",
  ],
  [
    'a register called as every object is',
    { actor: { registers: () => ({ valueOf: bit() }) } },
    "machine 'worker': a register cannot be called 'valueOf'",
  ],
  [
    'a param in the declaration of memory',
    { system: { memory: ({ page }: Untyped) => ({ desk: shared({ dirty: bitmap(page) }) }) } },
    "reads 'page', but the design has no such param (did you mean 'pages'?)",
  ],
  [
    'a param in the size of a payload',
    { actor: { events: { STEP: {}, WRITE: { field: 'gfn', size: (params: Untyped) => params.page } } } },
    "reads 'page'",
  ],
  [
    'a negative number of actors',
    { system: { actors: { worker: 'one', clerk: () => -1 } } },
    "design office has -1 actors of the role 'clerk'",
  ],
  [
    'half an actor',
    { system: { actors: { worker: 'one', clerk: () => 0.5 } } },
    "design office has 0.5 actors of the role 'clerk'",
  ],
  [
    'a role of a machine',
    { design: { machines: { wroker: undefined } } },
    "a machine for 'wroker', which is not a role (did you mean 'worker'?)",
  ],
  [
    'a cell of a symmetry',
    {
      system: {
        symmetry: { role: 'worker', perProcess: ['desk.dirt'], processSets: [], processIds: {}, payloads: [] },
      },
    },
    "symmetry: there is no cell 'desk.dirt' (did you mean 'desk.dirty'",
  ],
];

it('the design without a mistake holds', () => {
  expect(explore(designWith({})).verdict).toBe('holds');
});

describe('when it is defined, a design is refused for', () => {
  it.each(refusedWhenDefined)('%s', (_, parts, text) => expectRefusal(() => designWith(parts), text));
});

describe('before its first step, a design is refused for', () => {
  it.each(refusedWhenInstantiated)('%s', (_, parts, text) => expectRefusal(() => instantiate(designWith(parts)), text));
});

describe('what is not refused', () => {
  it('a state that a patch cuts off: a mutant leaves out a step', () => {
    const patch = { states: { idle: { on: { STEP: 'idle' } } } };
    expect(explore(designWith({ patch })).verdict).toBe('holds');
  });

  it('the names that the tools of JavaScript ask for', () => {
    const [actor] = instantiate(designWith({})).actors;
    expect(() => JSON.stringify([actor?.context['params'], actor?.context['actors']])).not.toThrow();
    expect(() => String(actor?.context['params'])).not.toThrow();
  });

  it('a machine and properties of a system, in a system with more', () => {
    const design = designWith({});
    const system = design.system.extend({ name: 'more', tags: ['more'] });
    expect(() => compile({ ...design, system } as never)).not.toThrow();
  });
});

it('a machine of another system is refused, even if that has the same names', () => {
  const design = designWith({});
  const system = defineSystem({ ...design.system.spec, name: 'other' });
  expectRefusal(
    () => compile({ ...design, system } as never),
    /machine '.*' is of the system '.*', which 'other' does not extend/,
  );
});
