import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { type Program, StepOutcome } from '../../src/compile/program.ts';
import type { Run, SearchAnswer, SearchGoal } from '../../src/explore/messages.ts';
import { OpenModel } from '../../src/explore/open-model.ts';
import { ChoiceIds } from '../../src/model/choices.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { wellFormed } from '../../src/model/property.ts';
import { generate, kinds } from '../fuzz/generate.ts';
import { Dice } from '../fuzz/random.ts';
import { designOf } from '../reference/design-source.ts';
import { isNightly } from '../support/nightly.ts';

const [seeds, maxStates, maxSteps] = isNightly ? [40, 300, 6] : [1, 40, 2];

/** What a naive search says of the states behind one. */
interface Behind {
  /** by property, `well-formed` included: the fewest steps to a violation */
  readonly violations: ReadonlyMap<string, number>;
  /** by cover: the fewest steps to a hit */
  readonly covers: ReadonlyMap<string, number>;
  /** by state: the fewest steps to it */
  readonly distances: ReadonlyMap<string, number>;
}

const key = (state: Int32Array): string => state.join();

/** Returns the enabled choices of the current state, those that fault included. */
function enabledIn(program: Program, ids: ChoiceIds): number[] {
  const before = Int32Array.from(program.state);
  const events = new Int32Array(program.events.length);
  const enabled = [...events.subarray(0, program.enabled(events))];
  const choices: number[] = [];
  for (const event of enabled) {
    for (let payload = 0; payload < (program.events[event]?.domain ?? 0); payload++) {
      if (program.step(event, payload) !== StepOutcome.refused) choices.push(ids.firstOf(event) + payload);
      program.state.set(before);
    }
  }
  return choices;
}

/** Searches breadth first, with a set of states and without anything clever. Nothing is behind a fault. */
function searchNaively(design: AnyDesign, from: Int32Array): Behind {
  const program = compile(design);
  const ids = new ChoiceIds(program.events);
  const [violations, covers] = [new Map<string, number>(), new Map<string, number>()];
  const note = (into: Map<string, number>, id: string, depth: number): void => {
    if (!into.has(id)) into.set(id, depth);
  };
  const all = program.properties.map((_, n) => n).filter((n) => program.properties[n]?.kind === 'cover');
  const look = (depth: number): void => {
    program.covers([...all], (n) => note(covers, program.properties[n]?.id ?? '', depth));
    for (let n = program.violated(); n >= 0; n = program.violated(n + 1)) {
      note(violations, program.properties[n]?.id ?? '', depth);
    }
  };
  program.reset();
  program.state.set(from);
  look(0);
  const distances = new Map([[key(from), 0]]);
  for (let [depth, level] = [0, [from]]; level.length > 0; depth++) {
    const next: Int32Array[] = [];
    for (const state of level) {
      program.state.set(state);
      if (program.ownedRace() !== undefined) note(violations, wellFormed, depth);
      program.state.set(state);
      const enabled = enabledIn(program, ids);
      if (enabled.length === 0) {
        for (let n = program.violatedByDeadlock(); n >= 0; n = program.violatedByDeadlock(n + 1)) {
          note(violations, program.properties[n]?.id ?? '', depth);
        }
      }
      for (const id of enabled) {
        program.state.set(state);
        const { event, payload } = ids.choiceOf(id);
        if (program.step(event, payload) === StepOutcome.fault) {
          note(violations, wellFormed, depth + 1);
          continue;
        }
        look(depth + 1);
        if (distances.has(key(program.state))) continue;
        distances.set(key(program.state), depth + 1);
        next.push(Int32Array.from(program.state));
      }
    }
    level = next;
  }
  return { violations, covers, distances };
}

