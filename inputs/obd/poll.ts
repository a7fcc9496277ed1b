import {
  type DataReader,
  hexText,
  type ObdAnswer,
  type ObdLink,
  parameterData,
  parameters,
  pidNamed,
  readCodes,
  readParameter,
  readPresentDtcs,
  readSupported,
  readVehicle,
  refusalIn,
  service,
  unitsOf,
} from 'sluice/can'
import { AgentError, type EventRecord, type InputContext, type Value } from 'sluice/plugin'
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
/** After so many readings in a row without any answer it sleeps; a parameter that alone has none is asked for no more. */
const mostSilent = 3

type Values = { [name: string]: Value }

/** Asks one car, time and again, and tells what it says. */
export class Poll {
  readonly #link: ObdLink
  readonly #settings: PollSettings
  readonly #context: InputContext
  #supported = new Map<number, Set<string>>()
  /** Stored codes of each ECU when they were last read. */
  #codes = new Map<string, string>()
  #silent = 0
  /** How often in a row there was no answer to a parameter, while there were to others. */
  readonly #misses = new Map<number, number>()

  constructor(link: ObdLink, settings: PollSettings, context: InputContext) {
    this.#link = link
    this.#settings = settings
    this.#context = context
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
      this.#supported = await readSupported(this.#link)
      if (this.#supported.size > 0) {
        this.#misses.clear()
        const pids = [...this.#supported.keys()].map((pid) => hexText(Uint8Array.of(pid)))
        this.#context.log.info('the car answers', { pids: pids.join(' ') })
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
    const rest = pids ? pidsOf(pids) : this.#known().filter((pid) => !elsewhere.has(pid))
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

  /** All parameters that the car has and the table names, but those that only tell which there are. */
  #known(): number[] {
    return [...this.#supported.keys()].filter((pid) => parameters.has(pid))
  }

  #some(pids: readonly number[]): boolean {
    const absent = pids.filter((pid) => !this.#supported.has(pid)).map((pid) => hexText(Uint8Array.of(pid)))
    if (absent.length > 0) this.#context.log.warn('the car does not have these parameters', { pids: absent.join(' ') })
    return absent.length < pids.length
  }

  /** One record for each ECU that answered; false where none did. */
  async #readParameters(pids: readonly number[]): Promise<boolean> {
    const found = new Map<string, Values>()
    const silent: number[] = []
    for (const pid of pids) {
      const ecus = this.#supported.get(pid)
      if (!ecus || ecus.size === 0) continue
      const answers = await this.#link.request(Uint8Array.of(service.currentData, pid), ecus.size)
      for (const answer of answers) {
        if (refusalIn(answer.payload) === undefined) this.#put(found, pid, answer)
        else this.#refused(ecus, pid, answer.ecu)
      }
      if (answers.length === 0) silent.push(pid)
      else this.#misses.delete(pid)
    }
    if (found.size > 0) for (const pid of silent) this.#missed(pid)
    for (const [ecu, values] of found) this.#emit('', ecu, values)
    return found.size > 0
  }

  /** What an ECU refuses although it said that it has it, it is asked for no more. */
  #refused(ecus: Set<string>, pid: number, ecu: string): void {
    this.#context.count('refused_requests')
    if (ecus.delete(ecu))
      this.#context.log.warn('an ECU refuses a parameter', { ecu, pid: hexText(Uint8Array.of(pid)) })
  }

  #missed(pid: number): void {
    const misses = (this.#misses.get(pid) ?? 0) + 1
    this.#misses.set(pid, misses)
    if (misses < mostSilent) return
    this.#supported.delete(pid)
    this.#context.log.warn('no ECU answers to a parameter', { pid: hexText(Uint8Array.of(pid)) })
  }

  #put(found: Map<string, Values>, pid: number, { ecu, payload }: ObdAnswer): void {
    const values = found.get(ecu) ?? {}
    found.set(ecu, values)
    const parameter = parameters.get(pid)
    const data = parameterData(payload)
    if (parameter) readParameter(parameter, data, values)
    else values[`pid_${hexText(Uint8Array.of(pid)).toLowerCase()}`] = hexText(data)
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

  /** What an ECU kept of the moment when its first code came. */
  async #readFreezeFrame(ecu: string): Promise<void> {
    const found = new Map<string, Values>()
    const supported = await readSupported(this.#link, service.freezeFrame)
    for (const [pid, ecus] of supported) {
      if (!ecus.has(ecu) || !parameters.has(pid)) continue
      const request = Uint8Array.of(service.freezeFrame, pid, 0)
      for (const answer of await this.#link.request(request, ecus.size)) {
        if (answer.ecu === ecu && refusalIn(answer.payload) === undefined) this.#put(found, pid, answer)
      }
    }
    const values = found.get(ecu)
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

function unitFields(values: EventRecord): EventRecord {
  const units = unitsOf(values)
  return Object.keys(units).length > 0 ? { units } : {}
}
