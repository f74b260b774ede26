import { type Choice, ChoiceIds } from './choices.ts';
import { displayedParams } from './design.ts';
import { PrecopyError } from './errors.ts';
import type { SystemEvent } from './events.ts';
import type { Instance } from './instance.ts';
import { modelHash } from './model-hash.ts';
import type { MemoryModel } from './store-buffer.ts';

/** A schedule as text says it: a design, its params, and choices by number. */
export interface Schedule {
  readonly design: string;
  readonly params: Readonly<Record<string, number>>;
  readonly memoryModel: MemoryModel;
  /** what `modelHash` gives for the design at these params */
  readonly model: string;
  readonly numbers: readonly number[];
  /**
   * of a run without an end: what is repeated for ever after those; nothing at all happens any more where it is empty
   */
  readonly cycle?: readonly number[];
}

/**
 * Prints a schedule as one word that a shell leaves alone, its choices behind their count:
 * `rmap-xchg@vcpus=2,pages=2:1f00c9ae:AwABAg`. What is repeated for ever stands behind a further colon, and counts
 * before it as well, so that no part alone is a schedule. One that was taken under TSO has `tso` among its params.
 */
export function printSchedule(
  instance: Instance,
  events: readonly SystemEvent[],
  choices: readonly Choice[],
  cycle?: readonly Choice[],
): string {
  const numbers = new ChoiceIds(events);
  const print = (some: readonly Choice[], more: number): string => {
    const all = [some.length + more, ...some.map(({ event, payload }) => numbers.firstOf(event) + payload)];
    return Buffer.from(all.flatMap(varint)).toString('base64url');
  };
  const params = displayedParams(instance.design, instance.params).map(([name, value]) => `${name}=${value}`);
  if (instance.design.memoryModel === 'tso') params.push('tso');
  const parts = [`${instance.design.id}@${params.join(',')}`, modelHash(instance), print(choices, countOfCycle(cycle))];
  return [...parts, ...(cycle ? [print(cycle, 0)] : [])].join(':');
}

const countOfCycle = (cycle: readonly unknown[] | undefined): number => (cycle ? cycle.length + 1 : 0);

/**
 * Reads what `printSchedule` has printed.
 * @throws PrecopyError `BAD_SCHEDULE`
 */
export function parseSchedule(text: string): Schedule {
  const bad = (why: string): never => {
    throw new PrecopyError(
      'BAD_SCHEDULE',
      `this is no schedule: ${why}`,
      'copy the whole word that `precopy check` printed after `replay`',
    );
  };
  const [head = '', model = '', choices, cycle, ...rest] = text.trim().split(':');
  const [design = '', paramText = '', ...more] = head.split('@');
  if (choices === undefined || rest.length > 0 || more.length > 0 || design === '')
    bad('it is not DESIGN@PARAMS:MODEL:CHOICES');
  if (!/^[0-9a-f]{8}$/.test(model)) bad(`'${model.slice(0, 20)}' is not a model hash`);
  const words = paramText === '' ? [] : paramText.split(',');
  const params = words.filter((word) => word !== 'tso').map((size) => size.split('='));
  for (const [name, value, ...others] of params) {
    if (!name || !/^\d+$/.test(value ?? '') || others.length > 0) bad(`'${name}' is not a parameter`);
  }
  const read = (part: string, more: number): number[] => {
    if (!/^[\w-]*$/.test(part)) bad('its choices are not base64url');
    const [count, ...numbers] = fromVarints(Buffer.from(part, 'base64url')) ?? [];
    return numbers.length + more === count ? numbers : bad('it is cut off');
  };
  const repeated = cycle === undefined ? undefined : read(cycle, 0);
  return {
    design,
    params: Object.fromEntries(params.map(([name, value]) => [name, Number(value)])),
    memoryModel: words.includes('tso') ? 'tso' : 'sc',
    model,
    numbers: read(choices ?? '', countOfCycle(repeated)),
    ...(repeated && { cycle: repeated }),
  };
}

/** A schedule as choices of the system that it was made for. */
export interface ResolvedSchedule {
  readonly choices: readonly Choice[];
  /** what is repeated for ever after them */
  readonly cycle?: readonly Choice[];
}

/**
 * What a schedule does, in the system that it was made for.
 * @throws PrecopyError `BAD_SCHEDULE` when the system is another one
 */
export function resolveSchedule(
  schedule: Schedule,
  instance: Instance,
  events: readonly SystemEvent[],
): ResolvedSchedule {
  const refuse = (why: string): never => {
    throw new PrecopyError(
      'BAD_SCHEDULE',
      `the schedule is not for ${instance.design.id} as it is now: ${why}`,
      'check the design again for a new one',
    );
  };
  const hash = modelHash(instance);
  if (schedule.model !== hash) refuse(`it was made for model ${schedule.model}, and this is ${hash}`);
  const numbers = new ChoiceIds(events);
  const choiceOf = (number: number): Choice =>
    number < numbers.count ? numbers.choiceOf(number) : refuse(`it has no choice ${number}`);
  return {
    choices: schedule.numbers.map(choiceOf),
    ...(schedule.cycle && { cycle: schedule.cycle.map(choiceOf) }),
  };
}

function varint(number: number): number[] {
  return number < 128 ? [number] : [(number % 128) + 128, ...varint(Math.floor(number / 128))];
}

function fromVarints(bytes: Uint8Array): number[] | undefined {
  const numbers: number[] = [];
  let number = 0;
  let scale = 1;
  for (const byte of bytes) {
    number += (byte % 128) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    numbers.push(number);
    number = 0;
    scale = 1;
  }
  return scale === 1 ? numbers : undefined;
}
