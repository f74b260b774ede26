import type { ActorInfo } from '../../explore/messages.ts';
import { columnOf, memoryColumn, memoryWidth, rowHeight } from './geometry.ts';
import type { Lanes } from './layout.ts';

const colours = {
  state: '#d0d7de',
  hold: '#8250df',
  wait: '#bc4c00',
  text: '#1f2328',
  quiet: '#59636e',
  event: '#0969da',
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Draws lanes as a standalone SVG, on white, for a slide or a bug report. */
export function lanesSvg(lanes: Lanes, actors: readonly ActorInfo[], title: string): string {
  const top = 52;
  const y = (row: number): number => top + row * rowHeight;
  const memoryAt = memoryColumn(lanes);
  const longest = Math.max(0, ...lanes.rows.map(({ memory }) => memory.map(({ text }) => text).join('  ').length));
  const width = Math.ceil(memoryAt + Math.max(longest * memoryWidth, 80) + 12);
  const height = y(lanes.rows.length) + 12;
  const x = (actor: number): number => columnOf(lanes, actor);
  const text = (at: number, row: number, content: string, more = ''): string =>
    `<text x="${at}" y="${y(row) + 15}"${more}>${content}</text>`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="${colours.quiet}"/></marker></defs>`,
    `<text x="8" y="18" font-weight="600" fill="${colours.text}">${escaped(title)}</text>`,
    ...lanes.actors.map(
      (actor) =>
        `<text x="${x(actor)}" y="42" font-weight="600" fill="${colours.text}">${escaped(actors[actor]?.name ?? '')}</text>`,
    ),
    ...lanes.spans.map(
      ({ actor, from, to, kind }) =>
        `<rect x="${x(actor) + (kind === 'state' ? 3 : 7)}" y="${y(from)}" width="${kind === 'state' ? 2 : 4}" height="${(to - from) * rowHeight}" fill="${colours[kind]}"/>`,
    ),
    ...lanes.arrows.map(({ from, to, sentAt, takenAt, isPosted }) => {
      const end = y(takenAt ?? sentAt) + rowHeight / 2;
      const dashes = isPosted ? ' stroke-dasharray="3 3"' : '';
      return `<path d="M${x(from) + 8},${y(sentAt) + rowHeight / 2} L${x(to) + (x(to) > x(from) ? 2 : 14)},${end}" stroke="${colours.quiet}" fill="none" opacity="0.6"${dashes} marker-end="url(#tip)"/>`;
    }),
    ...lanes.rows.flatMap(({ step, isFirst, actor, event, actions, memory }, row) => [
      ...(isFirst ? [text(36, row, String(step), ` text-anchor="end" fill="${colours.quiet}"`)] : []),
      text(
        x(actor) + 16,
        row,
        `<tspan font-weight="600" fill="${colours.event}">${escaped(event)}</tspan> ${escaped(actions)}`,
        ` fill="${colours.text}" stroke="#ffffff" stroke-width="3" paint-order="stroke"`,
      ),
      text(
        memoryAt,
        row,
        escaped(memory.map((access) => access.text).join('  ')),
        ` font-family="ui-monospace, monospace" font-size="11.5" fill="${colours.text}" stroke="#ffffff" stroke-width="3" paint-order="stroke"`,
      ),
    ]),
    '</svg>',
  ];
  return parts.join('\n');
}
