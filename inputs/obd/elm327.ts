import {
  type AdapterWord,
  adapterLines,
  adapterWord,
  hexText,
  isAnswerTo,
  type ObdAnswer,
  type ObdLink,
  readAnswers,
  refusalIn,
  responsePending,
} from 'sluice/can'
import { AgentError, type PluginContext } from 'sluice/plugin'
import { type Protocol, protocols } from './options.js'

/** A way to the adapter: `SerialLine` is one. */
export interface AdapterLine {
  /** The next bytes as they come; nothing where none came in time. */
  next(timeoutMs: number): Promise<Uint8Array | undefined>
  write(bytes: Uint8Array): Promise<void>
}

export interface ElmSettings {
  readonly protocol: Protocol
  readonly timeout: number
}

/** A reset takes about a second, by the data sheet. */
const resetMs = 3000
/** Looking for the protocol tries each of them, and the slow ones wake the bus for five seconds. */
const requestMs = 15_000
/** More than the longest answers of eight ECUs. */
const mostText = 65_536
/** `ATST` counts 4.096 ms. */
const timeoutStepMs = 4.096
/** CAN protocols have the numbers from 6 on. */
const firstCan = 6

/** An adapter with the commands of the ELM327: its own, those of STN, and clones that know half of them. */
export class Elm327 implements ObdLink {
  readonly #line: AdapterLine
  readonly #settings: ElmSettings
  readonly #context: PluginContext
  #headers = true
  #can = true
  /** It takes the number of answers to wait for behind a request, and ECUs answer at once. */
  #counts = true
  #isProtocolKnown = false
  /** Whom requests go to: one ECU, or all. */
  #ecu: string | undefined

  constructor(line: AdapterLine, settings: ElmSettings, context: PluginContext) {
    this.#line = line
    this.#settings = settings
    this.#context = context
  }

