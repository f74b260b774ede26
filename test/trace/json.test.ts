import { describe, expect, it } from 'vitest';
import { json } from '../../src/trace/json.ts';
import { traceDocument } from '../../src/trace/trace-schema.ts';
import { harmless, race, stillborn } from './fixture.ts';

describe('json', () => {
  it('is the trace with its format and version', () => {
    expect(JSON.parse(json(race))).toEqual({ format: 'precopy-trace', version: 1, ...race });
  });

  it.each([
    ['a race', race],
    ['a run that breaks nothing', harmless],
    ['a break in the initial state', stillborn],
  ])('fits its schema, and says nothing beyond it: %s', (_, trace) => {
    const document = JSON.parse(json(trace));
    expect(traceDocument.parse(document)).toEqual(document);
  });
});
