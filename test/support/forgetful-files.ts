import { dirname } from 'node:path'

import type { LogFile, LogFiles } from '../../src/log/disk/files.js'
import { ForgetfulContent } from './forgetful-content.js'

export type Operation = Exclude<keyof LogFiles | keyof LogFile, 'size' | 'named' | 'close'>

/** The code of the error that an operation fails with, if it shall fail. */
export type Fault = (operation: Operation, path: string) => string | undefined

/** Names that come and go together. */
interface NameChange {
  readonly put?: readonly [path: string, content: ForgetfulContent]
  readonly drop?: string
}

type Names = Map<string, ForgetfulContent>

const changing: ReadonlySet<Operation> = new Set(['create', 'rename', 'remove', 'write', 'truncate', 'sync'])

/**
 * A disk in memory that loses power: it knows of each file which bytes were synced, and of each folder which names were, and `cut`
 * answers what may be left of it. It can be full, broken, read-only or gone besides, and it can stand still in the middle of
 * whatever it is told.
 */
export class ForgetfulFiles implements LogFiles {
  fault: Fault = () => undefined
  /** Most bytes of all files together. */
  capacity = Infinity
  /** From this many operations on, none ever ends. */
  freezeAt = Infinity
  operations = 0
  /** Files that nobody has closed. */
  opened = 0
  readonly #folders = new Set<string>(['/'])
  #names: Names = new Map()
  #durable: Names = new Map()
  #changes: NameChange[] = []

