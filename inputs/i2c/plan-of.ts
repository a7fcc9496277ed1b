import { ads1115 } from './chips/ads1115.js'
import { bme280 } from './chips/bme280.js'
import { ina219 } from './chips/ina219.js'
import { sht3x } from './chips/sht3x.js'
import type { Plan } from './plan.js'
import { registerPlan, type RegisterSettings } from './register-plan.js'

interface ChipSettings extends RegisterSettings {
  readonly chip: 'registers' | 'bme280' | 'sht3x' | 'ads1115' | 'ina219'
  readonly shunt_ohms: number
}

/** Throws an AgentError where declared registers make no sense. */
export function planOf(settings: ChipSettings): Plan {
  switch (settings.chip) {
    case 'bme280':
      return bme280
    case 'sht3x':
      return sht3x
    case 'ads1115':
      return ads1115
    case 'ina219':
      return ina219(settings.shunt_ohms)
    case 'registers':
      return registerPlan(settings)
  }
}
