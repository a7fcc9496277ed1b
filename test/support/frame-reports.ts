import { type CanFrame, emptyFrame } from '../../src/can/frame.js'
import { compileDecoders } from '../../src/can/decode/decoders.js'
import { parseDbc } from '../../src/can/dbc/parse-dbc.js'
import { FrameReporter, type ReportSettings } from '../../src/can/report/frame-reporter.js'
import { compileSelection } from '../../src/can/report/selection.js'
import { compileThinning, type Thinning, type ThinningRule } from '../../src/can/report/thinning.js'
import { readEvents } from '../../src/event/entry-reader.js'
import type { Event, EventRecord } from '../../src/event/event.js'

/** A small car: a message of each kind. */
export const carDbc = `
BO_ 256 Engine: 8 ECU
 SG_ Speed : 0|16@1+ (0.25,0) [0|0] "rpm" X
 SG_ Temp : 16|8@1+ (1,-40) [0|0] "degC" X
BO_ 512 Gearbox: 2 ECU
 SG_ Gear : 0|4@1+ (1,0) [0|0] "" X
BO_ 768 Tyres: 2 ECU
 SG_ Wheel M : 0|2@1+ (1,0) [0|0] "" X
 SG_ Left m0 : 8|8@1+ (0.1,0) [0|0] "bar" X
 SG_ Right m1 : 8|8@1+ (0.1,0) [0|0] "bar" X
BO_ 2364540158 EEC1: 8 ECU
 SG_ EngineSpeed : 24|16@1+ (0.125,0) [0|0] "rpm" X
BA_DEF_ BO_ "VFrameFormat" ENUM "StandardCAN","ExtendedCAN","reserved","J1939PG";
BA_ "VFrameFormat" BO_ 2364540158 3;
VAL_ 512 Gear 0 "P" 3 "D" ;
`

interface Given extends Partial<Omit<ReportSettings, 'decodersOf' | 'isSelected' | 'thinning'>> {
  readonly allow?: readonly string[]
  readonly deny?: readonly string[]
  readonly common?: Partial<Thinning>
  readonly rules?: readonly ThinningRule[]
}

/** A reporter of that car: on all buses but `raw0`. */
export function reporterOf({ allow = [], deny = [], common = {}, rules = [], ...given }: Given = {}): FrameReporter {
  const decoders = compileDecoders([parseDbc(Buffer.from(carDbc), 'car.dbc')], { labels: given.labels ?? 'number' })
  return new FrameReporter({
    mode: 'signals',
    records: 'frame',
    labels: 'number',
    units: false,
    ...given,
    isSelected: compileSelection({ allow, deny }),
    thinning: compileThinning({ onChange: false, minInterval: 0, maxSilence: 0, ...common }, rules),
    decodersOf: (bus) => (bus === 'raw0' ? undefined : decoders),
  })
}

/** A frame of hexadecimal data, so many milliseconds after 1970. */
export function frameOf(id: number, data: string, ms = 0, more: Partial<CanFrame> = {}): CanFrame {
  const bytes = Buffer.from(data, 'hex')
  const frame = Object.assign(emptyFrame(), { id, extended: id > 0x7ff, length: bytes.length, dlc: bytes.length }, more)
  frame.data.set(bytes)
  frame.seconds = Math.floor(ms / 1000)
  frame.nanoseconds = Math.round((ms % 1000) * 1e6)
  return frame
}

/** The events that a reporter has, which it forgets. */
export function eventsOf(reporter: FrameReporter): Event[] {
  const events = [...readEvents({ tag: 'can', entries: reporter.entries.slice(), count: reporter.count })]
  reporter.clear()
  return events
}

/** The records that frames become. */
export function recordsOf(reporter: FrameReporter, ...frames: readonly CanFrame[]): EventRecord[] {
  for (const frame of frames) reporter.take(frame, 'can0')
  return eventsOf(reporter).map(({ record }) => record)
}
