/** A write, or a change of the file's size. */
type Change = { readonly at: number; readonly bytes: Uint8Array; stuck: boolean } | { readonly size: number }

const blockBytes = 512

/** Bytes that grow as they are written. */
class Bytes {
  #memory = Buffer.alloc(blockBytes)
  size = 0

  get view(): Buffer {
    return this.#memory.subarray(0, this.size)
  }

  apply(change: Change): void {
    if ('size' in change) return this.resize(change.size)
    this.resize(Math.max(this.size, change.at + change.bytes.length))
    this.#memory.set(change.bytes, change.at)
  }

  resize(size: number): void {
    if (size > this.#memory.length) {
      const memory = Buffer.alloc(2 * size)
      this.view.copy(memory)
      this.#memory = memory
    }
    if (size < this.size) this.#memory.fill(0, size, this.size)
    this.size = size
  }
}

/** What one file holds: as programs see it, and as much of it as the disk has for sure. */
export class ForgetfulContent {
  readonly #seen = new Bytes()
  readonly #durable = new Bytes()
  #unsynced: Change[] = []

  static of(bytes: Uint8Array): ForgetfulContent {
    const content = new ForgetfulContent()
    content.write(bytes, 0)
    content.sync()
    return content
  }

  get bytes(): Buffer {
    return this.#seen.view
  }

  write(bytes: Uint8Array, at: number): void {
    this.#change({ at, bytes: Buffer.from(bytes), stuck: false })
  }

  truncate(size: number): void {
    this.#change({ size })
  }

  sync(): void {
    const stuck: Change[] = []
    for (const change of this.#unsynced) {
      if (!('size' in change) && change.stuck) stuck.push(change)
      else this.#durable.apply(change)
    }
    const { size } = this.#durable
    this.#unsynced = stuck.filter((change) => 'at' in change && change.at < size)
  }

  /** As Linux does it: what a sync failed to write counts as written from then on, and no later sync tries it again. */
  failSync(): void {
    for (const change of this.#unsynced) if (!('size' in change)) change.stuck = true
  }

  /** What the disk may hold after a power cut. */
  survivor(random: () => number): Uint8Array {
    const disk = new Bytes()
    disk.apply({ at: 0, bytes: this.#durable.view, stuck: false })
    for (const change of this.#unsynced) for (const part of survivorsOf(change, random)) disk.apply(part)
    const missing = this.#seen.size - disk.size
    // The size is written apart from the bytes, which read as zeros until they are.
    if (missing > 0 && random() < 0.3) disk.resize(disk.size + Math.ceil(random() * missing))
    return disk.view
  }

  #change(change: Change): void {
    this.#seen.apply(change)
    this.#unsynced.push(change)
  }
}

/** None of it, all of it, its beginning, or some of its blocks. */
function* survivorsOf(change: Change, random: () => number): Iterable<Change> {
  const fate = Math.floor(random() * 4)
  if (fate === 0) return
  if (fate === 1 || 'size' in change) return yield change
  const { at, bytes } = change
  if (fate === 2) return yield { ...change, bytes: bytes.subarray(0, Math.floor(random() * bytes.length)) }
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, (Math.floor((at + from) / blockBytes) + 1) * blockBytes - at)
    if (random() < 0.5) yield { ...change, at: at + from, bytes: bytes.subarray(from, to) }
    from = to
  }
}
