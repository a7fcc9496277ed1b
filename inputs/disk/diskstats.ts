import { wordsOf } from 'sluice/host'

/** What one line of /proc/diskstats counts since boot. */
export interface DiskCounters {
  readonly name: string
  readonly readBytes: number
  readonly writtenBytes: number
}

/** A sector is 512 bytes here, whatever the disk's own are (the kernel's Documentation/block/stat.rst). */
const sectorBytes = 512

/** Columns: major, minor, name, reads, merged, sectors, ms, writes, merged, sectors, … (Documentation/admin-guide/iostats.rst). */
export function parseDiskstats(text: string): DiskCounters[] {
  const disks: DiskCounters[] = []
  for (const line of text.split('\n')) {
    const words = wordsOf(line)
    const name = words[2]
    const readBytes = Number(words[5]) * sectorBytes
    const writtenBytes = Number(words[9]) * sectorBytes
    if (name === undefined || Number.isNaN(readBytes) || Number.isNaN(writtenBytes)) continue
    disks.push({ name, readBytes, writtenBytes })
  }
  return disks
}
