import { compileLayout, type LayoutField } from 'sluice/layout'
import { readByteText } from 'sluice/framing'
import { AgentError } from 'sluice/plugin'
import type { Plan } from './plan.js'

export interface Register {
  readonly at: number | undefined
  readonly length: number
  readonly write: string | undefined
  readonly delay: number
  readonly fields: readonly LayoutField[]
}

export interface RegisterSettings {
  readonly init: readonly string[]
  readonly registers: readonly Register[] | undefined
}

/** A device whose registers a file declares. Throws an AgentError where the declaration makes no sense. */
export function registerPlan({ init, registers = [] }: RegisterSettings): Plan {
  if (registers.length === 0)
    throw new AgentError('I2C_NO_REGISTERS', 'registers: expected some, or a chip, got neither')
  const layouts = registers.map(({ fields }) => compileLayout(fields))
  return {
    init: init.map((text) => readByteText('init', text)),
    settleMs: 0,
    once: [],
    readings: registers.map(({ at, length, write, delay }) => ({
      write: write === undefined ? undefined : readByteText('write', write),
      delayMs: delay,
      at,
      length,
    })),
    decoder: () => (answers) => Object.assign({}, ...answers.map((bytes, index) => layouts[index]?.(bytes))),
  }
}
