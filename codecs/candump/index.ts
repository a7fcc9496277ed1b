import { AsciiSink, CandumpReader, emptyFrame, lineRecords, readFrameRecord, writeCandumpLine } from 'sluice/can'
import { choice, defineCodec, type Formatter, refuseBatch, text, writeEach } from 'sluice/plugin'

export default defineCodec({
  summary: 'Reads and writes frames of CAN buses as candump does: logs that canplayer plays again.',
  options: {
    bus: text('Bus of written records that name none.', { default: 'can0', filled: true }),
    precision: choice(
      'Written times have microseconds, which every program reads, or nanoseconds, as `candump -N`.',
      ['us', 'ns'],
      {
        default: 'us',
      },
    ),
  },
  create: ({ bus, precision }) => ({
    framing: 'lines',
    parse: lineRecords(new CandumpReader(), 'candump'),
    formatter: candumpFormatter(bus, precision === 'ns' ? 9 : 6),
  }),
})

/** One line for each event; one that is no frame is refused. */
function candumpFormatter(defaultBus: string, decimals: 6 | 9): Formatter {
  const frame = emptyFrame()
  return {
    contentType: 'text/plain; charset=utf-8',
    format(chunks, refuse = refuseBatch) {
      const sink = new AsciiSink()
      writeEach(chunks, refuse, ({ record, time }) => {
        const problem = readFrameRecord(record, frame)
        if (problem !== undefined) return problem
        frame.seconds = time.seconds
        frame.nanoseconds = time.nanoseconds
        writeCandumpLine(sink, frame, typeof record['bus'] === 'string' ? record['bus'] : defaultBus, decimals)
        return undefined
      })
      return sink.take()
    },
  }
}
