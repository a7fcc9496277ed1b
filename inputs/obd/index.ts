import { SocketCan } from 'sluice/can-bus'
import { compileLayout } from 'sluice/layout'
import { defineInput, type InputContext } from 'sluice/plugin'
import { checkDevice, whileLine } from 'sluice/serial'
import { answerFilters, CanCar, checkCanProtocol } from './can-car.js'
import { type AdapterLine, Elm327 } from './elm327.js'
import { type ObdOptions, obdOptions } from './options.js'
import { pidsOf, Poll } from './poll.js'
import { whileConnected } from './tcp-line.js'

export default defineInput({
  summary: 'Asks a car for its values and trouble codes (OBD-II), over CAN or with an ELM327 adapter.',
  options: obdOptions,
  anyTag: true,
  full: 'drop_oldest',
  create: (options, context) => {
    for (const { pids } of [{ pids: options.pids ?? [] }, ...(options.groups ?? [])]) pidsOf(pids)
    for (const { fields } of options.identifiers ?? []) compileLayout(fields)
    if (options.mode === 'serial') checkDevice(options)
    if (options.mode === 'can') checkCanProtocol(options.protocol)
    return { run: (signal) => run(options, context, signal) }
  },
})

function run(options: ObdOptions, context: InputContext, signal: AbortSignal): Promise<void> {
  const byAdapter = async (line: AdapterLine): Promise<void> => {
    const adapter = new Elm327(line, options, context)
    await adapter.open()
    await new Poll(adapter, options, context).run(signal)
  }
  switch (options.mode) {
    case 'serial':
      return whileLine(options, context, signal, byAdapter)
    case 'tcp':
      return whileConnected({ host: options.host, port: options.port }, context, signal, byAdapter)
    case 'can': {
      const bus = new SocketCan({ interface: options.interface, filters: answerFilters, errors: false }, context)
      const car = new CanCar(bus, options, context)
      return car.during((until) => new Poll(car, options, context).run(until), signal)
    }
  }
}
