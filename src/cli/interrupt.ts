/** Remembers a first Ctrl-C; a second one kills, as nobody listens any more. */
export class Interrupt {
  requested = false;

  private readonly onSignal = (): void => {
    this.requested = true;
  };

  constructor() {
    process.once('SIGINT', this.onSignal);
  }

  [Symbol.dispose](): void {
    process.removeListener('SIGINT', this.onSignal);
  }
}
