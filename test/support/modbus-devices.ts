import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { systemClock } from '../../src/base/clock.js'
import { peer } from './peers.js'
import { startProcess } from './process.js'
import { root } from './source-tree.js'

const socat = peer('socat')

/** Why tests with devices of pymodbus are skipped, or false. */
export const noModbus = peer('pymodbus.server').skip || socat.skip

/** Ports of loopback, by the frames that are spoken there. */
export interface ModbusPorts {
  readonly tcp: number
  readonly rtu: number
  readonly ascii: number
}

/** Starts devices with the units 1, 2 and 17, made by pymodbus; they end with the test. */
export async function modbusDevices(t: TestContext): Promise<ModbusPorts> {
  const script = join(root, 'test/support/modbus-server.py')
  const server = await startProcess('/usr/bin/python3', [script], { ready: /\}\s/ })
  t.after(() => server.stop())
  return JSON.parse(server.stdout) as ModbusPorts
}

/** A serial line, with this path, to the devices at a port. */
export async function pluggedLine(t: TestContext, path: string, port: number): Promise<void> {
  const program = spawn(socat.path, [`pty,rawer,link=${path}`, `tcp:127.0.0.1:${port}`], { stdio: 'inherit' })
  t.after(async () => {
    const ended = program.exitCode === null ? once(program, 'exit') : undefined
    program.kill('SIGTERM')
    await ended
  })
  while (!existsSync(path)) await systemClock.sleep(5)
}
