import { type ChannelLog, channelLogFormatter, lineRecords, TrcReader, writeTrcHeader, writeTrcLine } from 'sluice/can'
import { defineCodec, list } from 'sluice/plugin'

const trcLog: ChannelLog = { head: writeTrcHeader, line: writeTrcLine }

export default defineCodec({
  summary: "Reads and writes frames of CAN buses as TRC, the trace files of PEAK's tools.",
  options: {
    channels: list('Names of the buses, from bus 1; others are `can0` for bus 1, `can1` for bus 2 and so on.'),
  },
  create: ({ channels = [] }) => ({
    framing: 'lines',
    parse: lineRecords(new TrcReader(channels), 'trc'),
    formatter: channelLogFormatter(trcLog, channels),
  }),
})
