import { createHttpOutput } from 'sluice/http-client'
import type { Output, OutputContext, outputOptions, ValuesOf } from 'sluice/plugin'
import { judgeHec } from './judge.js'
import type { splunkOptions } from './options.js'

export type SplunkOptions = ValuesOf<typeof splunkOptions & typeof outputOptions>

const codecNames = ['raw', 'event_key', 'event_host', 'event_source', 'event_sourcetype', 'event_index'] as const

export function createSplunk(options: SplunkOptions, context: OutputContext): Output {
  const { raw, splunk_token: token, channel, event_field, compress } = options
  const given = codecNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]))
  return createHttpOutput(
    {
      options,
      uri: raw ? '/services/collector/raw' : '/services/collector/event',
      formatter: context.formatter('splunk_hec', { event_field, ...Object.fromEntries(given) }),
      headers: {
        ...(token === undefined ? {} : { authorization: `Splunk ${token}` }),
        ...(channel === undefined ? {} : { 'x-splunk-request-channel': channel }),
      },
      compress,
      judge: judgeHec,
    },
    context,
  )
}
