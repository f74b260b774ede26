import { describe, expect, it } from 'vitest';
import { traceDocument } from '../../src/model/trace.ts';
import { json } from '../../src/trace/json.ts';
import { harmless, race, stillborn } from './fixture.ts';

describe('json', () => {
  it('is the trace with its format and version', () => {
    expect(JSON.parse(json(race))).toEqual({ format: 'precopy-trace', version: 1, ...race });
  });

  it.each([
    ['a race', race],
    ['a run without a violation', harmless],
    ['a violation in the initial state', stillborn],
  ])('matches its schema without further fields: %s', (_, trace) => {
    const document = JSON.parse(json(trace));
    expect(traceDocument.parse(document)).toEqual(document);
  });
});
