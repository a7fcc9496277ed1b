import { writeSync } from 'node:fs'

/** Prints at once: what was written to the pipe outlives the process. A pipe that is full takes a part, or nothing for now. */
export function printAll(text: string): void {
  let left = Buffer.from(text)
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(1, left))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}
