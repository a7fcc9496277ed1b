import {
  type DataReader,
  type ObdLink,
  ParameterReader,
  type ParameterTrouble,
  parameters,
  pidNamed,
  pidText,
  readCodes,
  readPresentDtcs,
  readVehicle,
  unitsOf,
} from 'sluice/can'
import { AgentError, type EventRecord, type InputContext } from 'sluice/plugin'
import { identifierReaders } from './identifiers.js'
import type { ObdOptions } from './options.js'

export type PollSettings = Pick<
  ObdOptions,
  'tag' | 'pids' | 'interval' | 'groups' | 'identifiers' | 'dtcs' | 'uds_dtcs' | 'freeze_frame' | 'vehicle' | 'units'
>

/** What is read together, and when next. */
interface Task {
  readonly intervalMs: number
  due: number
  readonly run: () => Promise<boolean>
}

/** A car whose ignition is off says nothing: so often it is asked whether it is back. */
const asleepMs = 5000
/** After so many readings in a row without any answer it sleeps. */
const mostSilent = 3

/** Asks one car, time and again, and tells what it says. */
export class Poll {
  readonly #link: ObdLink
  readonly #settings: PollSettings
  readonly #context: InputContext
  readonly #parameters: ParameterReader
  /** Parameters that the car said it has. */
  #pids: readonly number[] = []
  /** Stored codes of each ECU when they were last read. */
  #codes = new Map<string, string>()
  #silent = 0

  constructor(link: ObdLink, settings: PollSettings, context: InputContext) {
    this.#link = link
    this.#settings = settings
    this.#context = context
    this.#parameters = new ParameterReader(link, troubleOf(context))
  }

