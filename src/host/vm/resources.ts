/** A stack of resources. They are released in the reverse order of their acquisition. */
export class Resources {
  private readonly releases: (() => void | Promise<void>)[] = [];
  private released: Promise<void> | undefined;

  /** Adds the function that releases a resource. */
  add(release: () => void | Promise<void>): void {
    this.releases.push(release);
  }

  /** Releases all resources. Further calls do nothing. */
  release(): Promise<void> {
    this.released ??= this.releaseAll();
    return this.released;
  }

  private async releaseAll(): Promise<void> {
    for (let release = this.releases.pop(); release; release = this.releases.pop()) await release();
  }
}
