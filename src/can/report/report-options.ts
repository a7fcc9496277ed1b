import { choice, duration, flag, list, listOf, text, type ValuesOf } from '../../plugin/options.js'
import type { ReportSettings } from './frame-reporter.js'
import { compileSelection } from './selection.js'
import { signalOptions } from './signal-options.js'
import { compileThinning } from './thinning.js'

const thinning = {
  on_change: flag('Tell only what differs from what was told last.'),
  min_interval: duration('Least time between two records of the same.'),
  max_silence: duration('With `on_change`, longest time until the same is told again.'),
} as const

/** The options of a plugin that tells what comes on a bus: which frames, in what form, how often. */
export const reportOptions = {
  mode: choice(
    'What is told: frames as they came, the signals in them, or both; by default `signals` where there are DBC files, else `raw`.',
    ['raw', 'signals', 'both'],
  ),
  ...signalOptions,
  allow: list(
    'Frames to take: ids `0x123`, ranges `0x100-0x1ff`, messages `Engine*`, of a bus `can1:0x123`; by default all.',
  ),
  deny: list('Frames to leave out, though they are allowed; written in the same ways.'),
  on_change: flag('Tell only what differs from what was told last.', { default: false }),
  min_interval: duration(
    'Least time between two records of the same message, or with `records: signal` of the same signal.',
    {
      default: '0s',
    },
  ),
  max_silence: duration('With `on_change`, longest time until the same is told again; 0 for never.', { default: '0s' }),
  rules: listOf('The same for some messages or signals; the first that matches counts.', {
    match: text('Messages as in `allow`, or signals such as `Engine*.Speed`.', { required: true }),
    ...thinning,
  }),
} as const

type ReportOptions = ValuesOf<typeof reportOptions> & { readonly dbc?: unknown }

/** What is told, and how often. Throws `CAN_PATTERN` for a list or a rule that says nothing. */
export function reportSettings(options: ReportOptions): Omit<ReportSettings, 'decodersOf'> {
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
