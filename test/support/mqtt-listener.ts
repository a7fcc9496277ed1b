import type { TestContext } from 'node:test'
import mqtt from '../../inputs/mqtt/index.js'
import { type Clock, systemClock } from '../../src/base/clock.js'
import { RecordingInputContext } from './input-context.js'
import { optionsOf } from './options.js'
import { parserNamed } from './parsers.js'
import { RawClient } from './raw-client.js'
import { type Run, running } from './running.js'

export interface MqttListener {
  readonly context: RecordingInputContext
  readonly port: number
  readonly run: Run
  /** A client that says what it is told; `text` of it is in hexadecimal by `hexOf`. */
  readonly client: () => Promise<RawClient>
  /** Keeps the promise of every event that was taken; with an error it is broken. */
  readonly keep: (error?: Error) => void
}

/** The input as a listener, until the test ends. Its context keeps no promise by itself. */
export async function mqttListener(
  t: TestContext,
  raw: object = {},
  clock: Clock = systemClock,
): Promise<MqttListener> {
  const context = new RecordingInputContext(clock, parserNamed)
  const run = await running(t, mqtt.create(optionsOf(mqtt, { port: 0, ...raw }), context))
  t.after(() => (context.hasRoom = true))
  const line = await context.log.line('listening')
  const port = Number(/:(\d+)$/.exec(String(line.fields?.['addresses']))?.[1])
  return {
    context,
    port,
    run,
    client: () => RawClient.connect(t, port),
    keep: (error) => {
      for (const ack of context.acks.splice(0)) ack?.(error)
    },
  }
}

/** What a client heard, in hexadecimal. */
export const hexOf = (client: RawClient): string => Buffer.from(client.text, 'latin1').toString('hex')

/** Resolves once a client heard these bytes, and no others. */
export async function hears(client: RawClient, hex: string): Promise<void> {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1')
  await client.until(new RegExp(`^[^]{${bytes.length}}`))
  if (client.text !== bytes) throw new Error(`expected ${hex}, heard ${hexOf(client)}`)
}

/** Resolves once the last of what a client heard are these bytes. */
export async function hearsLast(client: RawClient, hex: string): Promise<void> {
  const bytes = hex.replaceAll(' ', '').replaceAll(/../g, (byte) => String.raw`\x${byte}`)
  await client.until(new RegExp(`${bytes}$`))
}
