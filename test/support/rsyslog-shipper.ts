import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { folderOf } from './folder.js'
import { peer } from './peers.js'
import { freePort } from './ports.js'
import { startProcess, type TestProcess } from './process.js'

/** Why tests with an rsyslog that ships are skipped, or false. */
export const noShippingRsyslog = peer('rsyslogd').skip || peer('/usr/share/doc/rsyslog-elasticsearch').skip

const document = `template(name="document" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" date.inUTC="on" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="program" name="programname" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}`

/** rsyslogd with a queue that it empties into the `_bulk` of a server, which it tries again each second while it is away. */
export class RsyslogShipper {
  readonly #port: number
  readonly #process: TestProcess

  private constructor(port: number, running: TestProcess) {
    this.#port = port
    this.#process = running
  }

  static async start(t: TestContext, serverPort: number): Promise<RsyslogShipper> {
    const folder = folderOf(t, {})
    const port = await freePort()
    writeFileSync(join(folder, 'conf'), configuration(folder, port, serverPort))
    const args = ['-n', '-f', join(folder, 'conf'), '-i', join(folder, 'pid')]
    const running = await startProcess(peer('rsyslogd').path, args, { ready: port })
    t.after(() => running.stop('SIGKILL'))
    return new RsyslogShipper(port, running)
  }

  /** Has it take these lines of syslog over TCP. */
  take(lines: readonly string[]): void {
    connect(this.#port, '127.0.0.1').end(lines.map((line) => `${line}\n`).join(''))
  }

  /** Resolves once it found that the server is not there. */
  async suspended(): Promise<void> {
    await this.#process.until(() => /we are suspending/.test(this.#process.output), 'it finds the server away')
  }
}

function configuration(folder: string, port: number, serverPort: number): string {
  const queue =
    'queue.type="linkedList" queue.dequeueBatchSize="64" action.resumeRetryCount="-1" action.resumeInterval="1"'
  const server = `server="127.0.0.1" serverPort="${serverPort}" searchIndex="logs" searchType="" bulkMode="on"`
  return `
global(workDirectory="${folder}" parser.escapeControlCharactersOnReceive="off")
module(load="imptcp")
module(load="omelasticsearch")
${document}
ruleset(name="ours") {
  action(type="omelasticsearch" ${server} template="document" errorFile="${folder}/errors" ${queue})
}
input(type="imptcp" port="${port}" address="127.0.0.1" ruleset="ours")
`
}
