import type { CanFrame } from '../../can/frame.js'
import { AsciiSink } from '../../can/text/ascii-sink.js'
import { SlcanReader } from '../../can/text/slcan-reader.js'
import { writeSlcan } from '../../can/text/slcan-writer.js'
import type { PluginContext } from '../../plugin/context.js'
import { AgentError } from '../../plugin/errors.js'
import { openLine, type SerialLine, type SerialSettings } from '../../serial/index.js'
import type { BusState, CanBus, CanFilter, TakeFrame } from '../can-bus.js'
import { LineFrames } from '../line-frames.js'
import { type Link, LinkKeeper } from '../link-keeper.js'
import { bitRateCommand, dataRateCommand } from './bit-rates.js'
import { prepareAdapter } from './prepare-adapter.js'

export interface SlcanSettings {
  readonly serial: SerialSettings
  /** What the bus is called. */
  readonly name: string
  /** Bits per second of the bus: 10000, 20000, 50000, 100000, 125000, 250000, 500000, 800000 or 1000000. */
  readonly bitRate: number
  /** Of the data of CAN FD: 1000000, 2000000, 4000000 or 5000000. */
  readonly dataBitRate?: number
  /** Acknowledges nothing and sends nothing, as far as the adapter can. */
  readonly listenOnly?: boolean
  /** Frames that none of these lets pass are left out here. */
  readonly filters?: readonly CanFilter[]
  readonly onState?: (state: BusState) => void
}

interface Adapter extends Link {
  readonly line: SerialLine
}

const carriageReturn = 0x0d

/**
 * A CAN adapter on a serial line that speaks slcan: it is set up and opened each time it appears, and closed at the end. Its frames have
 * the time when they came.
 */
export class Slcan implements CanBus {
  readonly #settings: SlcanSettings
  readonly #keeper: LinkKeeper<Adapter>
  readonly #frames: LineFrames
  readonly #sink = new AsciiSink()

  /** Throws `CAN_BUS_BIT_RATE` for a bit rate that adapters do not know. */
  constructor(settings: SlcanSettings, context: Pick<PluginContext, 'clock' | 'count' | 'log'>) {
    const { name, serial, filters = [], onState } = settings
    const commands = commandsOf(settings)
    this.#settings = settings
    this.#frames = new LineFrames({
      reader: new SlcanReader(),
      delimiter: carriageReturn,
      bus: name,
      filters,
      context,
    })
    const open = (): Promise<Adapter> => opened(serial, commands, context)
    this.#keeper = new LinkKeeper({ name, context, open, retryMs: serial.reconnect_interval, onState })
  }

  next(take: TakeFrame, signal: AbortSignal): Promise<boolean> {
    return this.#keeper.next(this.#frames, take, signal)
  }

  /** Resolves when the line has taken the frame; whether the bus did slcan does not tell. */
  async send(frame: CanFrame): Promise<void> {
    const { name, listenOnly } = this.#settings
    if (listenOnly) throw new AgentError('CAN_BUS_LISTENS', `${name}: the adapter only listens`)
    if (frame.error) throw new AgentError('CAN_BUS_FRAME', `${name}: slcan has no form for error frames`)
    const line = this.#keeper.link?.line
    if (!line) throw new AgentError('CAN_BUS_ABSENT', `${name}: the adapter is not there`)
    writeSlcan(this.#sink, frame)
    await line.write(this.#sink.take())
  }

  close(): void {
    this.#keeper.close()
  }
}

/** What sets the adapter up and opens it (CANUSB manual; `L` opens it to listen only). */
function commandsOf({ bitRate, dataBitRate, listenOnly = false }: SlcanSettings): readonly string[] {
  const dataRate = dataBitRate === undefined ? [] : [dataRateCommand(dataBitRate)]
  return [bitRateCommand(bitRate), ...dataRate, listenOnly ? 'L' : 'O']
}

async function opened(
  serial: SerialSettings,
  commands: readonly string[],
  context: Pick<PluginContext, 'clock' | 'log'>,
): Promise<Adapter> {
  const line = await openLine(serial, context)
  try {
    let first: Uint8Array | undefined = await prepareAdapter(line, commands, context)
    const next = async (timeoutMs?: number): Promise<Uint8Array | undefined> => {
      const bytes = first ?? (await line.next(timeoutMs))
      first = undefined
      return bytes
    }
    return { line, read: () => next(), atHand: () => next(0), close: () => void closed(line) }
  } catch (error) {
    await line.close()
    throw error
  }
}

/** An adapter that is left open goes on to send; one that is gone cannot be told. */
async function closed(line: SerialLine): Promise<void> {
  await line.write(Buffer.from('C\r')).catch(() => undefined)
  await line.close()
}
