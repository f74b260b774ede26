/** Remembers a first Ctrl-C; a second one kills, as nobody listens to it. */
export class Interrupt {
  requested = false;

  constructor() {
    process.once('SIGINT', () => {
      this.requested = true;
    });
  }
}
