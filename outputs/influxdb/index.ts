import { defineOutput } from 'sluice/plugin'
import { createInfluxdb } from './create.js'
import { influxdbOptions } from './options.js'

export default defineOutput({
  summary: 'Writes events as points to InfluxDB, of version 1 or 2, or to another server that takes its line protocol.',
  options: influxdbOptions,
  unsupported: {
    tags_list_enabled: 'name the fields that are tags in tag_keys',
    tags_list_key: 'name the fields that are tags in tag_keys',
    strip_prefix: 'give events the measurement as their tag, or name a field in measurement_key',
    add_integer_suffix:
      'numbers are floats, so that a field keeps its type; records of inputs that know integers say so',
    http_header: 'write headers in header',
  },
  ignored: { 'add_integer_suffix=off': '', 'add_integer_suffix=false': '' },
  codecs: () => ['influx'],
  create: createInfluxdb,
})
