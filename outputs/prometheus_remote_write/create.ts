import { createHttpOutput } from 'sluice/http-client'
import type { Output, OutputContext, outputOptions, ValuesOf } from 'sluice/plugin'
import type { remoteWriteOptions } from './options.js'

export type RemoteWriteOptions = ValuesOf<typeof remoteWriteOptions & typeof outputOptions>

export function createRemoteWrite(options: RemoteWriteOptions, context: OutputContext): Output {
  const { uri, metric, labels, fields } = options
  const given = { metric, labels, ...(fields === undefined ? {} : { fields }) }
  return createHttpOutput({ options, uri, formatter: context.formatter('prometheus_remote_write', given) }, context)
}
