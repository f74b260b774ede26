import type { Machine } from '../model/machine.ts';
import { escapeMarkup } from '../trace/escape-markup.ts';
import { statechartSvg } from './statechart-svg.ts';

/** A machine to draw, and what it is called in the drawing. */
export interface DrawnMachine {
  readonly name: string;
  readonly machine: Machine;
}

/** Space around a drawing, and height of its title, in points. */
const margin = 16;
const titleHeight = 28;

/** Draws statecharts as one SVG, one below the other, each under its name. */
export async function statechartsSvg(machines: readonly DrawnMachine[]): Promise<string> {
  const drawings = await Promise.all(machines.map(({ machine }) => statechartSvg(machine.statechart)));
  let y = margin;
  let width = 0;
  const parts = machines.map(({ name }, nth) => {
    const svg = drawings[nth] as string;
    const [, w = '0', h = '0'] = /width="([\d.]+)pt" height="([\d.]+)pt"/.exec(svg) ?? [];
    const title = `<text x="${margin}" y="${y + 18}" font-family="Arial" font-size="16" font-weight="bold">${escapeMarkup(name)}</text>`;
    const inner = svg
      .slice(svg.indexOf('<svg'))
      .replace(`width="${w}pt" height="${h}pt"`, `width="${w}" height="${h}"`)
      .replace('<svg', `<svg x="${margin}" y="${y + titleHeight}"`);
    y += titleHeight + Number(h) + margin;
    width = Math.max(width, Number(w) + 2 * margin);
    return `${title}\n${inner}`;
  });
  const size = `width="${width}pt" height="${y}pt" viewBox="0 0 ${width} ${y}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size}>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
