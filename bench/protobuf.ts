import { PbfWriter } from 'pbf'
import { compress } from 'snappyjs'
import { all, double, int64, message, one, string, toWire } from '../src/protobuf/index.js'
import { compressBlock } from '../src/snappy/index.js'
import { measure, printCosts } from './measure.js'

/** What it costs to write a message of many small ones, and to compress it, beside other implementations of the same. */

const count = 1000
const label = message('Label', { name: one(1, string), value: one(2, string) })
const sample = message('Sample', { value: one(1, double), timestamp: one(2, int64) })
const timeSeries = message('TimeSeries', { labels: all(1, () => label), samples: all(2, () => sample) })
const writeRequest = message('WriteRequest', { timeseries: all(1, () => timeSeries) })

const timeseries = Array.from({ length: count }, (_none, index) => ({
  labels: [
    { name: '__name__', value: 'engine_coolant_temperature' },
    { name: 'device', value: `gateway-${index % 10}` },
    { name: 'site', value: 'north' },
  ],
  samples: [{ value: 87.25 + index / 8, timestamp: 1_795_467_780_123 + index }],
}))

type Pair = (typeof timeseries)[number]['labels'][number]
type Sample = (typeof timeseries)[number]['samples'][number]

function withPbf(): Uint8Array {
  const pbf = new PbfWriter()
  for (const each of timeseries) pbf.writeMessage(1, writeSeries, each)
  return pbf.finish()
}

function writeSeries({ labels, samples }: (typeof timeseries)[number], pbf: PbfWriter): void {
  for (const each of labels) pbf.writeMessage(1, writeLabel, each)
  for (const each of samples) pbf.writeMessage(2, writeSample, each)
}

function writeLabel({ name, value }: Pair, pbf: PbfWriter): void {
  pbf.writeStringField(1, name)
  pbf.writeStringField(2, value)
}

function writeSample({ value, timestamp }: Sample, pbf: PbfWriter): void {
  pbf.writeDoubleField(1, value)
  pbf.writeVarintField(2, timestamp)
}

const body = toWire(writeRequest, { timeseries })

printCosts(`protobuf: series of ${(body.length / count).toFixed(0)} bytes, 3 labels, 1 sample`, [
  {
    name: 'toWire',
    cost: measure(count, () => toWire(writeRequest, { timeseries })),
    unit: 'series',
    floor: { name: 'pbf', cost: measure(count, withPbf) },
  },
  {
    name: 'compressBlock',
    cost: measure(count, () => compressBlock(body)),
    unit: 'series',
    floor: { name: 'snappyjs', cost: measure(count, () => compress(body)) },
  },
])
