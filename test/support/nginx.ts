import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peer } from './peers.js'
import { freePort } from './ports.js'
import { startProcess, type TestProcess } from './process.js'

/** Of Debian, with what knows TCP alone. */
export const streamModule = '/usr/lib/nginx/modules/ngx_stream_module.so'

type Kind = 'http' | 'stream'

/** A real nginx on a port of its own, with these directives in its one server, which speaks HTTP or passes TCP on. */
export class Nginx {
  readonly port: number
  readonly #folder: string
  readonly #directives: string
  readonly #kind: Kind
  #process: TestProcess | undefined

  private constructor(port: number, directives: string, kind: Kind) {
    this.port = port
    this.#kind = kind
    this.#directives = directives
    this.#folder = mkdtempSync(join(tmpdir(), 'sluice-nginx-'))
  }

  static async start(directives: string, kind: Kind = 'http'): Promise<Nginx> {
    const nginx = new Nginx(await freePort(), directives, kind)
    await nginx.start()
    return nginx
  }

  async start(): Promise<void> {
    const config = join(this.#folder, 'nginx.conf')
    writeFileSync(config, configuration(this.#folder, this.#kind, this.#server))
    const args = ['-c', config, '-p', this.#folder, '-e', join(this.#folder, 'error.log')]
    this.#process = await startProcess(peer('nginx').path, args, { ready: this.port })
  }

  get #server(): string {
    return `server { listen 127.0.0.1:${this.port}; ${this.#directives} }`
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

function configuration(folder: string, kind: Kind, server: string): string {
  return `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    ${kind === 'stream' ? `load_module ${streamModule};` : ''}
    daemon off;
    worker_processes 1;
    pid "${folder}/nginx.pid";
    error_log "${folder}/error.log";
    events {}
    ${kind} {
      ${kind === 'http' ? httpDirectives(folder) : ''}
      ${server}
    }
  `
}

function httpDirectives(folder: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return ['access_log off;', ...kinds.map((kind) => `${kind}_temp_path "${folder}/${kind}";`)].join('\n      ')
}
