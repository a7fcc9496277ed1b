import { networkInterfaces } from 'node:os'
import { every, type Input, type InputContext } from 'sluice/plugin'
import { inventoryRecord } from './inventory-record.js'

interface Settings {
  readonly interval: number
  readonly serials: boolean
  readonly tag: string
}

export function inventoryInput(settings: Settings, context: InputContext): Input {
  return every(settings.interval, context, async () => {
    context.emit(settings.tag, inventoryRecord(await readFacts(), settings.serials))
  })
}

/**
 * One after the other, so that no burst of programs starts at once. Network interfaces come from Node: the package's own way
 * starts programs and waits for them, which stops the whole agent for tens of milliseconds.
 */
async function readFacts(): Promise<Parameters<typeof inventoryRecord>[0]> {
  const { default: machine } = await import('systeminformation')
  return {
    system: await machine.system(),
    board: await machine.baseboard(),
    firmware: await machine.bios(),
    os: await machine.osInfo(),
    cpu: await machine.cpu(),
    disks: await machine.diskLayout(),
    interfaces: networkInterfaces(),
  }
}
