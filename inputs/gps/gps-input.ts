import { createReadStream } from 'node:fs'
import type { Socket } from 'node:net'
import { type Fix, watchCommand } from 'sluice/gnss'
import { connect } from 'sluice/net'
import { AgentError, type Input, type InputContext } from 'sluice/plugin'
import { checkDevice, type SerialLine, type SerialSettings, whileLine } from 'sluice/serial'
import { FixReader, type ReaderSettings } from './fix-reader.js'

export interface Settings extends ReaderSettings, SerialSettings {
  readonly from: 'gpsd' | 'tcp' | 'serial' | 'file'
  readonly host: string
  readonly port: number | undefined
  readonly pace: 'fast' | 'recorded'
  readonly speed: number
  readonly 'net.connect_timeout': number
}

/** That of gpsd, and that of NMEA 0183 over TCP (IANA, "gpsd" and "nmea-0183"). */
const ports = { gpsd: 2947, tcp: 10_110 } as const

/** Throws an AgentError where no device or, `GPS_PATH`, no file is named and one must be. */
export function gpsInput(settings: Settings, context: InputContext): Input {
  const { from, path } = settings
  if (from === 'gpsd' || from === 'tcp') return { run: (signal) => readServer({ ...settings, from }, context, signal) }
  if (from === 'serial') return serialInput(settings, context)
  if (path === undefined) throw new AgentError('GPS_PATH', 'path: expected the file to read, since from is file')
  return { run: (signal) => readFile(path, settings, context, signal) }
}

/** A line that is lost is opened again when it is back. */
function serialInput(settings: Settings, context: InputContext): Input {
  checkDevice(settings)
  const read = (line: SerialLine): Promise<void> => new FixReader(settings, context).live(line.read())
  return { run: (signal) => whileLine(settings, context, signal, read) }
}

/** Until the connection ends, which throws: the engine connects again. */
async function readServer(
  settings: Settings & { readonly from: 'gpsd' | 'tcp' },
  context: InputContext,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return
  const { from, host, port = ports[from] } = settings
  const socket = await connect({ host, port }, { timeoutMs: settings['net.connect_timeout'], signal })
  const close = (): void => void socket.destroy()
  signal.addEventListener('abort', close, { once: true })
  try {
    if (from === 'gpsd') socket.write(watchCommand)
    await new FixReader(settings, context).live(socket as Socket & AsyncIterable<Uint8Array>)
    throw new AgentError('GPS_CLOSED', `${host}:${port} closed the connection`)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
}

async function readFile(path: string, settings: Settings, context: InputContext, signal: AbortSignal): Promise<void> {
  const stream = createReadStream(path, { signal })
  const pace = settings.pace === 'fast' ? () => Promise.resolve() : recordedPace(settings.speed, context, signal)
  try {
    await new FixReader(settings, context).recorded(stream, pace)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    stream.destroy()
  }
}

/** Waits until as much time has passed since the first fix as the receiver says did. */
function recordedPace(speed: number, { clock }: InputContext, signal: AbortSignal): (fix: Fix) => Promise<void> {
  let first: { readonly timeMs: number; readonly at: number } | undefined
  return async ({ timeMs }) => {
    if (timeMs === undefined) return
    first ??= { timeMs, at: clock.monotonic() }
    const waitMs = first.at + (timeMs - first.timeMs) / speed - clock.monotonic()
    if (waitMs > 0) await clock.sleep(waitMs, signal)
    signal.throwIfAborted()
  }
}
