import { PbfWriter } from 'pbf'
import { compress } from 'snappyjs'

/** Writes a field, or several. */
export type Write = (pbf: PbfWriter) => void

/** A body of these fields, as a sender packs it. */
export function packed(...writes: readonly Write[]): Uint8Array {
  const writer = new PbfWriter()
  for (const write of writes) write(writer)
  return compress(writer.finish())
}

/** A message in this field. */
export function inside(number: number, ...writes: readonly Write[]): Write {
  return (pbf) => pbf.writeMessage(number, (_, inner) => writes.forEach((write) => write(inner)), undefined)
}

export function label(name: string, value: string): Write {
  return inside(
    1,
    (pbf) => pbf.writeStringField(1, name),
    (pbf) => pbf.writeStringField(2, value),
  )
}

export function sample(value: number, milliseconds: number): Write {
  return inside(
    2,
    (pbf) => pbf.writeDoubleField(1, value),
    (pbf) => pbf.writeVarintField(2, milliseconds),
  )
}
