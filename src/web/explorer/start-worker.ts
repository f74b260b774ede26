import type { PageStart } from '../../explore/page-start.ts';

/**
 * Starts the engine: from the element `engine-worker` of a page that is one file, else from beside the page.
 */
export function startWorker(): Worker {
  const inline = document.getElementById('engine-worker');
  if (!inline?.textContent) return new Worker(new URL('engine-worker.js', document.baseURI));
  const url = URL.createObjectURL(new Blob([JSON.parse(inline.textContent) as string], { type: 'text/javascript' }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}

/** Returns what the page was started with: data in the element `start`. */
export function pageStart(): PageStart {
  const text = document.getElementById('start')?.textContent;
  return text ? (JSON.parse(text) as PageStart) : {};
}
