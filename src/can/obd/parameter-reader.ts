import type { EventRecord, Value } from '../../event/event.js'
import { hexText, type ObdAnswer, parameterData, refusalIn, service } from './messages.js'
import { readParameter } from './parameter.js'
import { parameters } from './parameters.js'
import { type ObdLink, readSupported } from './vehicle.js'

/** What can be wrong with a parameter, by its number such as `0C`; it is asked for no more then. */
export interface ParameterTrouble {
  readonly refused: (pid: string, ecus: readonly string[]) => void
  readonly silent: (pid: string) => void
}

/** After so many readings in a row without an answer, while others were answered, a parameter is asked for no more. */
const mostSilent = 3

type Values = { [name: string]: Value }

/** Reads parameters of ECUs by their numbers (SAE J1979, services 01 and 02), time and again. */
export class ParameterReader {
  readonly #link: ObdLink
  readonly #trouble: ParameterTrouble
  #supported = new Map<number, Set<string>>()
  /** How often in a row there was no answer to a parameter, while there were to others. */
  readonly #misses = new Map<number, number>()

  constructor(link: ObdLink, trouble: ParameterTrouble) {
    this.#link = link
    this.#trouble = trouble
  }

  /** Asks anew which parameters there are, and answers with their numbers: none where no ECU answers. */
  async learn(): Promise<number[]> {
    this.#supported = await readSupported(this.#link)
    this.#misses.clear()
    return [...this.#supported.keys()]
  }

  has(pid: number): boolean {
    return this.#supported.has(pid)
  }

  /** What each ECU that answered said. Throws what the link throws. */
  async read(pids: readonly number[]): Promise<Map<string, EventRecord>> {
    const found = new Map<string, Values>()
    const silent: number[] = []
    for (const pid of pids) {
      const ecus = this.#supported.get(pid)
      if (!ecus || ecus.size === 0) continue
      const answers = await this.#link.request(Uint8Array.of(service.currentData, pid), ecus.size)
      this.#take(found, pid, answers, ecus)
      if (answers.length === 0) silent.push(pid)
      else this.#misses.delete(pid)
    }
    if (found.size > 0) for (const pid of silent) this.#missed(pid)
    return found
  }

  /** What an ECU kept of the moment when its first trouble code came; undefined where that is nothing. */
  async readFreezeFrame(ecu: string): Promise<EventRecord | undefined> {
    const found = new Map<string, Values>()
    for (const [pid, ecus] of await readSupported(this.#link, service.freezeFrame)) {
      if (!ecus.has(ecu) || !parameters.has(pid)) continue
      for (const answer of await this.#link.request(Uint8Array.of(service.freezeFrame, pid, 0), ecus.size)) {
        if (answer.ecu === ecu && refusalIn(answer.payload) === undefined) put(found, pid, answer)
      }
    }
    return found.get(ecu)
  }

  /** What an ECU refuses although it said that it has it, it is asked for no more. That is told once a request. */
  #take(found: Map<string, Values>, pid: number, answers: readonly ObdAnswer[], ecus: Set<string>): void {
    const refusing: string[] = []
    for (const answer of answers) {
      if (refusalIn(answer.payload) === undefined) put(found, pid, answer)
      else if (ecus.delete(answer.ecu)) refusing.push(answer.ecu)
    }
    if (refusing.length > 0) this.#trouble.refused(pidText(pid), refusing)
  }

  #missed(pid: number): void {
    const misses = (this.#misses.get(pid) ?? 0) + 1
    this.#misses.set(pid, misses)
    if (misses < mostSilent) return
    this.#supported.delete(pid)
    this.#trouble.silent(pidText(pid))
  }
}

/** The number of a parameter as tables of them have it, such as `0C`. */
export function pidText(pid: number): string {
  return hexText(Uint8Array.of(pid))
}

function put(found: Map<string, Values>, pid: number, { ecu, payload }: ObdAnswer): void {
  const values = found.get(ecu) ?? {}
  found.set(ecu, values)
  const parameter = parameters.get(pid)
  const data = parameterData(payload)
  if (parameter) readParameter(parameter, data, values)
  else values[`pid_${pidText(pid).toLowerCase()}`] = hexText(data)
}
