import { describe, it } from 'vitest';
import { LiveSystem } from '../../src/index.ts';
import { explore } from '../support/explore.ts';
import {
  act,
  designWith,
  expectRefusal,
  header,
  type Parts,
  property,
  type Untyped,
} from '../support/misnamed-design.ts';

const action = "machine 'worker': the action 'act'";
const refusedWhenRead: readonly (readonly [string, Parts, string])[] = [
  [
    'a region',
    act(({ context }) => context.dsek),
    `${action} reads 'dsek', but the context has no such name (did you mean 'desk'?)`,
  ],
  [
    'a cell',
    act(({ context: { desk } }) => desk.lmap),
    `${action} reads 'lmap', but memory region 'desk' has no such cell (did you mean 'lamp'?)`,
  ],
  [
    'a register',
    act(({ context: { my } }) => my.att),
    `${action} reads 'att', but the actor has no such register (did you mean 'at'`,
  ],
  [
    'a param',
    act(({ context: { params } }) => params.page),
    `${action} reads 'page', but the design has no such param (did you mean 'pages'?)`,
  ],
  [
    'a role',
    act(({ context: { actors } }) => actors.clrk),
    `${action} reads 'clrk', but the system has no such role (did you mean 'clerk'?)`,
  ],
  [
    'a field of the event',
    act(({ event }) => event.gnf),
    `${action} reads 'gnf', but the event STEP has no such field`,
  ],
  [
    'a field of another event',
    act(({ event }) => event.page),
    `${action} reads 'page', but the event STEP has no such field`,
  ],
  ['a message that is sent', act(({ context: { send } }) => send('KIKC', 1)), `${action} sends KIKC`],
  [
    'a field that is sent',
    act(({ context: { send } }) => send('ASK', 1, { page: 0, gfn: 1 })),
    `${action} sends ASK with the field gfn`,
  ],
  [
    'a field that is not sent',
    act(({ context: { send } }) => send('ASK', 1, {})),
    `${action} sends ASK without the field page`,
  ],
  [
    'a register, written',
    act(({ context: { my } }) => {
      my.att = 1;
    }),
    `${action} writes 'att', but the actor has no such register (did you mean 'at'`,
  ],
  [
    'a bitmap register, written',
    act(({ context: { my } }) => {
      my.mask = 1;
    }),
    `${action} writes to what must not change`,
  ],
  [
    'a cell, written like a variable',
    act(({ context: { desk } }) => {
      desk.lamp = true;
    }),
    `${action} writes to what must not change`,
  ],
  [
    'a cell that is not there, written',
    act(({ context: { desk } }) => {
      desk.lmap = true;
    }),
    `${action} writes 'lmap', but memory region 'desk' has no such cell`,
  ],
  [
    'a name of the context, written',
    act(({ context }) => {
      context.note = 1;
    }),
    `${action} writes 'note', but the context has no such name`,
  ],
  [
    'a field of the event, written',
    act(({ event }) => {
      event.from = 1;
    }),
    `${action} writes to what must not change`,
  ],
  [
    'its arguments, taken for the registers and written',
    act((my) => {
      my.at = 1;
    }),
    `${action} writes to what must not change`,
  ],
  [
    'a param, written',
    act(({ context: { params } }) => {
      params.pages = 1;
    }),
    `${action} writes to what must not change`,
  ],
];

const refusedInProperties: readonly (readonly [string, Parts, string])[] = [
  [
    'a region',
    property(({ dsek }) => dsek),
    "the property 'p' reads 'dsek', but the view has no such name (did you mean 'desk'?)",
  ],
  [
    'a cell',
    property(({ desk }) => desk.lmap),
    "the property 'p' reads 'lmap', but memory region 'desk' has no such cell (did you mean 'lamp'?)",
  ],
  [
    'a tag',
    property(({ is }) => is.bussy),
    "the property 'p' reads 'bussy', but the system has no such tag (did you mean 'busy'?)",
  ],
  [
    'a message',
    property(({ posted }) => posted.KIKC),
    "reads 'KIKC', but the system has no such posted message (did you mean 'KICK'?)",
  ],
  [
    'a param',
    property(({ params }) => params.page),
    "reads 'page', but the design has no such param (did you mean 'pages'?)",
  ],
  [
    'a role',
    property(({ actors }) => actors.clrk),
    "reads 'clrk', but the system has no such role (did you mean 'clerk'?)",
  ],
  [
    'a param of `where`',
    header({ where: (params: Untyped) => params.page === 2 }),
    "'where' of the property 'p' reads 'page'",
  ],
];

describe('an action is refused, compiled and live, for', () => {
  it.each(refusedWhenRead)('%s', (_, parts, text) => {
    expectRefusal(() => explore(designWith(parts)), text);
    expectRefusal(() => new LiveSystem(designWith(parts)).take({ event: 0, payload: 0 }), text);
  });
});

describe('a property is refused for', () => {
  it.each(refusedInProperties)('%s', (_, parts, text) => expectRefusal(() => explore(designWith(parts)), text));
});
