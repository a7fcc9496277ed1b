import { AscReader, type ChannelLog, channelLogFormatter, lineRecords, writeAscHeader, writeAscLine } from 'sluice/can'
import { defineCodec, list } from 'sluice/plugin'

const ascLog: ChannelLog = {
  head: writeAscHeader,
  line: (sink, frame, { bus, start }) => writeAscLine(sink, frame, bus, start),
}

export default defineCodec({
  summary: "Reads and writes frames of CAN buses as ASC, the log files of Vector's tools.",
  options: {
    channels: list(
      'Buses of the channels, from channel 1; others are `can0` for channel 1, `can1` for channel 2 and so on.',
    ),
  },
  create: ({ channels = [] }) => ({
    framing: 'lines',
    parse: lineRecords(new AscReader(channels), 'asc'),
    formatter: channelLogFormatter(ascLog, channels),
  }),
})