function find(model: OpenModel, run: Run, goal: SearchGoal): SearchAnswer {
  const search = model.search(run, goal);
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

/** Compares what an open model says after a run with a naive search. Returns the enabled choices. */
function compare(model: OpenModel, design: AnyDesign, run: Run): number[] {
  const program = compile(design);
  const ids = new ChoiceIds(program.events);
  let outcome = program.reset();
  const hit = new Set<string>();
  const covers = program.properties.map((_, n) => n).filter((n) => program.properties[n]?.kind === 'cover');
  const look = () => program.covers([...covers], (n) => hit.add(program.properties[n]?.id ?? ''));
  if (outcome !== StepOutcome.fault) look();
  for (const id of run) {
    const { event, payload } = ids.choiceOf(id);
    outcome = program.step(event, payload);
    if (outcome === StepOutcome.taken) look();
  }
  const moment = model.moment(run);
  expect([...moment.coversHit].sort(), 'covers').toEqual([...hit].sort());
  const isFault = outcome === StepOutcome.fault;
  const here = Int32Array.from(program.state);
  if (isFault) {
    expect(moment.fault, 'fault').toBeDefined();
    expect(find(model, run, { kind: 'violation' })).toMatchObject({
      outcome: 'found',
      property: wellFormed,
      steps: [],
    });
    expect(find(model, run, { kind: 'this-state' }).outcome, 'a fault is reachable').not.toBe('none');
    expect(find(model, run, { kind: 'meet', run: [] }).outcome, 'nothing is behind a fault').toBe('undecided');
    return [];
  }
  const enabled = enabledIn(program, ids);
  const offered = moment.offers.filter(({ refused }) => refused === undefined).map(({ choice }) => choice);
  expect(offered, 'offers').toEqual(enabled);
  const behind = searchNaively(design, here);
  const check = (what: string, answer: SearchAnswer, steps: number | undefined) => {
    if (answer.outcome === 'undecided') {
      const fault = behind.violations.get(wellFormed);
      expect(fault, what).toBeDefined();
      expect(fault, what).toBeLessThanOrEqual((steps ?? Number.POSITIVE_INFINITY) + 1);
    } else
      expect([what, answer.outcome, answer.steps?.length]).toEqual([
        what,
        steps === undefined ? 'none' : 'found',
        steps,
      ]);
    if (answer.outcome !== 'found') return;
    const whole = [...run, ...(answer.steps ?? [])];
    const { ended, steps: taken } = model.run(whole, 0);
    expect([what, taken.length, ended?.isFault ?? true]).toEqual([what, whole.length, true]);
  };
  for (const property of [...model.safetyProperties, wellFormed]) {
    check(property, find(model, run, { kind: 'violation', property }), behind.violations.get(property));
  }
  const nearest = [...behind.violations.values()];
  check('any', find(model, run, { kind: 'violation' }), nearest.length > 0 ? Math.min(...nearest) : undefined);
  for (const n of covers) {
    const cover = program.properties[n]?.id ?? '';
    check(cover, find(model, run, { kind: 'cover', cover }), behind.covers.get(cover));
  }
  const start = compile(design);
  start.reset();
  const fromStart = searchNaively(design, Int32Array.from(start.state));
  const why = find(model, run, { kind: 'this-state' });
  if (why.outcome === 'found') expect(why.steps).toHaveLength(fromStart.distances.get(key(here)) as number);
  else expect([why.outcome, fromStart.violations.has(wellFormed)]).toEqual(['undecided', true]);
  for (const one of enabled) {
    for (const { choice, commutes } of model.commuting(run, one)) {
      const back = model.commuting(run, choice).find((other) => other.choice === one);
      expect(back?.commutes, 'commuting').toBe(commutes);
    }
    expect(model.commuting(run, one).map(({ choice }) => choice)).toEqual(enabled.filter((other) => other !== one));
  }
  const { violation } = model.trace(run);
  if (violation) {
    for (const towards of ['length', 'switches'] as const) {
      const shrunk = model.trace(model.shrink(run, towards));
      expect(shrunk.violation?.property, `shrunk in ${towards}`).toBe(violation.property);
    }
  }
  return enabled;
}

describe('the answers of an open model of random designs', () => {
  it.each(isNightly ? kinds : (['ending'] as const))('are those of a naive search: %s', (kind) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const sample = generate(kind, seed, maxStates);
      if (!sample) continue;
      const design = designOf(sample.specification);
      const dice = new Dice(seed);
      const model = new OpenModel(design, {}, undefined);
      const run: number[] = [];
      for (let n = 0; n < maxSteps; n++) {
        const enabled = compare(model, design, run);
        if (enabled.length === 0) break;
        run.push(dice.pick(enabled));
      }
      model.close();
    }
  });
});
