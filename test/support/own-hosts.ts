import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderOf } from './folder.js'
import type { NameRequest } from './name-client.js'

const program = fileURLToPath(new URL('name-client.js', import.meta.url))
const ownMounts = ['--mount', '--map-root-user']

/** Why tests that need names of their own are skipped, or false. */
export const noOwnHosts =
  spawnSync('unshare', [...ownMounts, 'true']).status === 0 ? false : 'unshare --mount is missing, or not allowed'

const name = 'gateway.test'

/** A process with its own /etc/hosts, in which the system looks names up as ever, and which the test writes while it runs. */
export class OwnHosts {
  readonly #file: string
  readonly #ask: (request: NameRequest) => Promise<string>

  private constructor(file: string, ask: (request: NameRequest) => Promise<string>) {
    this.#file = file
    this.#ask = ask
  }

  static async start(t: TestContext): Promise<OwnHosts> {
    const file = join(folderOf(t, { hosts: '' }), 'hosts')
    const script = 'mount --bind "$1" /etc/hosts && exec "$2" "$3" "$4"'
    const words = [...ownMounts, 'sh', '-c', script, 'sh', file, process.execPath, program, name]
    const client = spawn('unshare', words, { stdio: ['pipe', 'pipe', 'inherit'] })
    t.after(() => client.kill('SIGKILL'))
    const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]()
    await lines.next()
    return new OwnHosts(file, async (request) => {
      client.stdin.write(`${JSON.stringify(request)}\n`)
      return String((await lines.next()).value)
    })
  }

  /** From now on these are the addresses of the name, in this order. */
  set(...addresses: readonly string[]): void {
    writeFileSync(this.#file, addresses.map((address) => `${address} ${name}\n`).join(''))
  }

  /** Connects to a port of the name: the address that was connected to, or what went wrong. */
  connect(port: number, more: Partial<NameRequest> = {}): Promise<string> {
    return this.#ask({ port, timeoutMs: 4000, ...more })
  }
}
