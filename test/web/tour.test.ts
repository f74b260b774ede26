import { describe, expect, it } from 'vitest';
import { builtInDesign } from '../../src/app/designs/design-registry.ts';
import { OpenModel } from '../../src/explore/open-model.ts';
import { parseSchedule } from '../../src/model/schedule-text.ts';
import { tour } from '../../src/web/explorer/tour.ts';

describe.each(tour)('the chapter "$title"', ({ schedule, stops }) => {
  it('is a run of the design as it is, with its stops in order', async () => {
    const { design, params, model, choiceIds } = parseSchedule(schedule);
    const open = new OpenModel(await builtInDesign(design), params, undefined);
    expect(open.info.hash).toBe(model);
    expect(open.run(choiceIds, 0)).toMatchObject({ steps: { length: choiceIds.length } });
    const steps = stops.map(({ step }) => step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(choiceIds.length);
    open.close();
  });
});

it('begins with a write that is lost in its last step', async () => {
  const { design, params, choiceIds } = parseSchedule(tour[0]?.schedule ?? '');
  const open = new OpenModel(await builtInDesign(design), params, undefined);
  const lost = (run: readonly number[]) =>
    open.moment(run).properties.find(({ id }) => id === 'no-lost-write')?.isTrue === false;
  expect([lost(choiceIds.slice(0, -1)), lost(choiceIds)]).toEqual([false, true]);
  open.close();
});
