import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why tests that need certificates are skipped, or false. */
export const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is missing'

/** A certificate for `localhost` that signs itself, in files of its own. */
export class Certificate {
  readonly #folder = mkdtempSync(join(tmpdir(), 'certificate-'))
  readonly keyFile = join(this.#folder, 'key.pem')
  readonly file = join(this.#folder, 'cert.pem')

  constructor() {
    const words = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'
    const names = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', this.keyFile, '-out', this.file]
    const made = spawnSync('openssl', ['req', ...words.split(' '), ...names], { encoding: 'utf8' })
    if (made.status !== 0) throw new Error(made.stderr)
  }

  get pem(): { readonly key: string; readonly cert: string } {
    return { key: readFileSync(this.keyFile, 'utf8'), cert: readFileSync(this.file, 'utf8') }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
