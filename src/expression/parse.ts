import peggy from 'peggy';
import { PrecopyError } from '../model/errors.ts';
import { orList } from '../model/word-list.ts';
import type { Expression } from './ast.ts';
import { expressionError } from './expression-error.ts';
import { grammar } from './grammar.ts';

let parser: peggy.Parser | undefined;

/**
 * Parses an expression over states.
 * @throws PrecopyError `BAD_PARAMETER` that marks the place where it cannot go on, and says what could stand there
 */
export function parseExpression(text: string): Expression {
  parser ??= peggy.generate(grammar);
  try {
    return parser.parse(text) as Expression;
  } catch (error) {
    // The parser descends recursively: a stack overflow is its only RangeError.
    if (error instanceof RangeError) throw tooDeep();
    if (!(error instanceof parser.SyntaxError)) throw error;
    const { location, expected } = error as peggy.parser.SyntaxError;
    const start = location.start.offset;
    const [word = ''] = /^(\w+|\S)?/.exec(text.slice(start)) ?? [];
    const found = word === '' ? 'the expression ends' : `'${word}' is not expected`;
    const at = { start, end: start + word.length };
    throw expressionError(text, at, `${found} here`, `write ${orList(descriptionsOf(expected ?? []))}`);
  }
}

/** Creates the error for an expression of thousands of levels. An excerpt would show nothing of it. */
const tooDeep = (): PrecopyError =>
  new PrecopyError('BAD_PARAMETER', '--until: the expression is nested too deeply', 'leave out parentheses and `not`');

/** Describes what could stand at a place. Spaces may stand anywhere. */
function descriptionsOf(expected: readonly peggy.parser.Expectation[]): string[] {
  const texts = expected.map((one) => {
    if (one.type === 'literal') return `'${one.text}'`;
    if (one.type === 'end') return 'nothing more';
    return one.type === 'other' ? quotedWord(one.description) : '';
  });
  return [...new Set(texts)].filter((text) => text !== '' && text !== 'a space').sort();
}

/** Quotes what a person types as it is, such as a word of the language, and not what describes it. */
const quotedWord = (description: string): string => (description.includes(' ') ? description : `'${description}'`);
