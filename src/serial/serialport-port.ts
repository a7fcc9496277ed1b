import { stat } from 'node:fs/promises'
import type { SerialPort } from 'serialport'
import type { Clock } from '../base/clock.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { openFailure } from './failure.js'
import type { Port } from './port.js'
import type { SerialSettings } from './serial-options.js'

type SerialPortClass = typeof SerialPort

/** The package's class; undefined where it has no binary for this machine. */
export async function loadSerialport(): Promise<SerialPortClass | undefined> {
  try {
    return (await import('serialport')).SerialPort
  } catch {
    return undefined // whatever is wrong with it, it is of no use here
  }
}

/** Opens a device with the package `serialport`. */
export async function openSerialport(
  Line: SerialPortClass,
  path: string,
  settings: SerialSettings,
  clock: Clock,
): Promise<Port> {
  const { ino: opened } = await stat(path).catch((error: unknown) => {
    throw openFailure(path, error)
  })
  const stream = new Line({ ...openOptions(settings), path })
  await settled(path, (done) => stream.open(done))
  const { dtr, rts } = settings
  if (dtr !== undefined || rts !== undefined)
    await settled(path, (done) => stream.set({ dtr: dtr ?? true, rts: rts ?? true }, done))
  const present = new AbortController()
  const pause = (): Promise<void> => clock.sleep(settings.reconnect_interval, present.signal)
  void watch({ path, opened, pause, unplugged: () => stream.destroy(new Error('it was unplugged')) }, present.signal)
  return {
    backend: 'serialport',
    stream,
    close() {
      present.abort()
      return closePort(stream)
    },
  }
}

function openOptions(settings: SerialSettings) {
  const software = settings.flow_control === 'software'
  return {
    baudRate: settings.baud_rate,
    dataBits: settings.data_bits as 5 | 6 | 7 | 8,
    stopBits: settings.stop_bits as 1 | 2,
    parity: settings.parity,
    rtscts: settings.flow_control === 'hardware',
    xon: software,
    xoff: software,
    hupcl: settings.hang_up,
    lock: settings.exclusive,
    autoOpen: false,
  }
}

/** The package's errors have text alone. */
function settled(path: string, begin: (done: (error: Error | null | undefined) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    begin((error) => {
      if (error)
        reject(new AgentError('SERIAL_OPEN', `${path}: cannot be opened: ${messageOf(error)}`, { cause: error }))
      else resolve()
    })
  })
}

interface Watched {
  readonly path: string
  /** The number of the file as it was before it was opened: one that is asked for later may be gone by then. */
  readonly opened: number
  readonly pause: () => Promise<void>
  readonly unplugged: () => void
}

/**
 * A device that hangs up while the package reads gives it no bytes, for which it asks again and again (bindings-cpp 13, unix-read):
 * so whether the device is still there is asked apart. Never rejects.
 */
async function watch({ path, opened, pause, unplugged }: Watched, end: AbortSignal): Promise<void> {
  for (await pause(); !end.aborted; await pause()) if ((await nodeOf(path)) !== opened && !end.aborted) unplugged()
}

/** The number of the file below /dev, which another device of the same name does not have; nothing where there is none. */
async function nodeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ ino }) => ino,
    () => undefined,
  )
}

/** A port that was unplugged is closed already. */
function closePort(stream: SerialPort): Promise<void> {
  return new Promise((resolve) => {
    if (stream.isOpen) stream.close(() => resolve())
    else resolve()
  })
}
