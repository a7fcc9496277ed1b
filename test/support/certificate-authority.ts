import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** A certificate and its key, in files. */
export interface Issued {
  readonly file: string
  readonly keyFile: string
  readonly pem: { readonly cert: string; readonly key: string }
}

/** Signs certificates, until the test ends. */
export class CertificateAuthority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'authority-'))
  readonly #self: Issued

  constructor(t: TestContext) {
    t.after(() => rmSync(this.#folder, { recursive: true, force: true }))
    this.#self = this.#make('authority', ['-subj', '/CN=authority'])
  }

  get file(): string {
    return this.#self.file
  }

  get pem(): string {
    return this.#self.pem.cert
  }

  /** A path in the folder of the authority, which goes with it. */
  path(name: string): string {
    return join(this.#folder, name)
  }

  /** For `name`, with alternative names such as `DNS:localhost` where they are given. */
  issue(name: string, alternatives = `DNS:${name}`): Issued {
    const signed = ['-CA', this.#self.file, '-CAkey', this.#self.keyFile, '-subj', `/CN=${name}`]
    return this.#make(name.replaceAll('*', 'any'), [...signed, '-addext', `subjectAltName=${alternatives}`])
  }

  #make(name: string, more: readonly string[]): Issued {
    const keyFile = this.path(`${name}.key`)
    const file = this.path(`${name}.pem`)
    const words = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' ')
    const made = spawnSync('openssl', ['req', ...words, ...more, '-keyout', keyFile, '-out', file], {
      encoding: 'utf8',
    })
    if (made.status !== 0) throw new Error(made.stderr)
    return { file, keyFile, pem: { cert: readFileSync(file, 'utf8'), key: readFileSync(keyFile, 'utf8') } }
  }
}
