import { designFile } from '../reference/design-source.ts';
import { searchSafety } from '../reference/safety.ts';
import type { Failure } from './fuzz.ts';

/** Returns a design on which an engine and the reference disagree, as a file, with what the reference says of it. */
export function describeFailure({ sample, comparison, message }: Failure): string {
  const { specification, graph, kind, seed } = sample;
  const { length, nearest, states } = searchSafety(graph, specification.properties);
  const expected =
    length === undefined
      ? `holds, with ${states} states`
      : `violated: ${[...nearest].join(' or ')}, after ${length} ${length === 1 ? 'step' : 'steps'}`;
  const comment = [
    `Generated (${kind}, seed ${seed}), and shrunk. ${comparison} and the reference disagree:`,
    ...message.split('\n').slice(0, 4),
    `Expected of the safety properties: ${expected}.`,
  ];
  return designFile(specification, comment.join('\n'));
}
