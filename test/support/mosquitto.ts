import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { peer } from './peers.js'
import { freePort } from './ports.js'
import { startProcess, TestProcess } from './process.js'

/** Why tests with a real broker are skipped, or false. */
export const noMosquitto = peer('mosquitto').skip || peer('mosquitto_sub').skip

/** A real broker with its own configuration on a free port, which can be stopped and started again on the same one. */
export class Mosquitto {
  readonly port: number
  readonly #folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
  readonly #subscribers: TestProcess[] = []
  #broker: TestProcess | undefined

  private constructor(port: number, settings: readonly string[]) {
    this.port = port
    const fixed = [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      // Started by root it would become another user, who cannot write here.
      `user ${userInfo().username}`,
      'persistence true',
      `persistence_location ${this.#folder}/`,
      // By default it drops what a slow subscriber does not take in time.
      'max_queued_messages 0',
    ]
    writeFileSync(this.#config, [...fixed, ...settings, ''].join('\n'))
  }

  /** Further lines of its configuration come after the listener's own. */
  static async start(settings: readonly string[] = []): Promise<Mosquitto> {
    const broker = new Mosquitto(await freePort(), settings)
    await broker.start()
    return broker
  }

  async start(): Promise<void> {
    this.#broker = await startProcess(peer('mosquitto').path, ['-v', '-c', this.#config], { ready: this.port })
  }

  /** Stops it; what it holds for subscribers with a session is kept. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.#broker?.stop(signal)
  }

  kill(signal: NodeJS.Signals): void {
    this.#broker?.kill(signal)
  }

  get output(): string {
    return this.#broker?.output ?? ''
  }

  /** An independent subscriber; it has a session, so what comes while the broker is down is not lost to it. */
  async subscribe(topic: string): Promise<Subscriber> {
    return new Subscriber(await this.#subscribe(topic, ['-c', '-q', '2', '-F', '%t\t%q\t%r\t%p']))
  }

  /** A subscriber of MQTT 5 that prints a line of this format for each message, as `mosquitto_sub` has them. */
  async lines(topic: string, format: string): Promise<Lines> {
    return new Lines(await this.#subscribe(topic, ['-V', '5', '-q', '2', '-F', format]))
  }

  async #subscribe(topic: string, more: readonly string[]): Promise<TestProcess> {
    const id = `subscriber-${this.#subscribers.length}`
    const args = ['-p', String(this.port), '-i', id, '-t', topic, ...more]
    // Into a pipe it would write by the block.
    const started = new TestProcess('stdbuf', ['-oL', peer('mosquitto_sub').path, ...args])
    await started.until(() => this.output.includes(`Sending SUBACK to ${id}`), 'the broker has its subscription')
    this.#subscribers.push(started)
    return started
  }

  async end(): Promise<void> {
    for (const subscriber of this.#subscribers) await subscriber.stop('SIGKILL')
    await this.stop('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  get #config(): string {
    return join(this.#folder, 'mosquitto.conf')
  }
}

export interface Received {
  readonly topic: string
  readonly qos: number
  readonly retained: boolean
  readonly payload: string
}

export class Subscriber {
  readonly #process: TestProcess

  constructor(subscriber: TestProcess) {
    this.#process = subscriber
  }

  /** Everything received so far, whole lines only. */
  get received(): Received[] {
    const lines = this.#process.output.split('\n').slice(0, -1)
    return lines.flatMap((line) => {
      const [topic, qos, retained, ...payload] = line.split('\t')
      if (topic === undefined || payload.length === 0) return []
      return [{ topic, qos: Number(qos), retained: retained === '1', payload: payload.join('\t') }]
    })
  }

  /** Resolves once the condition holds for what was received. */
  until(condition: (received: readonly Received[]) => boolean, what: string): Promise<void> {
    return this.#process.until(() => condition(this.received), what)
  }
}

/** What a subscriber printed, by the line. */
export class Lines {
  readonly #process: TestProcess

  constructor(subscriber: TestProcess) {
    this.#process = subscriber
  }

  get received(): string[] {
    return this.#process.output.split('\n').slice(0, -1)
  }

  until(condition: (received: readonly string[]) => boolean, what: string): Promise<void> {
    return this.#process.until(() => condition(this.received), what)
  }
}
