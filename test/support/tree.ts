import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

/** A folder that stands in for /proc, /sys or any other place of files; it is gone when the test ends. */
export class Tree {
  readonly root = mkdtempSync(join(tmpdir(), 'tree-'))

  constructor(t: TestContext, files: { readonly [path: string]: string } = {}) {
    t.after(() => this.remove('.'))
    for (const [path, text] of Object.entries(files)) this.write(path, text)
  }

  /** Files that are open see the new text, as those of the kernel do. */
  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true })
    writeFileSync(this.path(path), text)
  }

  remove(path: string): void {
    rmSync(this.path(path), { recursive: true, force: true })
  }

  path(path: string): string {
    return join(this.root, path)
  }
}
