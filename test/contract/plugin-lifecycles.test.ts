import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Formatter, Parser } from '../../src/plugin/context.js'
import { type Input, type Output, type PluginKind, pluginKinds } from '../../src/plugin/define.js'
import { messageOf } from '../../src/plugin/errors.js'
import type { Options } from '../../src/plugin/options.js'
import { load, names } from '../../src/registry/registry.js'
import { batchOf } from '../support/batch.js'
import { confSamples } from '../support/conf-samples.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { outsideTouchedBy } from '../support/resource-watch.js'
import { within } from '../support/within.js'

const samples = confSamples()
/** No plugin takes a tenth of this; a machine may be busy, and a flush may be the first to load its npm package. */
const soonMs = 10_000
/** Time for an input to get as far as waiting; a run that is aborted earlier must end as well. */
const startMs = 20

/** What no sample can say: functions, and places that are free on this machine. */
const ownOptions: { readonly [plugin: string]: { readonly [option: string]: unknown } } = {
  'output lib': { callback: () => undefined },
  'output file': { path: tmpdir() },
  'input tcp': { port: 0 },
  'input udp': { port: 0 },
  'input lorawan': { port: 0 },
  'input serial': { path: '/dev/none' },
  'input xbee': { path: '/dev/none' },
  'filter grep': { exclude: 'log x' },
  'filter signals': { dbc: [] },
  'stage cgi': { command: ['true'] },
  'stage fastcgi': { upstream: '127.0.0.1:1' },
  'stage proxy': { upstreams: 'http://127.0.0.1:1' },
  'stage auth': { token: 'abc' },
  'stage cors': { origins: 'https://panel.example' },
  'stage rate_limit': { rate: 1 },
  'stage redirect': { path: '/old', to: '/new' },
  'stage rewrite': { rules: '^/old$ /new' },
  'stage static': { root: tmpdir() },
  'codec binary': { fields: [{ name: 'value', type: 'u8' }] },
  'codec regex': { regex: '^(?<word>.*)$' },
}

/** These write to the output of the process they are in, which is the test report. */
const writeToProcess = ['stdout', 'counter']

/** Codecs have tests of their own; here every frame is a record. */
const parser: Parser = { framing: 'lines', parse: (frame) => [{ record: { bytes: frame.length } }] }
const formatter: Formatter = { contentType: 'text/plain', format: () => new Uint8Array() }

for (const kind of pluginKinds) {
  for (const name of names(kind)) {
    test(`${kind} ${name} touches nothing outside when it is created`, async () => {
      const create = await creator(kind, name)
      await create() // modules that it imports are files too: only the second instance is watched
      assert.deepEqual(await outsideTouchedBy(create), [])
    })
  }
}

for (const name of names('input')) {
  describe(`input ${name}`, () => {
    test('ends soon after its signal is aborted, and leaves no timer', async () => {
      const clock = new FakeClock()
      const input = (await (await creator('input', name, clock))()) as Input
      const controller = new AbortController()
      const ended = endOf(input, controller.signal)
      await sleep(startMs)
      controller.abort()
      await within(soonMs, ended, `run of ${name}`)
      assert.equal(clock.waiting, 0)
    })

    test('ends soon where its signal is aborted before it starts', async () => {
      const input = (await (await creator('input', name))()) as Input
      await within(soonMs, endOf(input, AbortSignal.abort()), `run of ${name}`)
    })
  })
}

for (const name of names('output').filter((output) => !writeToProcess.includes(output))) {
  test(`output ${name} ends a flush soon whose signal is aborted, and closes`, async () => {
    const output = (await (await creator('output', name))()) as Output
    const flushed = output.flush(batchOf([{ record: { n: 1 } }]), AbortSignal.abort()).catch(messageOf)
    await within(soonMs, flushed, `flush of ${name}`)
    await within(soonMs, Promise.resolve(output.close?.()), `close of ${name}`)
  })
}

/** Makes instances of a plugin, with its defaults, or the options of a sample where it requires some. */
async function creator(kind: PluginKind, name: string, clock = new FakeClock()): Promise<() => unknown> {
  const { definition } = await load(kind, name)
  const options: unknown = optionsOf(definition, rawOptions(kind, name, definition.options))
  const create = definition.create as (options: unknown, context: unknown) => unknown
  return () =>
    create(options, Object.assign(new RecordingInputContext(clock, () => parser), { formatter: () => formatter }))
}

function rawOptions(kind: PluginKind, name: string, options: Options): { readonly [option: string]: unknown } {
  const own = ownOptions[`${kind} ${name}`]
  if (own) return own
  const requires = Object.values(options).some((option) => option['x-required'])
  return requires ? (samples.find((sample) => sample.kind === kind && sample.name === name)?.options ?? {}) : {}
}

/** A run may fail, as where this machine lacks what it reads; it says why then. */
async function endOf(input: Input, signal: AbortSignal): Promise<void> {
  try {
    await input.run(signal)
  } catch (error) {
    assert.notEqual(messageOf(error), '')
  }
}
