import fc from 'fast-check'
import { type CanFrame, emptyFrame } from 'sluice/can'
import { dlcOf, lengthOf } from '../../src/can/dlc.js'
import type { LineKind, LineReader } from '../../src/can/text/line-reader.js'

/** A frame as plain values, with only the bytes that count. */
export type PlainFrame = Omit<CanFrame, 'data'> & { readonly data: readonly number[] }

export function plainOf(frame: CanFrame): PlainFrame {
  const data = frame.remote ? [] : [...frame.data.subarray(0, frame.length)]
  return { ...frame, data }
}

export function frameOf(fields: Partial<PlainFrame>): CanFrame {
  const { data = [], ...rest } = fields
  const length = rest.length ?? data.length
  const frame = Object.assign(emptyFrame(), { length, dlc: dlcOf(length) }, rest)
  frame.data.set(data)
  return frame
}

/** A frame that was lent before: what it holds of the one before must not show. */
export function usedFrame(): CanFrame {
  const frame = emptyFrame()
  const used = {
    id: 0x1abcdef,
    extended: true,
    remote: true,
    error: true,
    fd: true,
    bitRateSwitch: true,
    errorState: true,
  }
  frame.data.fill(0xa5)
  return Object.assign(frame, used, { sent: true, length: 7, dlc: 13, seconds: 9, nanoseconds: 9 })
}

export interface ReadLine {
  readonly kind: LineKind
  readonly bus: string
  readonly frame: PlainFrame
}

/** One line, read as a part of more bytes, as readers get it. */
export function readLine(reader: LineReader, line: string): ReadLine {
  const bytes = Buffer.from(`0123\n${line}\n4567`)
  const frame = usedFrame()
  const kind = reader.read(bytes, 5, bytes.length - 5, frame)
  return { kind, bus: reader.bus, frame: plainOf(frame) }
}

export interface FrameLimits {
  /** Nanoseconds of the finest step of its time. */
  readonly step: number
  /** Error frames with their class and data; otherwise none. */
  readonly errors: boolean
}

const identifier = fc.oneof(
  fc.record({ extended: fc.constant(false), id: fc.integer({ min: 0, max: 0x7ff }) }),
  fc.record({ extended: fc.constant(true), id: fc.integer({ min: 0, max: 0x1fff_ffff }) }),
)

const bytes = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: 255 }), { minLength: length, maxLength: length })

const classicBody = fc
  .record({ length: fc.integer({ min: 0, max: 8 }), raw: fc.integer({ min: 8, max: 15 }), remote: fc.boolean() })
  .chain(({ length, raw, remote }) =>
    bytes(remote ? 0 : length).map((data) => ({ remote, length, dlc: length === 8 ? raw : length, data })),
  )

const fdBody = fc
  .record({ dlc: fc.integer({ min: 0, max: 15 }), bitRateSwitch: fc.boolean(), errorState: fc.boolean() })
  .chain(({ dlc, ...flags }) =>
    bytes(lengthOf(dlc)).map((data) => ({ fd: true, length: data.length, dlc, data, ...flags })),
  )

const errorFrame = fc
  .record({ id: fc.integer({ min: 1, max: 0x1fff_ffff }), data: bytes(8) })
  .map((fields) => ({ ...fields, error: true, extended: false }))

/** Any frame that a bus can have. */
export function anyFrame({ step, errors }: FrameLimits): fc.Arbitrary<CanFrame> {
  const sent = fc.tuple(identifier, fc.oneof(classicBody, fdBody)).map(([id, body]) => ({ ...id, ...body }))
  const time = fc.record({
    seconds: fc.integer({ min: 700_000_000, max: 4_000_000_000 }),
    nanoseconds: fc.integer({ min: 0, max: 1e9 / step - 1 }).map((count) => count * step),
    sent: fc.boolean(),
  })
  const frame: fc.Arbitrary<Partial<PlainFrame>> = errors ? fc.oneof({ weight: 5, arbitrary: sent }, errorFrame) : sent
  return fc.tuple(frame, time).map(([fields, when]) => frameOf({ ...fields, ...when }))
}

export const busName = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,14}$/)
