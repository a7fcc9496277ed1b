import { compileSelection, compileThinning, type ReportSettings } from 'sluice/can'
import type { CanOptions } from './options.js'

/** What is told, and how often. Throws `CAN_PATTERN` for a list or a rule that says nothing. */
export function reportSettings(options: CanOptions): Omit<ReportSettings, 'decodersOf'> {
  const { allow = [], deny = [], rules = [], on_change, min_interval, max_silence } = options
  const common = { onChange: on_change, minInterval: min_interval, maxSilence: max_silence }
  const exceptions = rules.map(({ match, ...rule }) => ({
    match,
    onChange: rule.on_change,
    minInterval: rule.min_interval,
    maxSilence: rule.max_silence,
  }))
  return {
    mode: options.mode ?? (options.dbc === undefined ? 'raw' : 'signals'),
    records: options.records,
    labels: options.labels,
    units: options.units,
    isSelected: compileSelection({ allow, deny }),
    thinning: compileThinning(common, exceptions),
  }
}
