import { hostname } from 'node:os'
import {
  type Accessor,
  type Event,
  fieldAccessor,
  fieldText,
  isRecord,
  toJson,
  type Value,
  type ValuesOf,
  valueText,
} from 'sluice/plugin'
import type { Fields, SdElement } from './message.js'
import type { syslogOptions } from './options.js'
import { facilityOf, severityOf } from './priority.js'

export type SyslogOptions = ValuesOf<typeof syslogOptions>

/** What turns an event into the fields of a message; throws an AgentError `PLUGIN_FIELD` where an option names no field. */
export function fieldsReader(options: SyslogOptions): (event: Event) => Fields {
  const severity = accessorOf('syslog_severity_key', options)
  const facility = accessorOf('syslog_facility_key', options)
  const host = textReader('hostname', options, hostname())
  const [appname, procid, msgid] = (['appname', 'procid', 'msgid'] as const).map((name) => textReader(name, options))
  const elements = (options.syslog_sd_key ?? []).map((key) => [key, fieldAccessor('syslog_sd_key', key)] as const)
  const message = accessorOf('syslog_message_key', options)
  return (event) => ({
    time: event.time,
    severity: severityOf(severity?.(event)) ?? options.syslog_severity_preset,
    facility: facilityOf(facility?.(event)) ?? options.syslog_facility_preset,
    hostname: host(event),
    appname: appname?.(event),
    procid: procid?.(event),
    msgid: msgid?.(event),
    data: elements.flatMap(([key, read]) => elementOf(key, read(event))),
    message: message ? messageText(message(event)) : toJson(event.record),
  })
}

type Key = Extract<keyof SyslogOptions, `syslog_${string}_key`>

function accessorOf(option: Exclude<Key, 'syslog_sd_key'>, options: SyslogOptions): Accessor | undefined {
  const { [option]: key } = options
  return key === undefined ? undefined : fieldAccessor(option, key)
}

type Part = 'hostname' | 'appname' | 'procid' | 'msgid'

function textReader(part: Part, options: SyslogOptions, otherwise?: string): (event: Event) => string | undefined {
  const read = accessorOf(`syslog_${part}_key`, options)
  const preset = options[`syslog_${part}_preset`] ?? otherwise
  return (event) => valueText(read?.(event) ?? undefined) || preset
}

/** Its name in the message is the last one of the key: `$kubernetes['labels']` is `labels`. */
function elementOf(key: string, value: Value | undefined): SdElement[] {
  if (!isRecord(value)) return []
  const name = key.match(/[^$'"[\]]+/g)?.at(-1) ?? key
  return [{ name, params: Object.entries(value).map(([param, each]) => [param, fieldText(each)] as const) }]
}

function messageText(value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  return valueText(value) ?? toJson(value)
}
