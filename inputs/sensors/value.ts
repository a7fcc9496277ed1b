import { AgentError, type Value } from 'sluice/plugin'
import type { Channel } from './device.js'
import { w1Temperature } from './w1-slave.js'

/** What the text of a channel's file means. Throws an AgentError `SENSORS_BAD_VALUE` where it means nothing. */
export function valueOf(channel: Channel, text: string): Value {
  switch (channel.form) {
    case 'number':
      return scaled(channel, numberIn(text))
    case 'w1_slave':
      return scaled(channel, w1Temperature(text))
    case 'choice':
      return /\[(.+?)\]/.exec(text)?.[1] ?? text.trim()
    case 'text':
      return text.trim()
  }
}

/** The kernel counts in whole thousandths and such: dividing gives the nearest number, where multiplying would not. */
function scaled({ scale = 1, offset = 0, divisor = 1 }: Channel, number: number): number {
  return ((number + offset) * scale) / divisor
}

function numberIn(text: string): number {
  const number = Number.parseFloat(text)
  if (Number.isFinite(number)) return number
  throw new AgentError('SENSORS_BAD_VALUE', `expected a number, got "${text.trim().slice(0, 40)}"`)
}
