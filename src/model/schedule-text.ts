import { fromBase64Url, toBase64Url } from './base64url.ts';
import { type Choice, ChoiceIds } from './choices.ts';
import { displayedParams } from './design.ts';
import { PrecopyError } from './errors.ts';
import type { SystemEvent } from './events.ts';
import type { Instance } from './instance.ts';
import { modelHash } from './model-hash.ts';
import type { MemoryModel } from './store-buffer.ts';

/**
 * A parsed schedule: a design, its params, and choice ids.
 * @example
 * const { design, params }: Schedule = parseSchedule('rmap-xchg@vcpus=2,pages=2:1f00c9ae:AwABAg');
 */
export interface Schedule {
  readonly design: string;
  readonly params: Readonly<Record<string, number>>;
  readonly memoryModel: MemoryModel;
  /** `modelHash` of the design at these params */
  readonly model: string;
  readonly choiceIds: readonly number[];
  /** choices that repeat for ever after those, if the run is infinite; empty if nothing happens any more */
  readonly cycle?: readonly number[];
}

/**
 * Prints a schedule as one word without special characters of a shell: `rmap-xchg@vcpus=2,pages=2:1f00c9ae:AwABAg`. The
 * choices are varints in base64url, preceded by their number. A cycle follows behind another colon and is included in
 * that number, so that no prefix is a valid schedule. Under TSO the params contain `tso`.
 */
export function printSchedule(
  instance: Instance,
  events: readonly SystemEvent[],
  choices: readonly Choice[],
  cycle?: readonly Choice[],
): string {
  const ids = new ChoiceIds(events);
  const print = (some: readonly Choice[], further: number): string => {
    const all = [some.length + further, ...some.map(({ event, payload }) => ids.firstOf(event) + payload)];
    return toBase64Url(all.flatMap(varint));
  };
  const params = displayedParams(instance.design, instance.params).map(([name, value]) => `${name}=${value}`);
  if (instance.design.memoryModel === 'tso') params.push('tso');
  const parts = [`${instance.design.id}@${params.join(',')}`, modelHash(instance), print(choices, countOfCycle(cycle))];
  return [...parts, ...(cycle ? [print(cycle, 0)] : [])].join(':');
}

const countOfCycle = (cycle: readonly unknown[] | undefined): number => (cycle ? cycle.length + 1 : 0);

/** The id of a design may contain anything, also what separates the parts behind it. */
const schedulePattern = /^(.+)@([^:@]*):([^:@]*):([^:@]*)(?::([^:@]*))?$/s;

/** Returns whether a text is a schedule by its form. */
export const looksLikeSchedule = (text: string): boolean => /^[0-9a-f]{8}$/.test(schedulePattern.exec(text)?.[3] ?? '');

/**
 * Parses a schedule that `printSchedule` printed.
 * @throws PrecopyError `BAD_SCHEDULE`
 */
export function parseSchedule(text: string): Schedule {
  const bad = (why: string): never => {
    throw new PrecopyError(
      'BAD_SCHEDULE',
      `this is no schedule: ${why}`,
      'copy the whole argument that `precopy check` printed after `replay`',
    );
  };
  const [, design = bad('it is not DESIGN@PARAMS:MODEL:CHOICES'), paramText = '', model = '', choices, cycle] =
    schedulePattern.exec(text.trim()) ?? [];
  if (!/^[0-9a-f]{8}$/.test(model)) bad(`'${model.slice(0, 20)}' is not a model hash`);
  const words = paramText === '' ? [] : paramText.split(',');
  const params = words.filter((word) => word !== 'tso').map((word) => word.split('='));
  for (const [name, value, ...others] of params) {
    if (!name || !/^\d+$/.test(value ?? '') || others.length > 0) bad(`'${name}' is not a parameter`);
  }
  const read = (part: string, more: number): number[] => {
    if (!/^[\w-]*$/.test(part)) bad('its choices are not base64url');
    const [count, ...numbers] = fromVarints(fromBase64Url(part)) ?? [];
    return numbers.length + more === count ? numbers : bad('it is cut off');
  };
  const repeated = cycle === undefined ? undefined : read(cycle, 0);
  return {
    design,
    params: Object.fromEntries(params.map(([name, value]) => [name, Number(value)])),
    memoryModel: words.includes('tso') ? 'tso' : 'sc',
    model,
    choiceIds: read(choices ?? '', countOfCycle(repeated)),
    ...(repeated && { cycle: repeated }),
  };
}

/** A schedule as choices of its system. */
export interface ResolvedSchedule {
  readonly choices: readonly Choice[];
  /** choices that repeat for ever after them */
  readonly cycle?: readonly Choice[];
}

/**
 * Resolves a schedule in its system.
 * @throws PrecopyError `BAD_SCHEDULE` if the model has changed
 */
export function resolveSchedule(
  schedule: Schedule,
  instance: Instance,
  events: readonly SystemEvent[],
): ResolvedSchedule {
  const refuse = (why: string): never => {
    throw new PrecopyError(
      'BAD_SCHEDULE',
      `the schedule is not for the current ${instance.design.id}: ${why}`,
      'check the design again for a new schedule',
    );
  };
  const hash = modelHash(instance);
  if (schedule.model !== hash) refuse(`it is for model ${schedule.model}, and this is ${hash}`);
  const ids = new ChoiceIds(events);
  const choiceOf = (id: number): Choice => (id < ids.count ? ids.choiceOf(id) : refuse(`it has no choice ${id}`));
  return {
    choices: schedule.choiceIds.map(choiceOf),
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
