import type { ActorInfo, RunFormat } from '../../explore/messages.ts';
import { encodeSituation, maxLinkLength, type Situation } from '../../explore/situation.ts';
import { lanesSvg } from '../lanes/lanes-svg.ts';
import type { Lanes } from '../lanes/layout.ts';
import type { Explorer } from './store.ts';

/** Saves something as a file. */
function download(name: string, content: string | Uint8Array, type: string): void {
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const nameOf = ({ design }: Situation): string => design.replaceAll('/', '-');

/** Puts the situation into the address, and copies it; a situation that is too large for a link is saved as a file. */
export async function share(situation: Situation): Promise<string> {
  const link = new URL(location.href);
  link.hash = await encodeSituation(situation);
  if (link.href.length > maxLinkLength) {
    download(`${nameOf(situation)}.situation.json`, JSON.stringify(situation), 'application/json');
    return `Too long for a link: it was saved as a file. Drop it on this page to open it.`;
  }
  history.replaceState(undefined, '', link);
  try {
    await navigator.clipboard.writeText(link.href);
    return 'The link is copied, and in the address.';
  } catch {
    return 'The link is in the address.';
  }
}

const types: Readonly<Record<RunFormat, readonly [ending: string, type: string]>> = {
  columns: ['txt', 'text/plain'],
  mermaid: ['mmd', 'text/plain'],
  perfetto: ['pftrace', 'application/octet-stream'],
  itf: ['itf.json', 'application/json'],
  json: ['json', 'application/json'],
};

/** Saves the run that is shown in a format of traces. */
export async function exportRun(explorer: Explorer, format: RunFormat): Promise<void> {
  const [model, situation] = [explorer.model(), explorer.situation()];
  if (!model || !situation) return;
  const found = await explorer.ask('the run', 'export', { model, run: explorer.here(), format });
  const [ending, type] = types[format];
  if (found) download(`${nameOf(situation)}.${ending}`, found.text ?? found.bytes ?? '', type);
}

/** Saves the lanes as a drawing. */
export async function exportLanes(
  situation: Situation,
  lanes: Lanes,
  actors: readonly ActorInfo[],
  format: 'svg' | 'png',
  marks: Parameters<typeof lanesSvg>[3],
): Promise<void> {
  const svg = lanesSvg(lanes, actors, situation.design, marks);
  if (format === 'svg') {
    download(`${nameOf(situation)}.svg`, svg, 'image/svg+xml');
    return;
  }
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  const scale = Math.min(2, 16_000 / Math.max(image.width, image.height));
  canvas.width = Math.ceil(image.width * scale);
  canvas.height = Math.ceil(image.height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) download(`${nameOf(situation)}.png`, new Uint8Array(await blob.arrayBuffer()), 'image/png');
}
