import type { EventRecord } from 'sluice/plugin'

/** Compares each reading with the one before. */
export interface Reader {
  /** How busy it was since the last reading that told something; nothing while there is none to compare with. */
  read(): EventRecord | undefined
  close(): void
}
