import { existsSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { folderOf } from './folder.js'
import { peer } from './peers.js'
import { TestProcess } from './process.js'

/** Why tests with a real collectd are skipped, or false. */
export const noCollectd = peer('collectd').skip

/** A real collectd that measures nothing by itself, and posts what it is told to this URL. */
export class Collectd {
  readonly #socket: string

  private constructor(socket: string) {
    this.#socket = socket
  }

  static async start(t: TestContext, url: string): Promise<Collectd> {
    const folder = folderOf(t, {})
    writeFileSync(join(folder, 'conf'), configuration(folder, url))
    const args = ['-f', '-C', join(folder, 'conf')]
    const running = new TestProcess(peer('collectd').path, args)
    t.after(() => running.stop('SIGKILL'))
    const socket = join(folder, 'socket')
    await running.until(() => existsSync(socket), 'it listens')
    return new Collectd(socket)
  }

  /** Gives it these commands of its plain text protocol; resolves to what it said to each. */
  async tell(commands: readonly string[]): Promise<string[]> {
    const socket = connect(this.#socket).setEncoding('utf8')
    socket.write(commands.map((command) => `${command}\n`).join(''))
    let said = ''
    for await (const text of socket) {
      said += String(text)
      if (said.split('\n').length > commands.length) break
    }
    return said.split('\n').slice(0, -1)
  }
}

function configuration(folder: string, url: string): string {
  return `
BaseDir "${folder}"
PIDFile "${folder}/pid"
WriteThreads 1
TypesDB "/usr/share/collectd/types.db"
LoadPlugin logfile
LoadPlugin write_http
LoadPlugin unixsock
<Plugin logfile>
  File STDERR
</Plugin>
<Plugin unixsock>
  SocketFile "${folder}/socket"
</Plugin>
<Plugin write_http>
  <Node "agent">
    URL "${url}"
    Format "JSON"
    BufferSize 4096
  </Node>
</Plugin>
`
}
