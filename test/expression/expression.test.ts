import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../src/expression/compile-expression.ts';
import {
  type AnyDesign,
  actor,
  actorQueue,
  actorSet,
  bit,
  bitmap,
  compile,
  counter,
  defineDesign,
  defineSystem,
  PrecopyError,
  posted,
  queue,
  shared,
} from '../../src/index.ts';

const system = defineSystem({
  name: 'office',
  params: { pages: { default: 4, min: 1, max: 64, description: 'pages' } },
  memory: ({ pages }) => ({
    kvm: shared({ dirty: [bitmap(pages), bitmap(pages)], large: bitmap(40), logging: bit(), slots: counter(3) }),
    lock: shared({ holder: actor(3), waiters: actorSet(3), line: actorQueue(3, 3), log: queue(2, pages) }),
  }),
  messages: { KICK: posted() },
  actors: { vcpu: () => 2, ioctl: 'one', device: { some: () => 0 } },
  tags: ['busy', 'idle'],
});
const vcpu = system
  .actor({
    events: { STEP: {} },
    registers: ({ pages }) => ({ gfn: counter(pages), mask: bitmap(pages), done: bit() }),
  })
  .setup({
    actions: {
      write: ({ context: { my, kvm, lock, actors, me, send } }) => {
        my.gfn = 1;
        my.mask.set(2);
        my.done = true;
        kvm.dirty(0).set(1);
        lock.holder.set(me);
        lock.waiters.set(me);
        lock.line.push(me);
        send('KICK', actors.ioctl);
      },
    },
  })
  .createMachine({
    id: 'vcpu',
    initial: 'guest',
    states: {
      guest: { tags: ['idle'], on: { STEP: { actions: 'write', target: 'host', meta: { coarse: 'a test' } } } },
      host: { initial: 'lockMmu', tags: ['busy'], states: { lockMmu: { on: { STEP: 'unlock' } }, unlock: {} } },
    },
  });
const ioctl = system
  .actor({ events: {} })
  .setup({ actions: {} })
  .createMachine({
    id: 'ioctl',
    initial: 'user',
    states: { user: { on: { KICK: 'in' } }, in: { initial: 'and', states: { and: {} } } },
  });

const design: AnyDesign = defineDesign({ id: 'office', title: '', system, machines: { vcpu, ioctl }, properties: [] });
const program = compile(design);
program.reset();
program.step(
  program.events.findIndex(({ actor }) => actor === 0),
  0,
);

/** Evaluates an expression after the first step of vcpu0. */
const evaluate = (text: string): boolean =>
  compileExpression(text, design, program.params)(program.instance.view as never);

const truths = [
  'vcpu0 in host.lockMmu',
  'vcpu0 in host',
  'vcpu1 in guest and ioctl in user',
  'not vcpu1 in host',
  'not (vcpu0 in guest or vcpu1 in host)',
  'vcpu0 in guest and vcpu1 in host or ioctl in user',
  'vcpu0 has busy and vcpu1 has idle',
  'any vcpu in host',
  'no vcpu in host.unlock',
  'all vcpu.gfn <= 1 and not all vcpu.gfn == 1',
  'any vcpu (vcpu in host and vcpu.gfn == 1)',
  'count(vcpu in host) == 1',
  'count(vcpu has idle) <= count(kvm.dirty[0])',
  'vcpu0.gfn == 1',
  'vcpu0.mask[2] and not vcpu0.mask[0]',
  'vcpu0.done',
  'vcpu0.done == 1 and vcpu1.done != 1',
  'kvm.dirty[0] != 0 and kvm.dirty[1] == 0',
  'kvm.dirty[0][1] and not kvm.dirty[0][0]',
  'kvm.dirty[0] == 0x2',
  'kvm.dirty[0][vcpu0.gfn]',
  'kvm.dirty[0] contains vcpu0.gfn',
  'not kvm.logging',
  'kvm.slots >= 0',
  'lock.holder == vcpu0 and lock.holder != nobody',
  'lock.waiters contains vcpu0 and not lock.waiters contains vcpu1',
  'lock.waiters[vcpu0]',
  'lock.line[0] == vcpu0 and lock.line contains vcpu0',
  'count(lock.line) == 1 and count(lock.waiters) == 1',
  'not lock.line[1] == vcpu1 and not lock.line[1] != vcpu1',
  'count(lock.log) == 0 and not lock.log contains 3',
  'count(kvm.large) == 0',
  'posted.KICK[ioctl]',
  'not ioctl in in and not ioctl in in.and',
  'not lock.waiters contains nobody and not lock.waiters[nobody] and not posted.KICK[nobody]',
  'not lock.waiters[lock.line[1]] and not lock.waiters contains lock.line[1] and not posted.KICK[lock.line[1]]',
  'not kvm.dirty[0][lock.log[0]] and not kvm.dirty[0] contains lock.log[0]',
  'params.pages == 4',
  ' (  ((vcpu0 in host)) )',
];

describe('an expression over states', () => {
  for (const text of truths) {
    it(`${text}`, () => {
      expect(evaluate(text)).toBe(true);
      expect(evaluate(`not (${text})`)).toBe(false);
    });
  }
});

