import type { TestContext } from 'node:test'

import { folderOf } from './folder.js'
import { peer } from './peers.js'
import { type TestProcess, startProcess } from './process.js'

export const socat = peer('socat')

/** A unix datagram socket as systemd has one, which keeps what comes. */
export class NotifyReceiver {
  /** As `NOTIFY_SOCKET` names it. */
  readonly name: string
  readonly #process: TestProcess

  private constructor(name: string, process: TestProcess) {
    this.name = name
    this.#process = process
  }

  static async open(t: TestContext, name = `${folderOf(t, {})}/notify`): Promise<NotifyReceiver> {
    const kind = name.startsWith('@') ? `ABSTRACT-RECV:${name.slice(1)}` : `UNIX-RECV:${name}`
    // Told of by -d -d once it is bound, and on the stream of errors.
    const process = await startProcess(socat.path, ['-d', '-d', '-u', kind, 'STDOUT'], {
      ready: /starting data transfer/,
    })
    t.after(() => process.stop())
    return new NotifyReceiver(name, process)
  }

  /** The lines of all messages so far. */
  get lines(): readonly string[] {
    return this.#process.stdout.split('\n').filter((line) => line !== '')
  }

  /** Waits until this line came for the `times`th time. */
  async until(start: string, times = 1): Promise<void> {
    const isHere = (): boolean => this.lines.filter((line) => line.startsWith(start)).length >= times
    await this.#process.until(isHere, `"${start}" comes ${times} times`)
  }
}
