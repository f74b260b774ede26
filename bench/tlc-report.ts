import { Refuted } from './measurement.ts';

/** The final report of TLC. */
export interface TlcReport {
  /** TLC's name, version, date and revision */
  readonly version: string;
  /** distinct states */
  readonly states: number;
  /** generated states, including the initial state and revisits */
  readonly transitions: number;
  /** from the start of TLC, including the parser */
  readonly seconds: number;
}

/**
 * Parses the output of `TLC -tool` for a complete search without errors.
 * @throws Refuted if TLC found a violation; Error if TLC failed or the search was not complete
 */
export function readTlcReport(output: string): TlcReport {
  const [, error] = /^@!@!@STARTMSG \d+:1 @!@!@\n(.*)/m.exec(output) ?? [];
  const Problem = error !== undefined && /violated|deadlock/i.test(error) ? Refuted : Error;
  if (error !== undefined) throw new Problem(`TLC did not end with a proof: ${error}`);
  field(output, /^Model checking completed\. (No error) has been found\./m);
  const count = (pattern: RegExp) => Number(field(output, pattern).replaceAll(',', ''));
  return {
    version: field(output, /^(TLC2 Version .*)/m),
    states: count(/^[\d,]+ states generated, ([\d,]+) distinct states found, 0 states left on queue\./m),
    transitions: count(/^([\d,]+) states generated, /m),
    seconds: count(/^Finished in (\d+)ms /m) / 1000,
  };
}

function field(output: string, pattern: RegExp): string {
  const value = pattern.exec(output)?.[1];
  if (value === undefined) throw new Error(`TLC's report has no ${pattern.source}:\n${output}`);
  return value;
}
