import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type { LedgerFigures } from '../../src/observe/ledger.js'
import { folderOf } from './folder.js'
import { freePort } from './ports.js'
import type { TestProcess } from './process.js'
import { sluice } from './sluice.js'

/** The built program with an admin server, and its configuration, which a test writes anew while it runs. */
export class ReloadedAgent {
  readonly folder: string
  readonly process: TestProcess
  readonly #admin: number

  private constructor(folder: string, admin: number, process: TestProcess) {
    this.folder = folder
    this.#admin = admin
    this.process = process
  }

  /** Starts it on a pipeline, as YAML in one line; `service` is more of the service's settings. */
  static async start(t: TestContext, pipeline: string, service = ''): Promise<ReloadedAgent> {
    const admin = await freePort()
    const folder = folderOf(t, { 'sluice.yaml': configuration(admin, pipeline, service) })
    const started = sluice(t, ['run', '-c', 'sluice.yaml'], { cwd: folder })
    const agent = new ReloadedAgent(folder, admin, started)
    await started.until(() => started.stderr.includes('serves HTTP'), 'it has an admin server')
    return agent
  }

  write(pipeline: string, service = ''): void {
    writeFileSync(join(this.folder, 'sluice.yaml'), configuration(this.#admin, pipeline, service))
  }

  /** Has it read the configuration again, and waits for these words in its log. */
  async hangUp(until = `reloads=${this.reloads + 1}`): Promise<void> {
    this.process.kill('SIGHUP')
    await this.process.until(() => this.process.stderr.includes(until), `it logs "${until}"`)
  }

  /** How often a configuration took over, by the log. */
  get reloads(): number {
    return Number([...this.process.stderr.matchAll(/ reloads=(\d+)/g)].at(-1)?.[1] ?? 0)
  }

  async asked(path: string, method = 'GET'): Promise<readonly [status: number, body: unknown]> {
    const answer = await fetch(`http://127.0.0.1:${this.#admin}${path}`, { method })
    return [answer.status, await answer.json()]
  }

  async ledger(): Promise<LedgerFigures> {
    return (await this.asked('/ledger'))[1] as LedgerFigures
  }

  /** Waits until this many events of an input wait; while a pipeline takes over nobody answers. */
  async untilPending(input: string, count: number): Promise<void> {
    const pending = async (): Promise<number | undefined> => (await this.ledger()).inputs[input]?.pending
    while ((await pending().catch(() => undefined)) !== count);
  }
}

function configuration(admin: number, pipeline: string, service: string): string {
  const settings = `flush: 10ms, grace: 2s, scheduler.base: 20ms, scheduler.cap: 100ms, http_server: on, http_port: ${admin}`
  return `service: {${settings}${service === '' ? '' : `, ${service}`}}\npipeline: ${pipeline}\n`
}

/** Sends `{n: from}` to `{n: to - 1}` to a TCP input. */
export async function sendNumbers(port: number, from: number, to: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.end(Array.from({ length: to - from }, (_, n) => `{"n":${from + n}}\n`).join(''))
  socket.resume()
  await once(socket, 'close')
}
