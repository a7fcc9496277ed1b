import type { MessageDecoder } from '../decode/decoder.js'
import { DataGate } from './data-gate.js'
import type { FrameIdentity } from './frame-pattern.js'
import { type RecordHeads, recordHeadsOf } from './record-heads.js'
import { SignalGates } from './signal-gates.js'
import type { ThinningRules } from './thinning.js'

/** What is known of the frames of one identifier on one bus, and what was told of them last. */
export interface Channel {
  readonly isSelected: boolean
  readonly heads: RecordHeads
  readonly data: DataGate
  /** Undefined where no DBC file of the bus knows the identifier. */
  readonly message: ChannelMessage | undefined
}

export interface ChannelMessage {
  readonly decoder: MessageDecoder
  readonly gates: SignalGates
}

export interface ChannelParts {
  readonly identity: FrameIdentity
  readonly decoder: MessageDecoder | undefined
  readonly isSelected: boolean
  readonly thinning: ThinningRules
  /** Every signal has a record of its own, and is thinned out by itself. */
  readonly apart: boolean
}

export function channelOf({ identity, decoder, isSelected, thinning, apart }: ChannelParts): Channel {
  const ofMessage = thinning.ofMessage(identity)
  const thinningOf = (signal: string): ReturnType<ThinningRules['ofSignal']> =>
    thinning.ofSignal(identity, signal) ?? (apart ? ofMessage : undefined)
  const ofSignals = decoder?.signals.map(({ name }) => thinningOf(name)) ?? []
  const pages = decoder?.signals.flatMap(({ selector }, place) => (selector ? [place] : [])) ?? []
  return {
    isSelected,
    heads: recordHeadsOf(identity, decoder && { name: decoder.message.name, j1939: decoder.j1939 }),
    data: new DataGate(ofMessage),
    message: decoder && { decoder, gates: new SignalGates({ ofMessage, ofSignals, pages }) },
  }
}
