import { PermanentError } from './errors.js'

/** What a formatter does with an event that it cannot write where nobody hears of it: the engine tries the batch in halves. */
export function refuseBatch(index: number, reason: string): never {
  throw new PermanentError('CODEC_UNWRITABLE', `event ${index}: ${reason}`)
}
