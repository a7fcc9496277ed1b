import type { BodyReader } from './body-reader.js'
import { malformed, protocolError } from './mqtt-refusal.js'

/** Identifiers of properties (MQTT 5.0, section 2.2.2.2). */
export const propertyIds = {
  payloadFormat: 0x01,
  messageExpiry: 0x02,
  contentType: 0x03,
  responseTopic: 0x08,
  correlationData: 0x09,
  subscriptionIdentifier: 0x0b,
  sessionExpiry: 0x11,
  assignedClientId: 0x12,
  serverKeepAlive: 0x13,
  authenticationMethod: 0x15,
  authenticationData: 0x16,
  requestProblemInformation: 0x17,
  willDelay: 0x18,
  requestResponseInformation: 0x19,
  responseInformation: 0x1a,
  serverReference: 0x1c,
  reasonString: 0x1f,
  receiveMaximum: 0x21,
  topicAliasMaximum: 0x22,
  topicAlias: 0x23,
  maximumQos: 0x24,
  retainAvailable: 0x25,
  userProperty: 0x26,
  maximumPacketSize: 0x27,
  wildcardAvailable: 0x28,
  subscriptionIdentifierAvailable: 0x29,
  sharedAvailable: 0x2a,
} as const

export type PropertyName = keyof typeof propertyIds
export type Properties = { readonly [K in PropertyName]?: number | string }

const names = new Map(Object.entries(propertyIds).map(([name, id]) => [id as number, name as PropertyName]))

type Read = (reader: BodyReader) => number | string | undefined

const u8: Read = (reader) => reader.u8()
const u16: Read = (reader) => reader.u16()
const u32: Read = (reader) => reader.u32()
const text: Read = (reader) => reader.text()
const binary: Read = (reader) => void reader.binary()

const readers: { readonly [K in PropertyName]: Read } = {
  payloadFormat: u8,
  messageExpiry: u32,
  contentType: text,
  responseTopic: text,
  correlationData: binary,
  subscriptionIdentifier: (reader) => reader.variable(),
  sessionExpiry: u32,
  assignedClientId: text,
  serverKeepAlive: u16,
  authenticationMethod: text,
  authenticationData: binary,
  requestProblemInformation: u8,
  willDelay: u32,
  requestResponseInformation: u8,
  responseInformation: text,
  serverReference: text,
  reasonString: text,
  receiveMaximum: u16,
  topicAliasMaximum: u16,
  topicAlias: u16,
  maximumQos: u8,
  retainAvailable: u8,
  userProperty: (reader) => {
    reader.text()
    reader.text()
    return undefined
  },
  maximumPacketSize: u32,
  wildcardAvailable: u8,
  subscriptionIdentifierAvailable: u8,
  sharedAvailable: u8,
}

/** These may come several times. */
const repeatable: readonly PropertyName[] = ['userProperty', 'subscriptionIdentifier']

/** Those of a message, be it published or a will. */
export const messageProperties: readonly PropertyName[] = [
  'payloadFormat',
  'messageExpiry',
  'contentType',
  'responseTopic',
  'correlationData',
  'userProperty',
]

/** Those that answers have. */
export const answerProperties: readonly PropertyName[] = ['reasonString', 'userProperty']

/** Reads the properties at the reader's place (section 2.2.2), each at most once and of these only. Binary ones are left out. */
export function readProperties(reader: BodyReader, allowed: readonly PropertyName[]): Properties {
  const part = reader.part(reader.variable())
  const found: { [K in PropertyName]?: number | string } = {}
  const seen = new Set<PropertyName>()
  while (!part.isAtEnd) {
    const name = names.get(part.variable())
    if (name === undefined || !allowed.includes(name)) throw malformed('properties that the packet may have')
    if (seen.has(name) && !repeatable.includes(name)) throw protocolError('each property once')
    seen.add(name)
    const value = readers[name](part)
    if (value !== undefined) found[name] = value
  }
  return found
}

/** A property that is a number, or what it is without it. */
export function numberOf(value: number | string | undefined, usual: number): number {
  return typeof value === 'number' ? value : usual
}
