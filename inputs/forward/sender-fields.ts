import { Resolver } from 'node:dns/promises'
import type { Socket } from 'node:net'
import { Fields } from 'sluice/forward'
import { peerAddress } from 'sluice/net'

export interface FieldNames {
  readonly addressKey: string | undefined
  readonly hostnameKey: string | undefined
}

/** Longest wait for DNS, of which there is one try: events do not wait for long to get a nicer name. */
const lookUpMs = 2000

/** The fields that tell who has sent an event; undefined where nobody asked for any. */
export async function senderFields(
  { addressKey, hostnameKey }: FieldNames,
  socket: Socket,
  client: string | undefined,
): Promise<Fields | undefined> {
  if (addressKey === undefined && hostnameKey === undefined) return undefined
  const address = peerAddress(socket)
  return new Fields({
    ...(addressKey === undefined ? {} : { [addressKey]: address }),
    ...(hostnameKey === undefined ? {} : { [hostnameKey]: client ?? (await nameOf(address)) }),
  })
}

/** What DNS calls an address; the address where it knows no name. Senders on a unix socket have neither. */
async function nameOf(address: string): Promise<string> {
  if (address === '') return 'localhost'
  try {
    const [name = address] = await new Resolver({ timeout: lookUpMs, tries: 1 }).reverse(address)
    return name
  } catch {
    return address // that is what a name is for
  }
}
