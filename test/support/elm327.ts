import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { systemClock } from '../../src/base/clock.js'
import type { Answers } from './ecu.js'
import { peer } from './peers.js'

const socat = peer('socat')

export interface Habits {
  /** What the ECUs say, by their identifiers: `7E8`, or `10` on a bus that is older than CAN. */
  readonly ecus: { readonly [ecu: string]: Answers }
  /** Number of the protocol; 6 is CAN. */
  readonly protocol?: string
  /** Commands that it answers with `?`. */
  readonly unknown?: RegExp
  /** It sends every byte by itself, with zeros between them. */
  readonly noisy?: boolean
  /** Echo stays on, whatever it is told. */
  readonly echoing?: boolean
  /** It hears, and says nothing. */
  readonly mute?: boolean
}

/** An adapter with the commands of an ELM327 on a port of this machine, with habits that adapters have. */
export class ElmSimulator {
  /** All that it was told. */
  readonly commands: string[] = []
  /** What it says to a request instead of asking an ECU, once for each in the list. */
  readonly scripted = new Map<string, string[]>()
  /** No ECU answers. */
  isAsleep = false
  readonly #habits: Habits
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #set = { echo: true, headers: false, spaces: true }
  /** Whom requests are for. */
  #header = '7DF'

  constructor(habits: Habits) {
    this.#habits = habits
    this.#server = createServer((socket) => this.#connected(socket))
  }

  static async start(t: TestContext, habits: Habits): Promise<ElmSimulator> {
    const simulator = new ElmSimulator(habits)
    simulator.#server.listen(0, '127.0.0.1')
    await once(simulator.#server, 'listening')
    t.after(() => simulator.stop())
    return simulator
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  /** It gets a plug: a serial line with this path. Pulling it is what is returned. */
  async plugIn(t: TestContext, link: string): Promise<() => Promise<void>> {
    const program = spawn(socat.path, [`pty,rawer,link=${link}`, `tcp:127.0.0.1:${this.port}`], { stdio: 'inherit' })
    const pull = async (): Promise<void> => {
      if (program.exitCode !== null || program.signalCode !== null) return
      program.kill('SIGTERM')
      await once(program, 'exit')
    }
    t.after(pull)
    while (!existsSync(link)) await systemClock.sleep(5)
    return pull
  }

  #connected(socket: Socket): void {
    this.#sockets.add(socket)
    socket.setNoDelay().on('error', () => undefined)
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      for (let end = text.indexOf('\r'); end >= 0; end = text.indexOf('\r')) {
        const said = this.#answerTo(text.slice(0, end).trim())
        if (!this.#habits.mute) this.#say(socket, said)
        text = text.slice(end + 1)
      }
    })
  }

  #say(socket: Socket, lines: readonly string[]): void {
    const text = `${lines.join('\r')}\r\r>`
    if (!this.#habits.noisy) return void socket.write(text)
    for (const character of text) socket.write(Buffer.from(`\0${character}`, 'latin1'))
  }

  #answerTo(command: string): string[] {
    this.commands.push(command)
    const echo = this.#set.echo || this.#habits.echoing ? [command] : []
    const scripted = this.scripted.get(command)?.shift()
    if (scripted !== undefined) return [...echo, ...scripted.split('\r')]
    if (this.#habits.unknown?.test(command)) return [...echo, '?']
    return [...echo, ...(command.startsWith('AT') ? this.#setting(command) : this.#request(command))]
  }

  #setting(command: string): string[] {
    if (command === 'ATZ') this.#set = { echo: true, headers: false, spaces: true }
    if (command.startsWith('ATSH')) this.#header = command.slice(4)
    if (command === 'ATZ') return ['', 'ELM327 v1.5']
    if (command === 'ATDPN') return [`A${this.#habits.protocol ?? '6'}`]
    if (command.startsWith('ATE')) this.#set.echo = command.endsWith('1')
    if (command.startsWith('ATH')) this.#set.headers = command.endsWith('1')
    if (command.startsWith('ATS') && command.length === 4) this.#set.spaces = command.endsWith('1')
    return ['OK']
  }

  #request(command: string): string[] {
    // An odd number of digits ends with how many answers are waited for.
    const request = command.length % 2 === 1 ? command.slice(0, -1) : command
    if (this.isAsleep) return ['SEARCHING...', 'UNABLE TO CONNECT']
    const lines = Object.entries(this.#habits.ecus).flatMap(([ecu, answers]) => {
      const said = this.#reaches(ecu) ? answers[request] : undefined
      return said === undefined ? [] : this.#linesOf(ecu, typeof said === 'string' ? said : (said.at(-1) ?? ''))
    })
    const spaced = this.#set.spaces ? lines.map((line) => line.replaceAll(/(..)(?=.)/g, '$1 ')) : lines
    return spaced.length > 0 ? spaced : ['NO DATA']
  }

  /** ECUs of 29 bits have what they hear in the middle of it. */
  #reaches(ecu: string): boolean {
    const own = ecu.length === 8 ? `DA${ecu.slice(6)}F1` : hex(parseInt(ecu, 16) - 8, 3)
    return ['7DF', 'DB33F1', own].includes(this.#header)
  }

  #linesOf(ecu: string, payload: string): string[] {
    const isCan = parseInt(this.#habits.protocol ?? '6', 16) >= 6
    if (!isCan) return this.#set.headers ? [`486B${ecu}${payload}C5`] : [payload]
    return this.#set.headers ? framesOf(payload).map((frame) => ecu + frame) : numbered(payload)
  }
}

/** Frames of ISO 15765-2, without their identifiers. */
function framesOf(payload: string): string[] {
  const length = payload.length / 2
  if (length <= 7) return [(hex(length, 2) + payload).padEnd(16, 'A')]
  const rest = payload.slice(12).match(/.{1,14}/g) ?? []
  return [
    `1${hex(length, 3)}${payload.slice(0, 12)}`,
    ...rest.map((part, n) => `2${hex((n + 1) % 16, 1)}${part}`.padEnd(16, 'A')),
  ]
}

/** The same as an adapter shows it without headers. */
function numbered(payload: string): string[] {
  const length = payload.length / 2
  if (length <= 7) return [payload]
  const parts = [payload.slice(0, 12), ...(payload.slice(12).match(/.{1,14}/g) ?? [])]
  return [hex(length, 3), ...parts.map((part, n) => `${hex(n % 16, 1)}:${part.padEnd(n === 0 ? 12 : 14, 'A')}`)]
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}
