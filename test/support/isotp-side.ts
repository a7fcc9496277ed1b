import { normalAddress } from '../../src/can/isotp/address.js'
import { IsoTpLink, type IsoTpSettings } from '../../src/can/isotp/link.js'
import { frameOf, hexOf, textOf } from './can-frames.js'
import { FakeClock } from './fake-clock.js'

export const ids = { transmitId: 0x111, receiveId: 0x222, extended: false }

export interface Side {
  readonly link: IsoTpLink
  readonly clock: FakeClock
  /** What was sent, `ID#DATA`, with the millisecond at which. */
  readonly sent: string[]
  readonly messages: string[]
  readonly faults: string[]
  /** Takes frames of the other side. */
  hear(...frames: string[]): void
}

/** One end of a conversation, which hears frames and remembers all that comes of them. */
export function isotpSide(settings: Partial<IsoTpSettings> = {}): Side {
  const clock = new FakeClock()
  const sent: string[] = []
  const messages: string[] = []
  const faults: string[] = []
  const link = new IsoTpLink({
    address: normalAddress(ids),
    clock,
    padding: undefined,
    write: async (frame) => void sent.push(`${textOf(frame)} ${clock.monotonic()}`),
    onMessage: (payload) => messages.push(hexOf(payload)),
    onFault: (fault) => faults.push(fault),
    ...settings,
  })
  return {
    link,
    clock,
    sent,
    messages,
    faults,
    hear: (...frames) => frames.forEach((text) => link.take(frameOf(text))),
  }
}