  /** Brings the adapter to a known state. Throws an AgentError, `OBD_ADAPTER`, where nothing like one answers. */
  async open(): Promise<void> {
    const version = await this.#reset()
    this.#isProtocolKnown = false
    this.#counts = true
    this.#ecu = undefined
    await this.#command('ATE0')
    // Clones know not all of these; what they send without them is understood too.
    for (const command of ['ATL0', 'ATS0', 'ATAT1']) await this.#command(command)
    this.#headers = (await this.#command('ATH1')).includes('ok')
    const { protocol, timeout } = this.#settings
    await this.#command(`ATST${hexText(Uint8Array.of(Math.min(Math.ceil(timeout / timeoutStepMs), 255)))}`)
    if (!(await this.#command(`ATSP${protocols[protocol]}`)).includes('ok')) {
      throw new AgentError('OBD_ADAPTER', `adapter: it does not take ${protocol} for a protocol; choose another`)
    }
    this.#context.log.info('adapter is ready', { version })
  }

  async request(request: Uint8Array, expected?: number, ecu?: string): Promise<ObdAnswer[]> {
    if (ecu !== this.#ecu) await this.#turnTo(ecu)
    const count = this.#countBehind(request, expected)
    const lines = await this.#ask(hexText(request) + count)
    const said = wordsIn(lines)
    if (said.includes('reset')) {
      this.#context.count('adapter_resets')
      await this.open()
      return []
    }
    if (said.includes('unknown_command') && count !== '') return this.#uncounted(request)
    for (const word of said) if (isFault(word)) this.#context.count(`adapter_${word}`)
    const answers = (await this.#answersIn(lines)).filter(({ payload }) => isAnswerTo(request, payload))
    const final = answers.filter(({ payload }) => refusalIn(payload) !== responsePending)
    // That an ECU needs longer is a line too, behind which the adapter waited for no other.
    return final.length < answers.length && count !== '' ? this.#uncounted(request) : final
  }

  /** `ATSH` takes what ECUs hear: of 11 bits eight below their answers, of 29 the addresses without priority (ISO 15765-4, 6.3.2). */
  async #turnTo(ecu: string | undefined): Promise<void> {
    const isWide = (ecu ?? this.#ecu)?.length === 8
    const all = isWide ? 'DB33F1' : '7DF'
    const one = isWide ? `DA${ecu?.slice(6)}F1` : (parseInt(ecu ?? '', 16) - 8).toString(16).toUpperCase()
    await this.#command(`ATSH${ecu === undefined ? all : one}`)
    this.#ecu = ecu
  }

  /** A number of answers is one of lines: it serves where each ECU answers with one. */
  #countBehind(request: Uint8Array, expected: number | undefined): string {
    return this.#counts && request[0] === 1 && expected !== undefined && expected < 10 ? String(expected) : ''
  }

  #uncounted(request: Uint8Array): Promise<ObdAnswer[]> {
    this.#counts = false
    return this.request(request)
  }

  async #answersIn(lines: readonly string[]): Promise<ObdAnswer[]> {
    const data = lines.filter((line) => adapterWord(line) === undefined)
    if (data.length > 0 && !this.#isProtocolKnown) await this.#learnProtocol()
    const format = { headers: this.#headers, can: this.#can, clock: this.#context.clock }
    const { answers, malformed } = readAnswers(data, format)
    if (malformed > 0) this.#context.count('malformed_answers', malformed)
    return answers
  }

  /** Which one it found tells how its lines are to be read: `A6` is 6, found by looking for it. */
  async #learnProtocol(): Promise<void> {
    const found = (await this.#ask('ATDPN')).map((line) => /^A?([\dA-C])$/.exec(line)?.[1]).find(Boolean)
    this.#can = found === undefined || parseInt(found, 16) >= firstCan
    this.#isProtocolKnown = found !== undefined
  }

  /** Ends what the adapter may be at by an empty line, then resets it; the version that it tells. */
  async #reset(): Promise<string> {
    await this.#exchange('', resetMs)
    const lines = (await this.#exchange('ATZ', resetMs)) ?? (await this.#exchange('ATZ', resetMs))
    const version = lines?.find((line) => adapterWord(line) === 'reset')
    if (version !== undefined) return version
    const got = lines === undefined ? 'nothing' : `"${lines.join(' ').slice(0, 40)}"`
    throw new AgentError(
      'OBD_ADAPTER',
      `adapter: expected its version, got ${got}; check baud_rate and that it has power`,
    )
  }

  async #command(command: string): Promise<AdapterWord[]> {
    return wordsIn(await this.#ask(command))
  }

  async #ask(command: string): Promise<string[]> {
    const lines = await this.#exchange(command, requestMs)
    if (lines) return lines
    throw new AgentError('OBD_ADAPTER', `adapter: no answer to ${command} within ${requestMs} ms`)
  }

  /** Sends a line; those that come until the prompt, without the echo of it; undefined where no prompt came in time. */
  async #exchange(command: string, withinMs: number): Promise<string[] | undefined> {
    await this.#line.write(Buffer.from(`${command}\r`))
    const { clock } = this.#context
    const until = clock.monotonic() + withinMs
    let text = ''
    while (!text.includes('>')) {
      const leftMs = until - clock.monotonic()
      const bytes = leftMs > 0 ? await this.#line.next(leftMs) : undefined
      if (!bytes || text.length > mostText) return undefined
      text += Buffer.from(bytes).toString('latin1')
    }
    return adapterLines(text.slice(0, text.lastIndexOf('>'))).filter((line) => line !== command)
  }
}

function wordsIn(lines: readonly string[]): AdapterWord[] {
  return lines.map(adapterWord).filter((word) => word !== undefined)
}

/** Silence is no fault: it is how ECUs say that they know nothing of a parameter. */
function isFault(word: AdapterWord): boolean {
  return word !== 'ok' && word !== 'working' && word !== 'no_data'
}
