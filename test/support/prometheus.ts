import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peer } from './peers.js'
import { freePort } from './ports.js'
import { startProcess, type TestProcess } from './process.js'

export interface PrometheusPlaces {
  /** Port of 127.0.0.1 whose `/metrics` it scrapes. */
  readonly scrape: number
  /** Where it sends what it finds. */
  readonly writeUrl: string
}

/**
 * A real Prometheus that keeps nothing (agent mode): it takes five seconds to look for what to scrape, which no setting changes.
 */
export class Prometheus {
  readonly #folder: string
  readonly #process: TestProcess

  private constructor(folder: string, process: TestProcess) {
    this.#folder = folder
    this.#process = process
  }

  static async start(places: PrometheusPlaces): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-prometheus-'))
    const config = join(folder, 'prometheus.yml')
    writeFileSync(config, configuration(places))
    const args = [
      '--enable-feature=agent',
      `--config.file=${config}`,
      `--storage.agent.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${await freePort()}`,
    ]
    return new Prometheus(folder, await startProcess(peer('prometheus').path, args, { ready: /Server is ready/ }))
  }

  async end(): Promise<void> {
    await this.#process.stop('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function configuration({ scrape, writeUrl }: PrometheusPlaces): string {
  return `
global:
  scrape_interval: 100ms
  scrape_timeout: 100ms
  external_labels:
    site: north
scrape_configs:
  - job_name: board
    static_configs:
      - targets: ['127.0.0.1:${scrape}']
remote_write:
  - url: ${writeUrl}
    queue_config:
      batch_send_deadline: 50ms
    metadata_config:
      send: false
`
}
