import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { folderOf } from './folder.js'
import { peer } from './peers.js'
import { freePort } from './ports.js'
import { startProcess, type TestProcess } from './process.js'

/** Why tests with a real syslog server are skipped, or false. */
export const noRsyslog = peer('rsyslogd').skip

/** What it made of one message; `time` is in UTC. */
export interface Logged {
  readonly pri: string
  readonly time: string
  readonly host: string
  readonly app: string
  readonly procid: string
  readonly msgid: string
  readonly sd: string
  readonly msg: string
}

const template = `template(name="fields" type="list" option.jsonf="on") {
  property(outname="pri" name="pri" format="jsonf")
  property(outname="time" name="timereported" dateFormat="rfc3339" date.inUTC="on" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="app" name="app-name" format="jsonf")
  property(outname="procid" name="procid" format="jsonf")
  property(outname="msgid" name="msgid" format="jsonf")
  property(outname="sd" name="structured-data" format="jsonf")
  property(outname="msg" name="msg" format="jsonf")
}`

/** rsyslogd with an input of its own, which writes what it reads to a file. */
export class Rsyslog {
  readonly port: number
  readonly folder: string
  readonly #process: TestProcess

  private constructor(port: number, folder: string, running: TestProcess) {
    this.port = port
    this.folder = folder
    this.#process = running
  }

  /**
   * `input` is what its configuration says of the inputs; `PORT` and `FOLDER` stand for a free port and its folder. One of them
   * listens on TCP, by which it is known to have started.
   */
  static async start(t: TestContext, input: string): Promise<Rsyslog> {
    const folder = folderOf(t, { log: '' })
    const port = await freePort()
    const filled = input.replaceAll('PORT', `${port}`).replaceAll('FOLDER', folder)
    const output = `action(type="omfile" file="${folder}/log" template="fields")`
    const settings = `global(workDirectory="${folder}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off")`
    // What it says of itself is no message of ours.
    const ruleset = `ruleset(name="ours") { ${output} }`
    writeFileSync(join(folder, 'conf'), [settings, template, ruleset, filled, ''].join('\n'))
    const args = ['-n', '-f', join(folder, 'conf'), '-i', join(folder, 'pid')]
    const running = await startProcess(peer('rsyslogd').path, args, { ready: port })
    t.after(() => running.stop('SIGKILL'))
    return new Rsyslog(port, folder, running)
  }

  get logged(): Logged[] {
    const lines = readFileSync(join(this.folder, 'log'), 'utf8').split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line) as Logged)
  }

  /** Resolves once it has written so many messages. */
  async until(count: number): Promise<Logged[]> {
    await this.#process.until(() => this.logged.length >= count, `it writes ${count} messages`)
    return this.logged
  }
}
