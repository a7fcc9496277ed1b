/** What becomes of the wish that the configuration be read again. */
export type ReloadAnswer =
  /** It was read and is good: the new pipeline takes over now. */
  | { readonly outcome: 'begun' }
  | { readonly outcome: 'in progress' | 'stopping' }
  /** It is wrong, and changes nothing. */
  | { readonly outcome: 'refused'; readonly problems: readonly string[] }

export interface Reloads {
  /** How many configurations took over since the process began. */
  readonly count: number
  reload(): Promise<ReloadAnswer>
}
