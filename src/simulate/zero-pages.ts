import { RandomStream } from '../clock/random-streams.ts';

/** Pages are drawn so many at a time, when somebody first asks for one of them. */
const pagesPerDraw = 4096;

/** Which pages of a guest hold nothing but zeros. Who asks when does not matter, so it is the same in every design. */
export class ZeroPages {
  /** by page: whether it holds something else, as far as that was drawn */
  private readonly holdsData: Uint8Array;
  private readonly isDrawn: Uint8Array;

  /** @param share of the pages that are zero at first, from 0 to 1 */
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

  /** The guest wrote a page. */
  wrote(gfn: number): void {
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
