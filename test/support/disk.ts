import { Chunk, type ChunkFields, type ChunkOrigin } from '../../src/log/chunk.js'
import { DiskLog, type DiskSettings } from '../../src/log/disk/disk-log.js'
import { DiskReader } from '../../src/log/disk/disk-reader.js'
import { quarantineIn } from '../../src/log/disk/quarantine.js'
import { type Recovered, recover } from '../../src/log/disk/recovery.js'
import type { SegmentFile } from '../../src/log/disk/segment-file.js'
import { Counters } from '../../src/observe/counters.js'
import { InputLedger } from '../../src/observe/ledger.js'
import { ForgetfulFiles } from './forgetful-files.js'
import { RecordingLogger } from './plugin-context.js'

export const folder = '/log/default'

interface ChunkParts extends Partial<ChunkFields> {
  readonly entries?: Uint8Array
  readonly origin?: Partial<ChunkOrigin>
}

/** A sealed chunk that one output waits for; its entries say its sequence unless given. */
export function chunkOf(sequence: number, { entries, origin, ...fields }: ChunkParts = {}): Chunk {
  const body = { entries: entries ?? Buffer.from(`chunk ${sequence}`), segment: undefined }
  const names = { id: `test-${sequence}`, tag: 'a', input: 'in', output: '', time: 0, uptime: 0 }
  const from = { ledger: new InputLedger(), acks: [], ackStored: true, evictable: true, ...origin }
  const keeper = { letGo: () => undefined, release: () => undefined }
  return new Chunk({ sequence, count: 1, ...names, ...fields }, body, 1, from, keeper)
}

/** A lane's folder on a disk in memory. */
export class DiskFolder {
  readonly files: ForgetfulFiles
  readonly log = new RecordingLogger()
  readonly counters = new Counters()
  readonly #settings: DiskSettings

  constructor(settings: Partial<DiskSettings> = {}, files = new ForgetfulFiles()) {
    this.files = files
    this.#settings = { folder, run: 'testrun12345', boot: 'b'.repeat(32), ...sizes, ...settings }
  }

  get quarantine() {
    return quarantineIn(folder, this.files, this.log)
  }

  open(segments: readonly SegmentFile[] = []): DiskLog {
    const { files, counters, quarantine } = this
    return new DiskLog(this.#settings, { files, counters, quarantine, now: () => 0 }, segments)
  }

  recover(): Promise<Recovered> {
    const { files, log, quarantine } = this
    return recover({ folder, files, log, quarantine })
  }

  /** Recovers, and answers the chunks that come out, `sequence: entries` each. */
  async recovered(): Promise<string[]> {
    const { segments } = await this.recover()
    return chunksIn(this.open(segments))
  }

  /** The log's lines of a level. */
  lines(level: 'error' | 'warn' | 'info'): string[] {
    return this.log.lines.filter((line) => line.level === level).map(({ message }) => message)
  }
}

const sizes = { segmentBytes: 4096, limitBytes: 1024 * 1024 }

export async function chunksIn(disk: DiskLog, from = 0): Promise<string[]> {
  const reader = new DiskReader(disk)
  const wanted = { before: Infinity, isWanted: () => true }
  const found: string[] = []
  try {
    for (let next = from; next < Infinity;) {
      const { frames, end } = await reader.read({ ...wanted, from: next }, (bytes) => Buffer.alloc(bytes))
      found.push(...frames.map(({ sequence, entries }) => `${sequence}: ${Buffer.from(entries).toString()}`))
      next = end
    }
  } finally {
    await reader.close()
  }
  return found
}
