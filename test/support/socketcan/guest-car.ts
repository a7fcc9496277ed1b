/* A car in the guest: two ECUs on a bus of their own, and what the agent wrote of them. */
import { existsSync, readFileSync } from 'node:fs'
import { until } from '../bus-reader.js'
import { engine } from '../ecu.js'
import { kernelEcu } from './guest-ecu.js'
import { run } from './guest-shell.js'

/** What asks it; it has a bus of its own, whose interface is made here. */
export const carInput = `
    - name: obd
      tag: car
      interface: vcan2
      interval: 60s
      timeout: 1s
      pids: [engine_speed, vehicle_speed]
      uds_dtcs: on
      identifiers: [{id: 0xF18C, ecu: 7E8, fields: [{name: serial_number, type: ascii}]}]`

/** Twenty bytes, which the engine is asked for alone: an answer of several frames, as its codes of UDS are. */
const serialNumber = Buffer.from('SLUICE-ECU-000000017').toString('hex').toUpperCase()
const uds = { '22F18C': `62F18C${serialNumber}`, '19020D': '5902FF0A9B170808051109' }

/** Ten codes, of which the frames come between those of the engine. */
const gearbox = { '0100': '410000080000', '010D': '410D33', '03': `430A${'0711'.repeat(10)}` }

/** Of the vehicle, of an identifier, of UDS, and two each of values and codes. */
const records = 7

/** Puts the ECUs on the bus. Resolves to the lines that the agent wrote to `log`; where they do not come, to what it told instead. */
export function startCar(log: string): { readonly lines: (told: () => string) => Promise<readonly string[]> } {
  run('ip', 'link', 'add', 'dev', 'vcan2', 'type', 'vcan')
  run('ip', 'link', 'set', 'vcan2', 'up')
  const end = new AbortController()
  const answering = [{ ...engine, ...uds }, gearbox].map((each, number) => kernelEcu('vcan2', number, each, end.signal))
  const written = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [])
  return {
    async lines(told) {
      const all = until(() => written().length >= records, 'the car has answered')
      const failed = await all.then(
        () => [],
        (error: unknown) => [String(error), told()],
      )
      end.abort()
      await Promise.all(answering)
      return [...written(), ...failed]
    },
  }
}
