import { RandomStream } from '../clock/random-streams.ts';

/** Number of pages that are drawn together, on first use of one of them. */
const pagesPerDraw = 4096;

/**
 * The pages of a guest that hold only zeros. Each group of pages has a random stream of its own, so the result does not
 * depend on the order of queries and is the same in every design.
 */
export class ZeroPages {
  /** by page: 1 if it holds data, as far as drawn */
  private readonly holdsData: Uint8Array;
  private readonly isDrawn: Uint8Array;

  /** @param share initial share of zero pages, from 0 to 1 */
  constructor(
    pages: number,
    private readonly share: number,
    private readonly seed: number,
    private readonly run: number,
  ) {
    this.holdsData = new Uint8Array(pages);
    this.isDrawn = new Uint8Array(Math.ceil(pages / pagesPerDraw));
  }

  has(gfn: number): boolean {
    this.draw(gfn);
    return this.holdsData[gfn] === 0;
  }

  /** Marks a page as holding data, because the guest wrote to it. */
  recordWrite(gfn: number): void {
    this.draw(gfn);
    this.holdsData[gfn] = 1;
  }

  private draw(gfn: number): void {
    const nth = Math.floor(gfn / pagesPerDraw);
    if (this.isDrawn[nth] === 1) return;
    this.isDrawn[nth] = 1;
    const random = new RandomStream(this.seed, this.run, `zero pages ${nth}`);
    const end = Math.min(this.holdsData.length, (nth + 1) * pagesPerDraw);
    for (let page = nth * pagesPerDraw; page < end; page++) {
      this.holdsData[page] = random.fraction() < this.share ? 0 : 1;
    }
  }
}
