import { choice, defineCodec, size } from 'sluice/plugin'
import { remoteWriteParser } from './parse.js'

export default defineCodec({
  summary: 'Reads what Prometheus and its agents send by remote write, one event a sample.',
  options: {
    proto: choice(
      'The message in a body, as the `proto` of its Content-Type has it: remote write 1.0, which is also meant where there is none, or 2.0.',
      ['prometheus.WriteRequest', 'io.prometheus.write.v2.Request'],
      { default: 'prometheus.WriteRequest' },
    ),
    max_unpacked: size('Most bytes that a body may have once its Snappy block is uncompressed.', {
      default: '16MiB',
      minimum: 1024,
    }),
  },
  create: ({ proto, max_unpacked }) => ({ framing: 'whole', parse: remoteWriteParser(proto, max_unpacked) }),
})
