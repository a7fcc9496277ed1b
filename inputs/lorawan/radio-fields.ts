import { type EventRecord, type EventTime, isRecord, toEventTime, type Value } from 'sluice/plugin'

type Names = readonly (readonly [string, string])[]

/** Fields of `rxpk` (PROTOCOL.TXT, section 4) and what they are called here. */
const packetNames: Names = [
  ['time', 'time'],
  ['tmms', 'gps_time'],
  ['tmst', 'timestamp'],
  ['freq', 'frequency'],
  ['chan', 'channel'],
  ['rfch', 'rf_chain'],
  ['brd', 'board'],
  ['modu', 'modulation'],
  ['datr', 'data_rate'],
  ['codr', 'coding_rate'],
  ['rssi', 'rssi'],
  ['lsnr', 'snr'],
  ['size', 'size'],
]

/** Those of `stat`. */
const statNames: Names = [
  ['time', 'time'],
  ['lati', 'latitude'],
  ['long', 'longitude'],
  ['alti', 'altitude'],
  ['rxnb', 'received'],
  ['rxok', 'received_ok'],
  ['rxfw', 'forwarded'],
  ['ackr', 'acknowledged_percent'],
  ['dwnb', 'downlinks'],
  ['txnb', 'transmitted'],
  ['temp', 'temperature'],
]

/** What gateways with several antennas say of each (`rsig`, version 2 of their JSON), instead of `chan`, `rssi` and `lsnr`. */
const antennaNames: Names = [
  ['ant', 'antenna'],
  ['chan', 'channel'],
  ['rssic', 'rssi'],
  ['lsnr', 'snr'],
]

export function packetFields(packet: EventRecord): EventRecord {
  return { ...renamed(packet, packetNames), ...renamed(strongest(packet['rsig']), antennaNames) }
}

/** What the antenna says that heard it best. */
function strongest(signals: Value | undefined): EventRecord {
  const heard = Array.isArray(signals) ? (signals as readonly Value[]).filter(isRecord) : []
  return heard.reduce((best, other) => (levelOf(other) > levelOf(best) ? other : best), heard[0] ?? {})
}

function levelOf({ rssic }: EventRecord): number {
  return typeof rssic === 'number' ? rssic : -Infinity
}

export function statFields(stat: EventRecord): EventRecord {
  return renamed(stat, statNames)
}

/** Text and numbers alone: whatever else a gateway makes up is left out. */
function renamed(from: EventRecord, names: Names): EventRecord {
  const record: Record<string, Value> = {}
  for (const [theirs, ours] of names) {
    const value = from[theirs]
    if (typeof value === 'number' || typeof value === 'string') record[ours] = value
  }
  return record
}

/** When the gateway received a packet, or made a report: `2026-11-26T10:00:00.123456Z`, or `2026-11-26 10:00:00 GMT`. */
export function gatewayTime({ time }: EventRecord): EventTime | undefined {
  const milliseconds = typeof time === 'string' ? Date.parse(time) : Number.NaN
  return milliseconds >= 0 ? toEventTime(milliseconds) : undefined
}
