import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peer } from './peers.js'
import { freePort } from './ports.js'
import { startProcess, type TestProcess } from './process.js'

/**
 * A real Prometheus that keeps nothing (agent mode): it scrapes `/metrics` of this port of 127.0.0.1 and sends what it finds to
 * `/write` of the same. It takes five seconds to look for what to scrape, which no setting changes.
 */
export class Prometheus {
  readonly #folder: string
  readonly #process: TestProcess

  private constructor(folder: string, process: TestProcess) {
    this.#folder = folder
    this.#process = process
  }

  static async start(port: number): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-prometheus-'))
    const config = join(folder, 'prometheus.yml')
    writeFileSync(config, configuration(port))
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

function configuration(port: number): string {
  return `
global:
  scrape_interval: 100ms
  scrape_timeout: 100ms
  external_labels:
    site: north
scrape_configs:
  - job_name: board
    static_configs:
      - targets: ['127.0.0.1:${port}']
remote_write:
  - url: http://127.0.0.1:${port}/write
    queue_config:
      batch_send_deadline: 50ms
    metadata_config:
      send: false
`
}
