import type { RecordingLogger } from './plugin-context.js'

/** The addresses that a server came to listen on, once it does. */
export async function addressesOf(log: RecordingLogger): Promise<readonly string[]> {
  const { fields } = await log.line('listening')
  return String(fields?.['addresses']).split(', ')
}

/** The port of the first of them. */
export async function listeningPort(log: RecordingLogger): Promise<number> {
  const [address = ''] = await addressesOf(log)
  return Number(address.split(':').at(-1))
}
