/** What a page was started with. */
export interface PageStart {
  /** id of the design to open */
  readonly design?: string;
  readonly params?: Readonly<Record<string, number>>;
  readonly memoryModel?: 'sc' | 'tso';
  /** a schedule to open */
  readonly schedule?: string;
  /** a situation that was saved, as text */
  readonly situation?: string;
  /** what is wrong with a file of one's own */
  readonly problem?: string;
  /** true if a server tells when a file of one's own changes */
  readonly isWatched?: boolean;
}
