/** What has to be given back, the last first. */
export class Resources {
  private readonly undo: (() => void | Promise<void>)[] = [];
  private released: Promise<void> | undefined;

  /** Says how to give something back. */
  add(giveBack: () => void | Promise<void>): void {
    this.undo.push(giveBack);
  }

  /** Gives everything back, once. */
  release(): Promise<void> {
    this.released ??= this.releaseAll();
    return this.released;
  }

  private async releaseAll(): Promise<void> {
    for (let giveBack = this.undo.pop(); giveBack; giveBack = this.undo.pop()) await giveBack();
  }
}