  /** What may be on disk after a power cut now, as another disk. */
  cut(random: () => number): ForgetfulFiles {
    const names = new Map(this.#durable)
    for (const change of this.#changes) if (random() < 0.5) apply(names, change)
    const contents = new Map([...names.values()].map((content) => [content, content.survivor(random)]))
    const left = new ForgetfulFiles()
    for (const folder of this.#folders) left.#folders.add(folder)
    for (const [path, content] of names) left.#restore(path, contents.get(content) as Uint8Array)
    return left
  }

  /** The disk as a program that was killed leaves it: nothing is lost. */
  killed(): ForgetfulFiles {
    const left = new ForgetfulFiles()
    for (const folder of this.#folders) left.#folders.add(folder)
    for (const [path, { bytes }] of this.#names) left.#restore(path, bytes)
    return left
  }

  get isFrozen(): boolean {
    return this.operations >= this.freezeAt
  }

  get paths(): readonly string[] {
    return [...this.#names.keys()].sort()
  }

  bytesOf(path: string): Buffer {
    return this.#existing(path).bytes
  }

  /** Puts a file there, durable at once. */
  place(path: string, bytes: Uint8Array): void {
    this.#addFolder(dirname(path))
    this.#restore(path, bytes)
  }

  /** Somebody removes a folder with all that is in it. */
  removeFolder(path: string): void {
    for (const folder of this.#folders) if (isWithin(folder, path)) this.#folders.delete(folder)
    for (const names of [this.#names, this.#durable])
      for (const name of names.keys()) if (isWithin(name, path)) names.delete(name)
    this.#changes = []
  }

  makeFolder(path: string): Promise<void> {
    return this.#do('makeFolder', path, () => this.#addFolder(path))
  }

  list(path: string): Promise<readonly string[]> {
    return this.#do('list', path, () => {
      if (!this.#folders.has(path)) throw failure('ENOENT', path)
      const within = [...this.#names.keys(), ...this.#folders].filter((each) => dirname(each) === path && each !== path)
      return within.map((each) => each.slice(path.length + 1))
    })
  }

  create(path: string): Promise<LogFile> {
    return this.#do('create', path, () => {
      if (!this.#folders.has(dirname(path))) throw failure('ENOENT', path)
      if (this.#names.has(path)) throw failure('EEXIST', path)
      const content = new ForgetfulContent()
      this.#change({ put: [path, content] })
      return this.#open(path, content)
    })
  }

  open(path: string): Promise<LogFile> {
    return this.#do('open', path, () => this.#open(path, this.#existing(path)))
  }

  rename(from: string, to: string): Promise<void> {
    return this.#do('rename', from, () => {
      const content = this.#existing(from)
      if (!this.#folders.has(dirname(to))) throw failure('ENOENT', to)
      this.#change({ drop: from, put: [to, content] })
    })
  }

  remove(path: string): Promise<void> {
    return this.#do('remove', path, () => {
      this.#existing(path)
      this.#change({ drop: path })
    })
  }

  syncFolder(path: string): Promise<void> {
    return this.#do('syncFolder', path, () => {
      if (!this.#folders.has(path)) throw failure('ENOENT', path)
      const isThere = ({ put, drop }: NameChange): boolean =>
        (put !== undefined && dirname(put[0]) === path) || (drop !== undefined && dirname(drop) === path)
      for (const change of this.#changes.filter(isThere)) apply(this.#durable, change)
      this.#changes = this.#changes.filter((change) => !isThere(change))
    })
  }

  #open(path: string, content: ForgetfulContent): LogFile {
    this.opened++
    let isOpen = true
    const within = <T>(operation: Operation, work: () => T): Promise<T> =>
      this.#do(operation, path, () => {
        if (!isOpen) throw failure('EBADF', path)
        return work()
      })
    return {
      size: () => Promise.resolve(content.bytes.length),
      named: () => Promise.resolve([...this.#names.values()].includes(content)),
      read: (into, position) => within('read', () => content.bytes.copy(into, 0, position, position + into.length)),
      write: (parts, position) => within('write', () => this.#write(path, content, Buffer.concat(parts), position)),
      truncate: (size) => within('truncate', () => content.truncate(size)),
      sync: () =>
        within('sync', () => content.sync()).catch((error: unknown) => {
          content.failSync()
          throw error
        }),
      close: () => {
        if (isOpen) this.opened--
        isOpen = false
        return Promise.resolve()
      },
    }
  }

  // oxlint-disable-next-line max-params -- all of one write
  #write(path: string, content: ForgetfulContent, bytes: Uint8Array, position: number): void {
    const used = [...new Set(this.#names.values())].reduce((sum, each) => sum + each.bytes.length, 0)
    const fits = Math.max(0, this.capacity - used + Math.max(0, content.bytes.length - position))
    content.write(bytes.subarray(0, Math.min(bytes.length, fits)), position)
    if (fits < bytes.length) throw failure('ENOSPC', path)
  }

  async #do<T>(operation: Operation, path: string, work: () => T): Promise<T> {
    await Promise.resolve()
    if (this.isFrozen) return new Promise(() => undefined)
    this.operations++
    const code = this.fault(operation, path)
    if (code !== undefined) throw failure(code, path)
    return work()
  }

  #existing(path: string): ForgetfulContent {
    const content = this.#names.get(path)
    if (!content) throw failure('ENOENT', path)
    return content
  }

  #change(change: NameChange): void {
    apply(this.#names, change)
    this.#changes.push(change)
  }

  #restore(path: string, bytes: Uint8Array): void {
    const content = ForgetfulContent.of(bytes)
    this.#names.set(path, content)
    this.#durable.set(path, content)
  }

  #addFolder(path: string): void {
    for (let folder = path; !this.#folders.has(folder); folder = dirname(folder)) this.#folders.add(folder)
  }
}

/** As a file system that was remounted read-only. */
export const readOnly: Fault = (operation) => (changing.has(operation) ? 'EROFS' : undefined)

/** Some operations fail with this code. */
export function failing(code: string, ...operations: readonly Operation[]): Fault {
  return (operation) => (operations.includes(operation) ? code : undefined)
}

function apply(names: Names, { put, drop }: NameChange): void {
  if (drop !== undefined) names.delete(drop)
  if (put) names.set(...put)
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code })
}
