import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designs, rmapXchg } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import { type Choice, ChoiceIds } from '../../src/model/choices.ts';
import { type AnyDesign, resolveParams } from '../../src/model/design.ts';
import { PrecopyError } from '../../src/model/errors.ts';
import { eventsOf } from '../../src/model/events.ts';
import { type Instance, instantiate } from '../../src/model/instance.ts';
import { parseSchedule, printSchedule, resolveSchedule } from '../../src/model/schedule-text.ts';
import { memoryModels } from '../../src/model/store-buffer.ts';

const anyParams = fc.record({
  vcpus: fc.integer({ min: 1, max: 8 }),
  pages: fc.integer({ min: 1, max: 16 }),
  bitsPerWord: fc.integer({ min: 1, max: 32 }),
});

/** A design at any params, and any choices of it, enabled or not. */
const anyRun = fc
  .tuple(
    fc.constantFrom<AnyDesign>(...designs, ...mutants),
    fc.constantFrom(...memoryModels),
    anyParams,
    fc.array(fc.nat(), { maxLength: 40 }),
  )
  .map(([design, memoryModel, params, numbers]) => {
    const instance = instantiate({ ...design, memoryModel }, params);
    const events = eventsOf(instance);
    const all = new ChoiceIds(events);
    return { instance, events, choices: numbers.map((number) => all.choiceOf(number % all.count)) };
  });

/** Reads a schedule for the system that it should be for: the choices, or the code of the refusal. */
function read(text: string, instance: Instance): Choice[] | string {
  try {
    return [...resolveSchedule(parseSchedule(text), instance, eventsOf(instance)).choices];
  } catch (error) {
    if (error instanceof PrecopyError) return error.code;
    throw error;
  }
}

describe('a schedule', () => {
  it('survives printing and reading', () => {
    fc.assert(
      fc.property(anyRun, ({ instance, events, choices }) => {
        const text = printSchedule(instance, events, choices);
        expect(text).toMatch(/^[\w@=,:/-]+$/);
        const schedule = parseSchedule(text);
        expect(schedule.design).toBe(instance.design.id);
        expect(schedule.memoryModel).toBe(instance.design.memoryModel);
        expect(resolveParams(instance.design, schedule.params)).toEqual(instance.params);
        expect(resolveSchedule(schedule, instance, events)).toEqual({ choices });
      }),
      { numRuns: 20 },
    );
  });

  it('survives with its cycle, and is refused without it', () => {
    fc.assert(
      fc.property(anyRun, fc.nat(), ({ instance, events, choices }, n) => {
        const at = n % (choices.length + 1);
        const [stem, cycle] = [choices.slice(0, at), choices.slice(at)];
        const text = printSchedule(instance, events, stem, cycle);
        expect(resolveSchedule(parseSchedule(text), instance, events)).toEqual({ choices: stem, cycle });
        expect(read(text.slice(0, text.lastIndexOf(':')), instance)).toBe('BAD_SCHEDULE');
      }),
      { numRuns: 15 },
    );
  });

  it('is for one memory model', () => {
    const [sc, tso] = memoryModels.map((memoryModel) => instantiate({ ...rmapXchg, memoryModel }));
    const text = printSchedule(sc as Instance, eventsOf(sc as Instance), [{ event: 0, payload: 0 }]);
    expect(read(text, sc as Instance)).toEqual([{ event: 0, payload: 0 }]);
    expect(read(text, tso as Instance)).toBe('BAD_SCHEDULE');
  });

  it('may have white space around it', () => {
    const instance = instantiate(rmapXchg);
    expect(read(` ${printSchedule(instance, eventsOf(instance), [])}\n`, instance)).toEqual([]);
  });

  it('numbers every choice', () => {
    fc.assert(
      fc.property(anyRun, ({ events }) => {
        const numbers = new ChoiceIds(events);
        const again = Array.from({ length: numbers.count }, (_, number) => {
          const { event, payload } = numbers.choiceOf(number);
          expect(payload).toBeLessThan(events[event]?.domain as number);
          return numbers.firstOf(event) + payload;
        });
        expect(again).toEqual(again.map((_, n) => n));
      }),
      { numRuns: 20 },
    );
  });
});

describe('a damaged schedule is refused with BAD_SCHEDULE', () => {
  const instance = instantiate(rmapXchg);
  const good = printSchedule(instance, eventsOf(instance), [
    { event: 0, payload: 0 },
    { event: 1, payload: 1 },
    { event: 40, payload: 0 },
  ]);
  const [head = '', model = '', choices = ''] = good.split(':');

  it.each([
    ['empty', ''],
    ['one word without colons', 'rmap-xchg'],
    ['without its choices', `${head}:${model}`],
    ['without a design', `@pages=2:${model}:${choices}`],
    ['with something after its choices', `${good}:AA`],
    ['with something after its cycle', `${good}:AA:AA`],
    ['with a model hash that is too short', `${head}:${model.slice(1)}:${choices}`],
    ['with a model hash in capitals', `${head}:ABCDEF01:${choices}`],
    ['made for another model', `${head}:${model === '00000000' ? '00000001' : '00000000'}:${choices}`],
    ['with a parameter without a value', `rmap-xchg@pages=,vcpus=2:${model}:${choices}`],
    ['with a parameter that is not a number', `rmap-xchg@pages=two:${model}:${choices}`],
    ['with a parameter that is negative', `rmap-xchg@pages=-2:${model}:${choices}`],
    ['with a parameter that has two values', `${head.replace('pages=2', 'pages=2=3')}:${model}:${choices}`],
    ['with choices in another alphabet', `${head}:${model}:${choices}+/`],
    ['cut off in its last choice', `${head}:${model}:${Buffer.from([0, 200]).toString('base64url')}`],
    [
      'with a choice that the system does not have',
      `${head}:${model}:${Buffer.from([200, 200, 1]).toString('base64url')}`,
    ],
  ])('%s', (_, text) => {
    expect(read(text, instance)).toBe('BAD_SCHEDULE');
  });

  it('cut short anywhere', () => {
    fc.assert(
      fc.property(
        anyRun,
        fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
        ({ instance, events, choices }, places) => {
          const text = printSchedule(instance, events, choices);
          for (const where of places) expect(read(text.slice(0, where % text.length), instance)).toBe('BAD_SCHEDULE');
        },
      ),
      { numRuns: 15 },
    );
  });

  it('or read, whatever is inserted: no other error', () => {
    fc.assert(
      fc.property(
        anyRun,
        fc.array(fc.tuple(fc.nat(), fc.string()), { minLength: 8, maxLength: 8 }),
        ({ instance, events, choices }, insertions) => {
          const text = printSchedule(instance, events, choices);
          for (const [where, put] of insertions) {
            const at = where % (text.length + 1);
            const result = read(text.slice(0, at) + put + text.slice(at), instance);
            expect(result === 'BAD_SCHEDULE' || Array.isArray(result)).toBe(true);
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});
