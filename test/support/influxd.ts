import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { peer } from './peers.js'
import { freePort } from './ports.js'
import { startProcess } from './process.js'

/** A real InfluxDB 1 with a database `db`, gone when the test ends. Answers its URL. */
export async function startInfluxd(t: TestContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-influxd-'))
  const port = await freePort()
  const settings = {
    INFLUXDB_REPORTING_DISABLED: 'true',
    INFLUXDB_BIND_ADDRESS: '127.0.0.1:0',
    INFLUXDB_META_DIR: join(folder, 'meta'),
    INFLUXDB_DATA_DIR: join(folder, 'data'),
    INFLUXDB_DATA_WAL_DIR: join(folder, 'wal'),
    INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${port}`,
  }
  const args = ['-config', '/dev/null']
  const influxd = await startProcess(peer('influxd').path, args, { ready: port, env: { ...process.env, ...settings } })
  t.after(async () => {
    await influxd.stop('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  await fetch(`${url}/query?q=${encodeURIComponent('CREATE DATABASE db')}`, { method: 'POST' })
  return url
}
