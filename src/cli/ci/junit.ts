import { type Case, countOf, type Suite } from './outcomes.ts';

/**
 * Formats suites as the XML that CI systems read as JUnit's: a violated property is a failure, one that is undecided an
 * error.
 *
 * @see https://github.com/testmoapp/junitxml
 */
export function junit(suites: readonly Suite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="precopy"${figuresOf(suites)}>`,
    ...suites.flatMap((suite) => [
      `  <testsuite name="${escaped(suite.name)}"${figuresOf([suite])}>`,
      ...suite.cases.map((one) => `    ${caseOf(one, suite.name)}`),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ].join('\n');
}

const elements = { failed: 'failure', undecided: 'error', skipped: 'skipped' } as const;

function caseOf({ name, outcome, message }: Case, suite: string): string {
  const start = `<testcase name="${escaped(name)}" classname="${escaped(suite)}"`;
  if (outcome === 'passed') return `${start}/>`;
  return `${start}><${elements[outcome]} message="${escaped(message ?? outcome)}"/></testcase>`;
}

function figuresOf(suites: readonly Suite[]): string {
  const figures = {
    tests: suites.reduce((sum, { cases }) => sum + cases.length, 0),
    failures: countOf(suites, 'failed'),
    errors: countOf(suites, 'undecided'),
    skipped: countOf(suites, 'skipped'),
    time: suites.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3),
  };
  return Object.entries(figures)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
}

// XML 1.0 has no other control characters, no lone surrogates, and no U+FFFE and U+FFFF, not even as references.
const notInXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes a text for an attribute. Characters that XML cannot hold become U+FFFD. */
const escaped = (text: string): string =>
  text
    .replaceAll(notInXml, '\ufffd')
    .replaceAll(/[&<>"\t\n\r]/g, (char) => references[char] ?? `&#${char.codePointAt(0)};`);
