import type { EventTime } from 'sluice/plugin'
import { headerWord, longest, sdName, sdValue, tagWord } from './header-text.js'
import { plainStamp, preciseStamp } from './timestamp.js'

/** What one event says, before any format. */
export interface Fields {
  readonly time: EventTime
  readonly severity: number
  readonly facility: number
  readonly hostname: string | undefined
  readonly appname: string | undefined
  readonly procid: string | undefined
  readonly msgid: string | undefined
  readonly data: readonly SdElement[]
  readonly message: string | undefined
}

/** An element of structured data: its name, and the names and values of its parameters. */
export interface SdElement {
  readonly name: string
  readonly params: readonly (readonly [name: string, value: string])[]
}

/** A message in two parts: what must not be cut, and what may be. */
export interface Message {
  readonly head: string
  readonly text: string
}

export type Write = (fields: Fields) => Message

/** RFC 5424, section 6: `<34>1 2003-10-11T22:14:15.003Z host app 1234 ID47 [sd a="b"] text`. */
export function rfc5424(sdNameLength: number): Write {
  return (fields) => {
    const { time, hostname, appname, procid, msgid, data, message } = fields
    const words = [
      headerWord(hostname, longest.hostname),
      headerWord(appname, longest.appname),
      headerWord(procid, longest.procid),
      headerWord(msgid, longest.msgid),
    ]
    const head = `<${priority(fields)}>1 ${preciseStamp(time)} ${words.join(' ')} ${structured(data, sdNameLength)}`
    return { head, text: message === undefined ? '' : ` ${marked(message)}` }
  }
}

/** RFC 3164, section 4: `<34>Oct 11 22:14:15 host app[1234]: text`. */
export function rfc3164(fields: Fields): Message {
  const { time, hostname, appname, procid, message = '' } = fields
  const host = hostname === undefined ? '' : ` ${headerWord(hostname, longest.hostname)}`
  const process = procid === undefined ? '' : `[${headerWord(procid, longest.procid)}]`
  const tag = appname === undefined ? '' : ` ${tagWord(appname)}${process}:`
  return { head: `<${priority(fields)}>${plainStamp(time)}${host}${tag}`, text: ` ${message}` }
}

/** Section 6.2.1. */
function priority({ facility, severity }: Fields): number {
  return facility * 8 + severity
}

function structured(data: readonly SdElement[], length: number): string {
  const elements = data.map(({ name, params }) => {
    const written = params.map(([key, value]) => ` ${sdName(key, longest.sdName)}="${sdValue(value)}"`)
    return `[${sdName(name, length)}${written.join('')}]`
  })
  return elements.join('') || '-'
}

/** Text that is not ASCII alone is UTF-8, which a byte order mark in front says (section 6.4). */
function marked(message: string): string {
  const isAscii = Buffer.byteLength(message) === message.length
  return isAscii ? message : `\uFEFF${message}`
}
