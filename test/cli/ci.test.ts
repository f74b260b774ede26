import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { githubCommands } from '../../src/cli/ci/github-commands.ts';
import { junit } from '../../src/cli/ci/junit.ts';
import type { Suite } from '../../src/cli/ci/outcomes.ts';
import { summaryLine } from '../../src/cli/ci/summary-line.ts';
import { precopy } from './precopy.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Parses XML strictly. Returns its elements in document order. */
function elementsOf(xml: string): Element[] {
  const elements: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => elements.push({ name, attributes }));
  parser.write(xml).close();
  return elements;
}

const hostile = `<script>&"'\n\u0000\u001b[31m\ud800\ufffe\u{1f600}]]>%:,`;
const suites: Suite[] = [
  {
    name: `check ${hostile}`,
    seconds: 1.5,
    cases: [
      { name: 'a', outcome: 'passed' },
      { name: 'b', outcome: 'failed', message: hostile },
      { name: 'c', outcome: 'undecided', message: 'a limit' },
      { name: 'd', outcome: 'skipped', message: 'not looked for' },
    ],
  },
  { name: 'check pml', seconds: 0.5, cases: [{ name: 'a', outcome: 'passed' }] },
];

describe('junit', () => {
  it('counts cases by outcome', () => {
    const [whole, first] = elementsOf(junit(suites));
    const counts = { tests: '5', failures: '1', errors: '1', skipped: '1', time: '2.000' };
    expect(whole).toEqual({ name: 'testsuites', attributes: { name: 'precopy', ...counts } });
    expect(first?.attributes).toMatchObject({ tests: '4', failures: '1', errors: '1', skipped: '1', time: '1.500' });
  });

  it('is well-formed whatever the texts are, and changes only what XML cannot hold', () => {
    const failure = elementsOf(junit(suites)).find(({ name }) => name === 'failure');
    expect(failure?.attributes['message']).toBe(`<script>&"'\n\ufffd\ufffd[31m\ufffd\ufffd\u{1f600}]]>%:,`);
  });

  it('is what `check` prints on stdout, with the exit code of the check', async () => {
    const size = ['--vcpus', '1', '--pages', '1', '--property', 'no-lost-write'];
    const { exitCode, stdout, stderr } = await precopy([
      ...['check', 'rmap-xchg', 'rmap-xchg/no-flush', '--format', 'junit'],
      ...size,
    ]);
    const elements = elementsOf(stdout);
    expect(elements.filter(({ name }) => name === 'testsuite').map(({ attributes }) => attributes['name'])).toEqual([
      'check rmap-xchg',
      'check rmap-xchg/no-flush',
    ]);
    const failed = elements.findIndex(({ name }) => name === 'failure');
    expect(elements[failed - 1]?.attributes).toEqual({
      name: 'no-lost-write',
      classname: 'check rmap-xchg/no-flush',
    });
    expect(stderr).toContain('check: 1 of 2 entries passed; failed: rmap-xchg/no-flush (no-lost-write); ');
    expect(exitCode).toBe(1);
  });

  it('has a search that a limit stopped as an error, not as a pass', async () => {
    const limit = ['--max-states', '10', '--no-liveness'];
    const { exitCode, stdout } = await precopy(['check', 'rmap-xchg', '--format', 'junit', ...limit]);
    const [whole] = elementsOf(stdout);
    expect(Number(whole?.attributes['errors'])).toBeGreaterThan(0);
    expect(exitCode).toBe(3);
  });

  it('has the thresholds of a simulation', async () => {
    const { exitCode, stdout } = await precopy([
      ...['simulate', 'rmap-xchg', '--memory', '1MiB', '--duration', '50ms', '--collect-every', '10ms'],
      ...['--expect', 'rounds > 1000000', '--expect', 'rounds > 0', '--format', 'junit'],
    ]);
    const elements = elementsOf(stdout);
    expect(elements.filter(({ name }) => name === 'failure').map(({ attributes }) => attributes['message'])).toEqual([
      'not rounds > 1000000',
    ]);
    expect(elements.map(({ attributes }) => attributes['name'])).toContain('expect rounds > 0');
    expect(exitCode).toBe(1);
  });
});

describe('github', () => {
  it('has one command a line, escaped as the runner reads it', () => {
    const lines = githubCommands(suites.map((suite, n) => (n === 0 ? { ...suite, name: 'check a:b,c%' } : suite)));
    const [failed, undecided, skipped, summary, ...rest] = lines.split('\n');
    expect(failed).toBe(`::error title=check a%3Ab%2Cc%25%3A b::${hostile.replace('%', '%25').replace('\n', '%0A')}`);
    expect(undecided).toBe('::error title=check a%3Ab%2Cc%25%3A c::a limit');
    expect(skipped).toBe('::warning title=check a%3Ab%2Cc%25%3A d::not looked for');
    expect(summary).toBe('::notice title=precopy::2 passed, 1 failed, 1 undecided, 1 skipped');
    expect(rest).toEqual([]);
  });

  it('cannot be combined with --json', async () => {
    const { exitCode, stderr } = await precopy(['compare', 'rmap-xchg', '--json', '--format', 'github']);
    expect(stderr).toContain('--json cannot be combined with --format github');
    expect(exitCode).toBe(2);
  });
});

it('a summary names what did not pass, and only the first of many', () => {
  const many = [1, 2, 3, 4, 5, 6].map((n) => ({
    name: `check d${n}`,
    seconds: 0,
    cases: [{ name: 'p', outcome: 'failed' as const }],
  }));
  expect(summaryLine('check', many, 2)).toBe(
    'check: 0 of 6 entries passed; failed: d1 (p), d2 (p), d3 (p), d4 (p), d5 (p) and 1 more; 2.00 s',
  );
});
