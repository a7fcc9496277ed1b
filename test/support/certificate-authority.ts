import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

  constructor(t: TestContext, name = 'authority') {
    t.after(() => rmSync(this.#folder, { recursive: true, force: true }))
    this.#self = this.#make('authority', ['-subj', `/CN=${name}`])
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

  /** Revokes these beside those of before, and writes all of them to a list of this name; answers its path. */
  revoke(revoked: readonly Issued[], name = 'revoked.pem'): string {
    const [config, database, list] = [this.path('ca.conf'), this.path('index.txt'), this.path(name)]
    const words = `[ca]\ndefault_ca=this\n[this]\ndatabase=${database}\ndefault_md=sha256\ndefault_crl_days=2\n`
    writeFileSync(config, words)
    appendFileSync(database, '')
    const signing = ['ca', '-config', config, '-cert', this.#self.file, '-keyfile', this.#self.keyFile]
    for (const { file } of revoked) openssl([...signing, '-revoke', file])
    openssl([...signing, '-gencrl', '-out', list])
    return list
  }

  #make(name: string, more: readonly string[]): Issued {
    const keyFile = this.path(`${name}.key`)
    const file = this.path(`${name}.pem`)
    const words = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' ')
    openssl(['req', ...words, ...more, '-keyout', keyFile, '-out', file])
    return { file, keyFile, pem: { cert: readFileSync(file, 'utf8'), key: readFileSync(keyFile, 'utf8') } }
  }
}

function openssl(words: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