/** Mistakes: the expression, with the place that the error marks in angle brackets, its cause and its remedy. */
const mistakes: readonly (readonly [text: string, cause: string | RegExp, remedy?: string | RegExp])[] = [
  ['«vpcu0» in host', "there is no actor or memory region 'vpcu0' (did you mean 'vcpu0'?)"],
  ['vcpu0 in «host.lockMm»', /^vcpu0 has no state 'host.lockMm' \(did you mean 'host.lockMmu'/],
  ['vcpu0 has «bsy»', "there is no tag 'bsy' (did you mean 'busy'?)", 'there are busy, idle'],
  ['kvm.«drty»[0] == 0', "kvm has no cell 'drty' (did you mean 'dirty'?)"],
  ['vcpu0.«gnf» == 1', "vcpu0 has no register 'gnf' (did you mean 'gfn'?)"],
  ['params.«page» == 1', "there is no param 'page' (did you mean 'pages'?)"],
  ['posted.«KICKS»[ioctl]', "there is no posted message 'KICKS' (did you mean 'KICK'?)"],
  ['any «vpcu» in host', "there is no role 'vpcu' (did you mean 'vcpu'?)"],
  ['any «device» in host', 'there is no device at these params'],
  ['«vcpu» in host', 'vcpu is a role', 'name an actor: vcpu0, vcpu1; or write any vcpu, all vcpu'],
  ['«kvm» == 1', 'kvm is a memory region', 'name one of its cells: dirty, large, logging, slots'],
  ['«kvm.dirty» == 0', 'kvm.dirty is a list', 'ask for one of its cells: kvm.dirty[0]'],
  ['kvm.dirty[«2»] == 0', 'there is no 2', 'kvm.dirty has cells 0 to 1'],
  ['kvm.dirty[0][«4»]', 'there is no 4', 'kvm.dirty has bits 0 to 3'],
  ['kvm.slots[«0»]', 'kvm.slots is a single value', 'leave the index out'],
  ['«kvm.slots»', 'this is a number, neither true nor false', 'compare it: == 1'],
  ['«kvm.dirty[0]»', 'this is a bitmap, neither true nor false', 'ask for a bit, [0], or compare it: != 0'],
  ['vcpu0 in host and «vcpu0»', /^this is an actor, neither true nor false/],
  ['lock.holder == «0»', 'this is no actor', 'compare an actor with an actor, or with nobody'],
  ['lock.holder < «vcpu0»', 'actors have no order', 'compare them with == or !='],
  ['lock.waiters contains «1»', 'this is no actor'],
  ['«1 == 2»', 'this reads nothing of the state', 'name a cell'],
  ['kvm.slots == «4»', 'the value is 0 to 3', 'compare it with a number up to 3'],
  ['«16» == kvm.dirty[0]', 'the value is 0 to 15'],
  ['«kvm.large» != 0', 'this is no number', 'ask for a bit, [0], or for count(...)'],
  ['«kvm.slots» contains 1', 'this contains nothing'],
  ['«kvm.slots» in host', 'this is no name of an actor'],
  ['vcpu0 in «»', 'the expression ends here', 'write a state'],
  ['vcpu0 «is» host', "'is' is not expected here"],
  ['vcpu0 in host «vcpu1» in host', "'vcpu1' is not expected here", "write 'and', 'or' or nothing more"],
  ['(vcpu0 in host«»', 'the expression ends here'],
  ['kvm.dirty[0«»', 'the expression ends here', "write ']'"],
  ['kvm.slots == «12x»', "'12x' is not expected here", "write 'count', a name or a number"],
  ['vcpu0 in host «&»& vcpu1 in host', "'&' is not expected here"],
  ['kvm.slots «=» 1', "'=' is not expected here", /an operator such as ==/],
  ['«»', 'the expression ends here'],
];

describe('a mistake in an expression is refused where it stands', () => {
  for (const [marked, cause, remedy] of mistakes) {
    it(marked, () => {
      const text = marked.replace(/[«»]/g, '');
      const start = marked.indexOf('«');
      const length = Math.max(1, marked.indexOf('»') - start - 1);
      let error: unknown;
      try {
        evaluate(text);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(PrecopyError);
      const { code, message, remedy: advice, excerpt } = error as PrecopyError;
      expect(code).toBe('BAD_PARAMETER');
      expect(excerpt).toBe(`  ${text}\n  ${' '.repeat(start)}${'^'.repeat(length)}`);
      const [, column, said] = /^--until, column (\d+): (.*)$/.exec(message) ?? [];
      expect(Number(column)).toBe(start + 1);
      expect(said).toEqual(typeof cause === 'string' ? expect.stringContaining(cause) : expect.stringMatching(cause));
      if (remedy !== undefined) expect(advice).toMatch(remedy);
    });
  }
});

it('an expression of thousands of levels is refused', () => {
  const nested = `${'('.repeat(50_000)}vcpu0 in host${')'.repeat(50_000)}`;
  expect(() => evaluate(nested)).toThrow(
    expect.objectContaining({ code: 'BAD_PARAMETER', message: '--until: the expression is nested too deeply' }),
  );
});
