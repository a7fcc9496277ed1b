import type { BodyReader } from '../wire/body-reader.js'
import type { Connect } from '../wire/connect-packet.js'
import { protocolError } from '../wire/mqtt-refusal.js'
import { readProperties } from '../wire/properties.js'
import { reasonCodes } from '../wire/reasons.js'

export interface Disconnect {
  /** The will is to be published though the client takes its leave. */
  readonly withWill: boolean
  /** How long its session is to stay, where it says so. */
  readonly sessionSeconds: number | undefined
}

/** The body of a DISCONNECT (MQTT 5.0, section 3.14; empty in 3.1.1). */
export function readDisconnect(reader: BodyReader, connect: Connect): Disconnect {
  if (connect.version === 4 || reader.isAtEnd) {
    reader.close()
    return { withWill: false, sessionSeconds: undefined }
  }
  const reason = reader.u8()
  const { sessionExpiry } = reader.isAtEnd
    ? {}
    : readProperties(reader, ['sessionExpiry', 'reasonString', 'userProperty'])
  reader.close()
  // A session that was to end with its connection cannot be kept now (section 3.14.2.2.2).
  if (typeof sessionExpiry === 'number' && sessionExpiry > 0 && connect.sessionSeconds === 0)
    throw protocolError('no session where CONNECT asked for none')
  return {
    withWill: reason === reasonCodes.disconnect_with_will,
    sessionSeconds: typeof sessionExpiry === 'number' ? sessionExpiry : undefined,
  }
}
