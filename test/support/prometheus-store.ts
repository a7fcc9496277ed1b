import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { peer } from './peers.js'
import { freePort } from './ports.js'
import { startProcess } from './process.js'

/** A real Prometheus that scrapes nothing and takes remote writes at `/api/v1/write`, gone when the test ends. Answers its URL. */
export async function startPrometheusStore(t: TestContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  writeFileSync(config, 'scrape_configs: []\n')
  const port = await freePort()
  const args = [
    '--web.enable-remote-write-receiver',
    '--enable-feature=native-histograms',
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
  ]
  const prometheus = await startProcess(peer('prometheus').path, args, { ready: /Server is ready/ })
  t.after(async () => {
    await prometheus.stop('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  return `http://127.0.0.1:${port}`
}

/** What one series holds. */
export interface StoredSeries {
  readonly metric: { readonly [label: string]: string }
  /** Seconds since 1970, and the value as text. */
  readonly values?: readonly (readonly [seconds: number, value: string])[]
  readonly histograms?: readonly (readonly [seconds: number, value: { readonly count: string; readonly sum: string }])[]
}

/** All samples of these series up to a second, which is as long after the first of them as an hour at most. */
export async function storedIn(url: string, selector: string, second: number): Promise<readonly StoredSeries[]> {
  const query = encodeURIComponent(`${selector}[1h]`)
  const response = await fetch(`${url}/api/v1/query?query=${query}&time=${second}`)
  const { data } = (await response.json()) as { readonly data: { readonly result: readonly StoredSeries[] } }
  return data.result
}
