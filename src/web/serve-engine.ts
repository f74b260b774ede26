import { ExplorerEngine } from '../explore/engine.ts';
import type { FromEngine, ToEngine } from '../explore/messages.ts';
import type { AnyDesign } from '../model/design.ts';

/** Answers the messages of a page, in a Web Worker. */
export function serveEngine(designs: readonly AnyDesign[]): void {
  const channel = new MessageChannel();
  // A macrotask: the messages of the page come in between. Timers would be delayed by four milliseconds.
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      channel.port1.onmessage = () => resolve();
      channel.port2.postMessage(undefined);
    });
  const post = (message: FromEngine): void => self.postMessage(message);
  const engine = new ExplorerEngine(designs, post, pause);
  self.onmessage = ({ data }: MessageEvent<ToEngine>) => void engine.receive(data);
  post({ kind: 'ready' });
}

/** Returns the designs that a module exports: its default export, and the list `designs`. */
export function designsOf(module: { readonly default?: unknown; readonly designs?: unknown }): AnyDesign[] {
  const { default: main, designs } = module;
  const all = [...(main === undefined ? [] : [main]), ...(Array.isArray(designs) ? designs : [])];
  return [...new Set(all)] as AnyDesign[];
}
