import type { ActorInfo } from '../../explore/messages.ts';
import { escapeMarkup } from '../../trace/escape-markup.ts';
import { columnOf, laneWidth, memoryColumn, memoryWidth, rowHeight } from './geometry.ts';
import type { Lanes } from './layout.ts';

const colours = {
  state: '#d0d7de',
  hold: '#8250df',
  wait: '#bc4c00',
  text: '#1f2328',
  quiet: '#59636e',
  event: '#0969da',
  bad: '#cf222e',
  current: '#ddf4ff',
  violated: '#ffebe9',
};

/** Steps that a drawing marks, by number, from 1 on. */
interface MarkedSteps {
  /** the step that is shown */
  readonly current?: number | undefined;
  /** the step that violates a property */
  readonly violated?: number | undefined;
  /** the first step of those that repeat for ever */
  readonly cycle?: number | undefined;
}

/** Draws lanes as a standalone SVG, on white, for a slide or a bug report. */
export function lanesSvg(
  lanes: Lanes,
  actors: readonly ActorInfo[],
  title: string,
  { current, violated, cycle }: MarkedSteps = {},
): string {
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
    `<text x="8" y="18" font-weight="600" fill="${colours.text}">${escapeMarkup(title)}</text>`,
    ...lanes.actors.map((actor) => {
      const name = actors[actor]?.name ?? '';
      // A name that may be wider than its lane is fitted into it.
      const fit = name.length * 8 > laneWidth ? ` textLength="${laneWidth - 10}" lengthAdjust="spacingAndGlyphs"` : '';
      return `<text x="${x(actor)}" y="42" font-weight="600" fill="${colours.text}"${fit}>${escapeMarkup(name)}</text>`;
    }),
    ...lanes.rows.flatMap(({ step }, row) => {
      const fill = step === violated ? colours.violated : step === current ? colours.current : undefined;
      return fill === undefined
        ? []
        : [`<rect x="0" y="${y(row)}" width="${width}" height="${rowHeight}" fill="${fill}"/>`];
    }),
    ...(cycle === undefined
      ? []
      : [
          `<path d="M0,${y(lanes.rowsBefore[cycle - 1] ?? 0)} H${width}" stroke="${colours.bad}" stroke-dasharray="6 3"><title>from here on, the steps repeat for ever</title></path>`,
        ]),
    ...lanes.spans.map(
      ({ actor, from, to, kind, text: label }) =>
        `<rect x="${x(actor) + (kind === 'state' ? 3 : 7)}" y="${y(from)}" width="${kind === 'state' ? 2 : 4}" height="${(to - from) * rowHeight}" fill="${colours[kind]}"><title>${escapeMarkup(label)}</title></rect>`,
    ),
    `<g stroke="${colours.quiet}" fill="none" opacity="0.6">`,
    ...lanes.arrows.map(({ from, to, sentAt, takenAt, isPosted, type }) => {
      const end = takenAt === undefined ? y(lanes.rows.length) : y(takenAt) + rowHeight / 2;
      const dashes = isPosted ? ' stroke-dasharray="3 3"' : '';
      const path = `<path d="M${x(from) + 8},${y(sentAt) + rowHeight / 2} L${x(to) + (x(to) > x(from) ? 2 : 14)},${end}"${dashes}`;
      // The row where a message is taken names it.
      return takenAt === undefined
        ? `${path}><title>${escapeMarkup(type)}, pending</title></path>`
        : `${path} marker-end="url(#tip)"/>`;
    }),
    '</g>',
    `<g text-anchor="end" fill="${colours.quiet}">`,
    ...lanes.rows.flatMap(({ step, isFirst }, row) => {
      const mark = step === violated ? ` font-weight="700" fill="${colours.bad}"` : '';
      return isFirst ? [text(36, row, String(step), mark)] : [];
    }),
    '</g>',
    `<g fill="${colours.text}" stroke="#ffffff" stroke-width="3" paint-order="stroke">`,
    ...lanes.rows.map(({ actor, event, actions }, row) => {
      const bold = event && `<tspan font-weight="600" fill="${colours.event}">${escapeMarkup(event)}</tspan> `;
      return text(x(actor) + 16, row, bold + escapeMarkup(actions));
    }),
    '<g font-family="ui-monospace, monospace" font-size="11.5">',
    ...lanes.rows.flatMap(({ memory }, row) =>
      memory.length > 0 ? [text(memoryAt, row, escapeMarkup(memory.map((access) => access.text).join('  ')))] : [],
    ),
    '</g>',
    '</g>',
    '</svg>',
  ];
  return parts.join('\n');
}
