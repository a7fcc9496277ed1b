import { readFileSync } from 'node:fs'
import machine from 'systeminformation'
import { MachineReader } from '../inputs/cpu/machine-reader.js'
import { parseDiskstats } from '../inputs/disk/diskstats.js'
import { machineMemory } from '../inputs/mem/memory.js'
import { parseNetDev } from '../inputs/netif/net-dev.js'
import { systemClock } from '../src/base/clock.js'
import { KernelFile } from '../src/host/index.js'
import { cpuMicros, measure } from './measure.js'

/**
 * What one reading of the host costs in CPU, read straight from /proc against the package systeminformation, with the CPU of
 * the programs that this starts. In microseconds.
 */

const readings = 10
const ticksToMicros = 10_000

/** The package answers out of a cache when it is asked again within half a second. */
const apartMs = 600

const noContext = { count: () => undefined } as unknown as ConstructorParameters<typeof MachineReader>[0]
const cpu = new MachineReader(noContext, '/proc')
const [meminfo, diskstats, netDev] = ['meminfo', 'diskstats', 'net/dev'].map((name) => new KernelFile(`/proc/${name}`))

const rows: readonly (readonly [name: string, direct: () => unknown, packaged: () => Promise<unknown>])[] = [
  ['cpu', () => cpu.read(), () => machine.currentLoad()],
  ['mem', () => machineMemory(meminfo?.read() ?? ''), () => machine.mem()],
  ['disk', () => parseDiskstats(diskstats?.read() ?? ''), () => machine.disksIO()],
  ['netif', () => parseNetDev(netDev?.read() ?? ''), () => machine.networkStats('*')],
]

console.log('one reading of the host, µs of CPU')
for (const [name, direct, packaged] of rows) {
  const own = measure(1, direct) / 1000
  const theirs = await costOf(packaged)
  console.log(
    `  ${name.padEnd(8)}${own.toFixed(0).padStart(7)}  systeminformation ${theirs.toFixed(0).padStart(7)}  ${(theirs / own).toFixed(0)} ×`,
  )
}

async function costOf(read: () => Promise<unknown>): Promise<number> {
  await read()
  let sum = 0
  for (let left = readings; left > 0; left--) {
    await systemClock.sleep(apartMs)
    const before = spent()
    await read()
    sum += spent() - before
  }
  return sum / readings
}

/** Fields 16 and 17 of /proc/self/stat are the ticks of children that ended (proc_pid_stat(5)). */
function spent(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  return cpuMicros() + (Number(fields[13]) + Number(fields[14])) * ticksToMicros
}
