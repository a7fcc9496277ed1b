import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

const folderMode = 0o040755
const fileMode = 0o100000
const linkMode = 0o120777
const deviceMode = 0o020600

/**
 * An archive as the kernel unpacks it at its start (Documentation/driver-api/early-userspace/buffer-format.rst): each file has a head of
 * hexadecimal numbers, and begins at a multiple of four. Archives may stand one behind the other.
 */
export class Cpio {
  readonly #parts: Uint8Array[] = []
  readonly #folders = new Set<string>()

  file(path: string, content: Uint8Array | string, mode = 0o644): this {
    this.#parents(path)
    return this.#add(path, fileMode | mode, Buffer.from(content))
  }

  link(path: string, target: string): this {
    this.#parents(path)
    return this.#add(path, linkMode, Buffer.from(target))
  }

  folder(path: string): this {
    if (path === '.' || this.#folders.has(path)) return this
    this.#folders.add(path)
    this.#parents(path)
    return this.#add(path, folderMode, Buffer.alloc(0))
  }

  /** A character device, which the kernel itself needs before anything could make it. */
  device(path: string, major: number, minor: number): this {
    this.#parents(path)
    return this.#add(path, deviceMode, Buffer.alloc(0), [major, minor])
  }

  /** A file, or a folder with all that is in it, but for what `leave` names. */
  copy(from: string, to: string, leave: (path: string) => boolean = () => false): this {
    const stat = lstatSync(from)
    if (leave(from)) return this
    if (stat.isSymbolicLink()) return this.link(to, readlinkSync(from))
    if (!stat.isDirectory()) return this.file(to, readFileSync(from), stat.mode & 0o777)
    this.folder(to)
    for (const name of readdirSync(from)) this.copy(join(from, name), join(to, name), leave)
    return this
  }

  end(): Uint8Array {
    this.#add('TRAILER!!!', 0, Buffer.alloc(0))
    return Buffer.concat(this.#parts)
  }

  #parents(path: string): void {
    const slash = path.lastIndexOf('/')
    if (slash > 0) this.folder(path.slice(0, slash))
  }

  #add(path: string, mode: number, content: Uint8Array, device: readonly [number, number] = [0, 0]): this {
    const name = Buffer.from(`${path}\0`)
    // inode, mode, uid, gid, links, time, size, device of the file (2), device that it is (2), length of its name, checksum
    const fields = [this.#parts.length, mode, 0, 0, 1, 0, content.length, 0, 0, ...device, name.length, 0]
    const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`
    this.#parts.push(padded(Buffer.concat([Buffer.from(head), name])), padded(content))
    return this
  }
}

function padded(bytes: Uint8Array): Uint8Array {
  const missing = -bytes.length & 3
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)])
}
