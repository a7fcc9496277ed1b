import { framings, type LineOfBytes, ModbusClient, silenceMs, type Transmission } from 'sluice/modbus'
import { defineInput, type InputContext } from 'sluice/plugin'
import { checkDevice, whileLine } from 'sluice/serial'
import { compileDevices } from './device.js'
import { type ModbusOptions, modbusOptions } from './options.js'
import { Poll } from './poll.js'
import { whileConnected } from './while-connected.js'

export default defineInput({
  summary: 'Reads coils and registers of Modbus devices, over TCP and serial lines (RTU and ASCII).',
  options: modbusOptions,
  anyTag: true,
  full: 'drop_oldest',
  create: (options, context) => {
    const devices = compileDevices(options)
    if (isSerial(options.mode)) checkDevice(options)
    return {
      run: (signal) => {
        const poll = new Poll(devices, options, context)
        return onLine(options, context, signal, (line) => poll.run(clientOf(line, options, context), signal))
      },
    }
  },
})

function isSerial(mode: ModbusOptions['mode']): mode is 'rtu' | 'ascii' {
  return mode === 'rtu' || mode === 'ascii'
}

/** Does the work with the line, and with the next one when it was lost. */
function onLine(
  options: ModbusOptions,
  context: InputContext,
  signal: AbortSignal,
  work: (line: LineOfBytes) => Promise<void>,
): Promise<void> {
  if (isSerial(options.mode)) return whileLine(options, context, signal, work)
  return whileConnected(options, context, signal, work)
}

function clientOf(line: LineOfBytes, { mode, pause, baud_rate }: ModbusOptions, context: InputContext): ModbusClient {
  const framing = framings[mode.replace('_over_tcp', '') as Transmission]
  const pauseMs = mode === 'rtu' ? Math.max(pause, silenceMs(baud_rate)) : pause
  const { clock } = context
  return new ModbusClient({ line, framing, clock, pauseMs, count: (name, amount) => context.count(name, amount) })
}
