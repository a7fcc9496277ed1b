import type { CanFrame } from '../can/frame.js'
import type { CanFilter } from './can-bus.js'

/** Whether one of the filters lets a frame pass; without filters every frame does. Error frames are not filtered. */
export function passes(frame: CanFrame, filters: readonly CanFilter[]): boolean {
  if (frame.error || filters.length === 0) return true
  for (const { id, mask, extended, inverted = false } of filters) {
    const matches = frame.extended === extended && (frame.id & mask) === (id & mask)
    if (matches !== inverted) return true
  }
  return false
}
