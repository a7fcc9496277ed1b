import type { Place } from './scanner.js'

/** A statement that can't be read: it is left out, and the file goes on. It never leaves this folder. */
export class Fault extends Error {
  readonly place: Place

  constructor(place: Place, text: string) {
    super(text)
    this.place = place
  }
}
