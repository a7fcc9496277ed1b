import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peer } from './peers.js'
import { freePort } from './ports.js'
import { startProcess, type TestProcess } from './process.js'

/** A real nginx on a port of its own, with these directives in its one server. */
export class Nginx {
  readonly port: number
  readonly #folder: string
  readonly #directives: string
  #process: TestProcess | undefined

  private constructor(port: number, directives: string) {
    this.port = port
    this.#directives = directives
    this.#folder = mkdtempSync(join(tmpdir(), 'sluice-nginx-'))
  }

  static async start(directives: string): Promise<Nginx> {
    const nginx = new Nginx(await freePort(), directives)
    await nginx.start()
    return nginx
  }

  async start(): Promise<void> {
    const config = join(this.#folder, 'nginx.conf')
    writeFileSync(config, configuration(this.#folder, this.port, this.#directives))
    const args = ['-c', config, '-p', this.#folder, '-e', join(this.#folder, 'error.log')]
    this.#process = await startProcess(peer('nginx').path, args, { ready: this.port })
  }

  /** Ends it at once, connections included. */
  async stop(): Promise<void> {
    await this.#process?.stop('SIGTERM')
    this.#process = undefined
  }

  async end(): Promise<void> {
    await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function configuration(folder: string, port: number, directives: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `
    ${user}
    daemon off;
    worker_processes 1;
    pid "${folder}/nginx.pid";
    error_log "${folder}/error.log";
    events {}
    http {
      access_log off;
      ${kinds.map((kind) => `${kind}_temp_path "${folder}/${kind}";`).join('\n      ')}
      server {
        listen 127.0.0.1:${port};
        ${directives}
      }
    }
  `
}
