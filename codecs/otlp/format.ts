import {
  type Gatherer,
  logGatherer,
  type LogSettings,
  logsRequest,
  metricGatherer,
  type MetricSettings,
  metricsRequest,
} from 'sluice/otlp'
import { type Formatter, refuseBatch, toJson, writeEach } from 'sluice/plugin'
import { type MessageType, toJsonValue, toWire } from 'sluice/protobuf'
import type { Encoding } from './parse.js'

export function logsFormatter(encoding: Encoding, settings: LogSettings): Formatter {
  return formatter(logsRequest, encoding, logGatherer(settings))
}

export function metricsFormatter(encoding: Encoding, settings: MetricSettings): Formatter {
  return formatter(metricsRequest, encoding, metricGatherer(settings))
}

function formatter<T>(type: MessageType<T>, encoding: Encoding, create: () => Gatherer<T>): Formatter {
  const isJson = encoding === 'json'
  return {
    contentType: isJson ? 'application/json' : 'application/x-protobuf',
    format(chunks, refuse = refuseBatch) {
      let count = 0
      const { add, request } = create()
      writeEach(chunks, refuse, (event) => {
        const reason = add(event)
        if (reason === undefined) count++
        return reason
      })
      if (count === 0) return new Uint8Array()
      return isJson ? Buffer.from(toJson(toJsonValue(type, request()))) : toWire(type, request())
    },
  }
}
