import { choice, defineCodec, list, map, size, text } from 'sluice/plugin'
import { remoteWriteFormatter } from './format.js'
import { remoteWriteParser } from './parse.js'

export default defineCodec({
  summary: 'Reads and writes what Prometheus and its agents send by remote write, one event a sample.',
  options: {
    proto: choice(
      'The message in a body, as the `proto` of its Content-Type has it: remote write 1.0, which is also meant where there is none, or 2.0, which is only read.',
      ['prometheus.WriteRequest', 'io.prometheus.write.v2.Request'],
      { default: 'prometheus.WriteRequest' },
    ),
    max_unpacked: size('Most bytes that a body may have once its Snappy block is uncompressed.', {
      default: '16MiB',
      minimum: 1024,
    }),
    metric: text(
      'Name of a metric that is written but for its end, which is the field: `host.cpu` and `user_p` give `host_cpu_user_p`.',
      { default: '$TAG', filled: true },
    ),
    labels: map('Labels to write, each with its value or where an event has it, such as `interface: $name`.', {
      default: {},
      aliases: ['add_label'],
    }),
    fields: list('Fields to write; all that are numbers, true or false unless given.'),
  },
  create({ proto, max_unpacked, ...written }) {
    const codec = { framing: 'whole', parse: remoteWriteParser(proto, max_unpacked) } as const
    return proto === 'prometheus.WriteRequest' ? { ...codec, formatter: remoteWriteFormatter(written) } : codec
  },
})