  /** Ends when the signal is aborted; throws what the link throws. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (!(await this.#awake(signal))) return
      if (this.#settings.vehicle) await this.#readVehicle()
      await this.#rounds(this.#tasks(), signal)
    }
  }

  /** Waits until an ECU answers. */
  async #awake(signal: AbortSignal): Promise<boolean> {
    for (let tries = 0; !signal.aborted; tries++) {
      this.#pids = await this.#parameters.learn()
      if (this.#pids.length > 0) {
        this.#context.log.info('the car answers', { pids: pidTexts(this.#pids) })
        return true
      }
      if (tries === 0) this.#context.log.warn('the car does not answer; is its ignition on?')
      await this.#context.clock.sleep(asleepMs, signal)
    }
    return false
  }

  /** Does what is due, until the car falls silent. */
  async #rounds(tasks: readonly Task[], signal: AbortSignal): Promise<void> {
    const { clock } = this.#context
    this.#silent = 0
    while (!signal.aborted && this.#silent < mostSilent) {
      const next = tasks.reduce((earliest, task) => (task.due < earliest.due ? task : earliest))
      const waitMs = next.due - clock.monotonic()
      if (waitMs > 0) await clock.sleep(waitMs, signal)
      if (signal.aborted) return
      this.#silent = (await next.run()) ? 0 : this.#silent + 1
      await this.#context.room()
      next.due += next.intervalMs
      const missed = Math.ceil((clock.monotonic() - next.due) / next.intervalMs)
      if (missed <= 0) continue
      this.#context.count('late_readings', missed)
      next.due += missed * next.intervalMs
    }
  }

  #tasks(): Task[] {
    const { pids, interval, groups = [], identifiers = [], dtcs } = this.#settings
    const due = this.#context.clock.monotonic()
    const grouped = groups.map((group) => ({ intervalMs: group.interval, pids: pidsOf(group.pids) }))
    const elsewhere = new Set(grouped.flatMap((group) => group.pids))
    const known = this.#pids.filter((pid) => parameters.has(pid) && !elsewhere.has(pid))
    const rest = pids ? pidsOf(pids) : known
    const readings = [{ intervalMs: interval, pids: rest }, ...grouped].filter((group) => this.#some(group.pids))
    const tasks: Task[] = readings.map((group) => ({
      intervalMs: group.intervalMs,
      due,
      run: () => this.#readParameters(group.pids),
    }))
    for (const { intervalMs, reader } of identifierReaders(this.#link, identifiers, this.#context)) {
      tasks.push({ intervalMs, due, run: () => this.#readIdentifiers(reader) })
    }
    if (dtcs > 0) tasks.push({ intervalMs: dtcs, due, run: () => this.#readCodes() })
    // A car that has nothing of what is asked for is asked from time to time whether it is still the same.
    return tasks.length > 0 ? tasks : [{ intervalMs: asleepMs, due: due + asleepMs, run: async () => false }]
  }

  #some(pids: readonly number[]): boolean {
    const absent = pids.filter((pid) => !this.#parameters.has(pid))
    if (absent.length > 0) this.#context.log.warn('the car does not have these parameters', { pids: pidTexts(absent) })
    return absent.length < pids.length
  }

  /** One record for each ECU that answered; false where none did. */
  async #readParameters(pids: readonly number[]): Promise<boolean> {
    const found = await this.#parameters.read(pids)
    for (const [ecu, values] of found) this.#emit('', ecu, values)
    return found.size > 0
  }

  /** Where nothing is left that is answered, that is no silence. */
  async #readIdentifiers(reader: DataReader): Promise<boolean> {
    const found = await reader.read()
    for (const [ecu, values] of found) this.#emit('.identifiers', ecu, values)
    return found.size > 0 || reader.isDone
  }

  async #readCodes(): Promise<boolean> {
    const ecus = await readCodes(this.#link)
    for (const [ecu, { stored, pending, permanent }] of ecus) {
      this.#emit('.dtcs', ecu, { stored, pending, permanent })
      const isNew = stored.length > 0 && this.#codes.get(ecu) !== stored.join()
      this.#codes.set(ecu, stored.join())
      if (isNew && this.#settings.freeze_frame) await this.#readFreezeFrame(ecu)
    }
    if (this.#settings.uds_dtcs) await this.#readUdsCodes()
    return ecus.size > 0
  }

  async #readUdsCodes(): Promise<void> {
    for (const [ecu, dtcs] of await readPresentDtcs(this.#link)) {
      const codes = dtcs.map(({ code, status }) => ({ code, status: [...status] }))
      this.#emit('.uds_dtcs', ecu, { dtcs: codes })
    }
  }

  async #readFreezeFrame(ecu: string): Promise<void> {
    const values = await this.#parameters.readFreezeFrame(ecu)
    if (values) this.#emit('.freeze_frame', ecu, values)
  }

  async #readVehicle(): Promise<void> {
    for (const [ecu, values] of await readVehicle(this.#link)) this.#emit('.vehicle', ecu, values)
  }

  #emit(suffix: string, ecu: string, values: EventRecord): void {
    const { tag, units } = this.#settings
    const record = { ...(ecu === '' ? {} : { ecu }), ...values }
    this.#context.emit(tag + suffix, units ? { ...record, ...unitFields(values) } : record)
  }
}

/** Checks names and numbers of parameters. Throws an AgentError, `OBD_PARAMETER`. */
export function pidsOf(texts: readonly string[]): number[] {
  return texts.map((text) => {
    const pid = pidNamed(text)
    if (pid !== undefined) return pid
    throw new AgentError('OBD_PARAMETER', `pids: expected the name or number of a parameter, got "${text}"`)
  })
}

function troubleOf(context: InputContext): ParameterTrouble {
  return {
    refused: (pid, ecus) => {
      context.count('refused_requests')
      context.log.warn('a parameter is refused', { ecus: ecus.join(' '), pid })
    },
    silent: (pid) => context.log.warn('no ECU answers to a parameter', { pid }),
  }
}

function pidTexts(pids: readonly number[]): string {
  return pids.map(pidText).join(' ')
}

function unitFields(values: EventRecord): EventRecord {
  const units = unitsOf(values)
  return Object.keys(units).length > 0 ? { units } : {}
}
