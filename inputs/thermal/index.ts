import { defineInput, scheduled, text } from 'sluice/plugin'
import { thermalInput } from './thermal-input.js'
import { wantedZones } from './zone-filter.js'

export default defineInput({
  summary: 'Reads the temperatures of the thermal zones, in degrees Celsius.',
  options: {
    ...scheduled,
    name_regex: text('Regular expression of the zones that are read, by name, such as `thermal_zone0`.'),
    type_regex: text('Regular expression of the zones that are read, by type, such as `x86_pkg_temp`.'),
  },
  full: 'drop_oldest',
  create: (options, context) => thermalInput({ ...options, wanted: wantedZones(options) }, context),
})
