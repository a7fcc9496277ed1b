import { readJson } from '../event/json-reader.js'
import { isRecord } from '../event/record.js'

/** Whether a host application is online, and since when, in milliseconds since 1970. */
export interface HostState {
  readonly isOnline: boolean
  readonly timestamp: number
}

/** The payload of a STATE message (Sparkplug 3.0, section 6.4.25); undefined for what is none. */
export function readHostState(payload: Uint8Array): HostState | undefined {
  try {
    const value = readJson(payload)
    if (!isRecord(value)) return undefined
    const { online, timestamp } = value
    if (typeof online !== 'boolean' || typeof timestamp !== 'number') return undefined
    return { isOnline: online, timestamp }
  } catch {
    return undefined // it is no JSON
  }
}
