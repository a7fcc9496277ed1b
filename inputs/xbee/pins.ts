import type { EventRecord, Value } from 'sluice/plugin'
import type { FrameReader } from './frame-reader.js'

/** Which pins a sample has, as bits by the places of their names, and the names. */
interface Pins {
  readonly mask: number
  readonly names: readonly string[]
}

/** Of both families; pin 7 has the name that it had in Fluent Bit's plugin. */
const digital = Array.from({ length: 15 }, (_, pin) => (pin === 7 ? 'GPIO7' : `DIO${pin}`))
const analog = ['AD0', 'AD1', 'AD2', 'AD3', 'AD4', 'AD5', 'AD6', 'VCC']

/** Samples of Zigbee and DigiMesh modules: how many, the digital pins, the analog pins (Digi, frame type 0x92). */
export function modernSamples(reader: FrameReader): readonly EventRecord[] {
  const count = reader.u8()
  const digitalPins = { mask: reader.u16(), names: digital }
  return samples(reader, count, digitalPins, { mask: reader.u8(), names: analog })
}

/** Samples of 802.15.4 modules: how many, and in one word nine digital and six analog pins (Digi, frame types 0x82 and 0x83). */
export function legacySamples(reader: FrameReader): readonly EventRecord[] {
  const count = reader.u8()
  const mask = reader.u16()
  return samples(reader, count, { mask: mask & 0x1ff, names: digital }, { mask: (mask >> 9) & 0x3f, names: analog })
}

/** `count` times: a word with the levels of all digital pins, where there are any, and a word for each analog one. */
function samples(reader: FrameReader, count: number, digitalPins: Pins, analogPins: Pins): readonly EventRecord[] {
  const records: EventRecord[] = []
  if (digitalPins.mask === 0 && analogPins.mask === 0) return records
  for (let at = 0; at < count; at++) {
    const record: Record<string, Value> = {}
    const levels = digitalPins.mask === 0 ? 0 : reader.u16()
    for (const [place, name] of present(digitalPins)) record[name] = (levels >> place) & 1
    for (const [, name] of present(analogPins)) record[name] = reader.u16()
    records.push(record)
  }
  return records
}

function present({ mask, names }: Pins): readonly (readonly [number, string])[] {
  return names.map((name, place) => [place, name] as const).filter(([place]) => ((mask >> place) & 1) === 1)
}
