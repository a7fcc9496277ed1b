import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { peer } from './peers.js'
import { freePort } from './ports.js'
import { startProcess } from './process.js'

export interface Tinyproxy {
  readonly port: number
  /** What it was asked for, a line each, such as `CONNECT localhost:443 HTTP/1.1`. */
  requests(): readonly string[]
}

/** A real proxy that lets the user `me` with the password `pass` through; until the test ends. */
export async function startTinyproxy(t: TestContext): Promise<Tinyproxy> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tinyproxy-'))
  const [config, log, port] = [join(folder, 'tinyproxy.conf'), join(folder, 'log'), await freePort()]
  writeFileSync(config, `Port ${port}\nListen 127.0.0.1\nBasicAuth me pass\nLogFile "${log}"\nLogLevel Connect\n`)
  const tinyproxy = await startProcess(peer('tinyproxy').path, ['-d', '-c', config], { ready: port })
  t.after(async () => {
    await tinyproxy.stop('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const requests = (): string[] =>
    Array.from(readFileSync(log, 'utf8').matchAll(/Request \(.*?\): (.*)/g), ([, line = '']) => line)
  return { port, requests }
}
