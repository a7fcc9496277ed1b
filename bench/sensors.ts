import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeviceReader } from '../inputs/sensors/device-reader.js'
import { findDevices } from '../inputs/sensors/find-devices.js'
import { RecordingInputContext } from '../test/support/input-context.js'
import { measure } from './measure.js'

/** What 1,000 sensors cost in CPU when each is read every second, with a search every 30 s: 250 chips of four temperatures. */

const chips = 250
const perChip = 4
const microsPerSecond = 1e6
const rescanSeconds = 30

const root = mkdtempSync(join(tmpdir(), 'bench-sensors-'))
try {
  makeTree()
  const find = measure(1, () => findDevices(root, 'hwmon')) / 1000
  const readers = findDevices(root, 'hwmon').map((device) => new DeviceReader(device, new RecordingInputContext()))
  const read = measure(1, () => readers.map((reader) => reader.read())) / 1000
  const share = (read + find / rescanSeconds) / microsPerSecond
  console.log(`${chips * perChip} sensors of ${readers.length} devices`)
  console.log(`  reading  ${(read / 1000).toFixed(2)} ms of CPU, ${(read / chips / perChip).toFixed(1)} µs a sensor`)
  console.log(`  search   ${(find / 1000).toFixed(1)} ms of CPU`)
  console.log(`  each second, a search every ${rescanSeconds} s: ${(share * 100).toFixed(2)} % of one CPU`)
} finally {
  rmSync(root, { recursive: true })
}

function makeTree(): void {
  for (let chip = 0; chip < chips; chip++) {
    const folder = join(root, `class/hwmon/hwmon${chip}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'name'), `chip${chip}\n`)
    for (let sensor = 1; sensor <= perChip; sensor++) {
      writeFileSync(join(folder, `temp${sensor}_input`), `${40_000 + chip * 10 + sensor}\n`)
      writeFileSync(join(folder, `temp${sensor}_label`), `Core ${sensor}\n`)
    }
  }
}
