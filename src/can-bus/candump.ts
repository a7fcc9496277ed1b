import { spawn } from 'node:child_process'

import { CandumpReader } from '../can/text/candump-reader.js'
import { SocketReads } from '../net/index.js'
import type { PluginContext } from '../plugin/context.js'
import { AgentError } from '../plugin/errors.js'
import type { BusState, CanFilter, CanSource, TakeFrame } from './can-bus.js'
import { LineFrames } from './line-frames.js'
import { type Link, LinkKeeper } from './link-keeper.js'

export interface CandumpSettings {
  /** Such as `can0`. */
  readonly interface: string
  /** The kernel keeps back what none of these lets pass. */
  readonly filters?: readonly CanFilter[]
  readonly errors?: boolean
  /** The program of can-utils. */
  readonly command?: string
  readonly onState?: (state: BusState) => void
}

const retryMs = 1000
const longestTold = 200
const extendedFlag = 0x8000_0000

/** With -d: frames that found no room in the kernel (can-utils, candump.c). */
const dropped = /^DROPCOUNT: dropped (\d+)/

/**
 * A CAN interface read by the program `candump` of can-utils, for machines where koffi has nothing: it only listens. The program ends
 * when the interface goes down, and is started again until it is back.
 */
export class Candump implements CanSource {
  readonly #keeper: LinkKeeper<Link>
  readonly #frames: LineFrames

  constructor(settings: CandumpSettings, context: Pick<PluginContext, 'clock' | 'count' | 'log'>) {
    const { interface: name, onState } = settings
    this.#frames = new LineFrames({
      reader: new CandumpReader(),
      bus: name,
      filters: [],
      context,
      onOther(line) {
        const lost = dropped.exec(line)?.[1]
        if (lost !== undefined) context.count('lost_frames', Number(lost))
      },
    })
    this.#keeper = new LinkKeeper({ name, context, open: () => started(settings), retryMs, onState })
  }

  next(take: TakeFrame, signal: AbortSignal): Promise<boolean> {
    return this.#keeper.next(this.#frames, take, signal)
  }

  close(): void {
    this.#keeper.close()
  }
}

/** Starts the program, without a shell. What it says of an interface that it cannot read is why it ended. */
async function started({ command = 'candump', ...settings }: CandumpSettings): Promise<Link> {
  const child = spawn(command, ['-L', '-d', interfaceWord(settings)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const reads = new SocketReads(child.stdout)
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (told = (told + text).slice(-longestTold)))
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(missing(command, error)))
  })
  const ended = new Promise<number | null>((resolve) => void child.once('close', resolve))
  return {
    async read() {
      const bytes = await reads.next().catch(() => undefined) // why the pipe ended the program tells better
      if (bytes) return bytes
      const code = await ended
      throw new AgentError('CAN_BUS_CANDUMP', `${command}: it ended with ${code}: ${told.trim().split('\n').at(-1)}`)
    },
    atHand: async () => reads.atHand(),
    close: () => void child.kill(),
  }
}

/** `can0,123:C00007FF,#1FFFFFFF`: an identifier of eight digits is one of 29 bits, a mask has the flags too (candump.c). */
function interfaceWord({ interface: name, filters = [], errors = true }: CandumpSettings): string {
  const words = filters.map(({ id, mask, extended, inverted }) => {
    const digits = id.toString(16).padStart(extended ? 8 : 3, '0')
    return `${digits}${inverted ? '~' : ':'}${((mask | extendedFlag) >>> 0).toString(16)}`
  })
  // Where there is a mask of errors and no other filter, candump takes no frame but errors.
  const all = errors && words.length === 0 ? ['0:0'] : []
  return [name, ...words, ...all, ...(errors ? ['#1fffffff'] : [])].join(',')
}

function missing(command: string, cause: Error): AgentError {
  return new AgentError(
    'CAN_BUS_CANDUMP',
    `${command}: expected the program of can-utils, got "${cause.message}"; run "apt-get install can-utils"`,
    { cause },
  )
}
