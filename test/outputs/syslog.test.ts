import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import syslog from '../../outputs/syslog/index.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Output } from '../../src/plugin/define.js'
import { PartialError } from '../../src/plugin/errors.js'
import { outputContract, type OutputUnderTest } from '../contract/output.js'
import { batchOf } from '../support/batch.js'
import { ByteServer } from '../support/byte-server.js'
import { CertificateAuthority } from '../support/certificate-authority.js'
import { noOpenssl } from '../support/certificate.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { freePort } from '../support/ports.js'
import { noRsyslog, Rsyslog } from '../support/rsyslog.js'

const forever = new AbortController().signal
const at = { seconds: 1_700_000_000, nanoseconds: 123_456_789 } // 2023-11-14T22:13:20Z

function create(options: Readonly<Record<string, unknown>>, context = new RecordingOutputContext()): Output {
  return syslog.create(optionsOf(syslog, options), context) as Output
}

/** An output that is closed with the test. */
function outputOf(
  t: TestContext,
  options: Readonly<Record<string, unknown>>,
  context = new RecordingOutputContext(),
): Output {
  const output = create(options, context)
  t.after(() => output.close?.())
  return output
}

async function underTest(): Promise<OutputUnderTest> {
  const port = await freePort()
  let server: ByteServer | undefined
  const lines = (): string[] => (server?.text ?? '').split('\n').slice(0, -1)
  return {
    output: create({ mode: 'tcp', port }),
    async taken() {
      await server?.until(() => lines().length >= 3)
      return lines().map((line) => JSON.parse(line.slice(line.indexOf('{'))) as EventRecord)
    },
    accept: async () => void (server ??= await new ByteServer().listen({ port })),
    fail: () => undefined, // nobody listens yet
    end: () => server?.close(),
  }
}
outputContract('syslog', underTest, ['fail'])

const events = batchOf([
  { ...at, record: { log: 'door opened', level: 'err', unit: 'door', pid: 12, meta: { at: 'north "1"', ok: true } } },
  { ...at, record: { log: 'grün\nand more', level: 3, facility: 'local0' } },
])
const keys = {
  syslog_message_key: 'log',
  syslog_severity_key: 'level',
  syslog_facility_key: 'facility',
  syslog_appname_key: 'unit',
  syslog_procid_key: 'pid',
  syslog_sd_key: 'meta',
  syslog_hostname_preset: 'gw-7',
  syslog_msgid_preset: 'EVENT',
}
const modules = 'module(load="imudp") module(load="imtcp") module(load="imptcp")'
const inputs = `${modules}
input(type="imtcp" port="PORT" address="127.0.0.1" ruleset="ours")
input(type="imudp" port="PORT" address="127.0.0.1" ruleset="ours")
input(type="imptcp" path="FOLDER/socket" ruleset="ours")`

describe('rsyslog reads what was sent', { skip: noRsyslog }, () => {
  const head = { time: '2023-11-14T22:13:20.123456+00:00', host: 'gw-7', msgid: 'EVENT' }
  const first = { ...head, pri: '11', app: 'door', procid: '12', sd: String.raw`[meta at="north \"1\"" ok="true"]` }
  const second = { ...head, pri: '131', app: 'sluice', procid: '-', sd: '-' }

  for (const [mode, options, text] of [
    ['udp', {}, 'grün\nand more'],
    ['tcp', {}, 'grün and more'],
    ['tcp', { framing: 'octet_counting' }, 'grün\nand more'],
    ['unix', {}, 'grün and more'],
  ] as const)
    test(`over ${mode} ${JSON.stringify(options)}`, async (t) => {
      const server = await Rsyslog.start(t, inputs)
      const place = mode === 'unix' ? { unix_path: join(server.folder, 'socket') } : { port: server.port }
      await outputOf(t, { mode, ...place, ...keys, ...options }).flush(events, forever)
      assert.deepEqual(await server.until(2), [
        { ...first, msg: 'door opened' },
        { ...second, msg: `\uFEFF${text}` },
      ])
    })

  test('in the format of RFC 3164, with the local time', async (t) => {
    const server = await Rsyslog.start(t, inputs)
    const options = { mode: 'tcp', port: server.port, ...keys, syslog_format: 'rfc3164' }
    await outputOf(t, options).flush(events, forever)
    const logged = (await server.until(2)).map(({ pri, time, host, app, procid, msg }) => ({
      pri,
      time,
      host,
      app,
      procid,
      msg,
    }))
    // It has no year, for which the server takes its own.
    assert.match(logged[0]?.time ?? '', /^\d{4}-11-14T22:13:20/)
    assert.deepEqual(
      logged.map(({ time: _time, ...rest }) => rest),
      [
        { pri: '11', host: 'gw-7', app: 'door', procid: '12', msg: ' door opened' },
        { pri: '131', host: 'gw-7', app: 'sluice', procid: '-', msg: ' grün and more' },
      ],
    )
  })

  test('over TLS, where the name of the server is checked', { skip: noOpenssl }, async (t) => {
    const authority = new CertificateAuthority(t)
    const { file, keyFile } = authority.issue('localhost')
    const server = await Rsyslog.start(
      t,
      `global(defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="${authority.file}"
        defaultNetstreamDriverCertFile="${file}" defaultNetstreamDriverKeyFile="${keyFile}")
      module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
      input(type="imtcp" port="PORT" address="127.0.0.1" ruleset="ours")`,
    )
    const options = { mode: 'tls', port: server.port, 'tls.ca_file': authority.file, ...keys }
    await assert.rejects(outputOf(t, { ...options, host: '127.0.0.1' }).flush(events, forever), /does not match/)
    await outputOf(t, { ...options, host: 'localhost' }).flush(events, forever)
    const [, message] = await server.until(2)
    assert.equal(message?.msg, '\uFEFFgrün\nand more', 'a length in front keeps the newline')
  })
})

describe('events that are no whole message', () => {
  test('one without a message and without structured data is refused by its index', async (t) => {
    const server = await new ByteServer().listen()
    t.after(() => server.close())
    const context = new RecordingOutputContext()
    const options = { mode: 'tcp', port: server.port, syslog_message_key: 'log', syslog_sd_key: ['meta'] }
    const output = outputOf(t, options, context)
    const records = [{ log: 'one' }, { other: 1 }, { meta: { a: 1 } }, { log: null }]
    const error = await output.flush(batchOf(records.map((record) => ({ record }))), forever).catch((e: unknown) => e)
    assert.ok(error instanceof PartialError, String(error))
    const reason = 'it has no such field (syslog_message_key)'
    assert.deepEqual(
      [...error.rejected],
      [
        [1, reason],
        [3, reason],
      ],
    )
    await server.until(() => server.text.split('\n').length === 3)
    assert.match(server.text, /^<14>1 \S+ \S+ sluice - - - one\n<14>1 \S+ \S+ sluice - - \[meta a="1"\]\n$/)
    assert.deepEqual(context.counted, { without_message: 1 })
  })

  test('one that is too long is cut between two characters, and counted', async (t) => {
    const server = await new ByteServer().listen()
    t.after(() => server.close())
    for (const maxSize of [480, 481]) {
      const context = new RecordingOutputContext()
      const options = { mode: 'tcp', port: server.port, framing: 'octet_counting', syslog_maxsize: maxSize }
      const output = outputOf(t, { ...options, syslog_message_key: 'log' }, context)
      const before = server.text.length
      await output.flush(batchOf([{ record: { log: 'ü'.repeat(1000) } }]), forever)
      await server.until(() => server.text.length > before)
      const sent = server.text.slice(before)
      const length = Number.parseInt(sent, 10)
      assert.ok(length <= maxSize && length >= maxSize - 1, `${length} bytes`)
      assert.match(sent, /ü$/)
      assert.equal(Buffer.byteLength(sent.slice(sent.indexOf(' ') + 1)), length)
      assert.deepEqual(context.counted, { truncated: 1 })
    }
  })

  test('one whose structured data does not fit is refused: cut it would be no message', async (t) => {
    const output = outputOf(t, { port: await freePort(), syslog_sd_key: 'meta', syslog_maxsize: 480 })
    const batch = batchOf([{ record: { meta: { a: 'x'.repeat(1000) } } }])
    await assert.rejects(output.flush(batch, forever), (error) => {
      assert.ok(error instanceof PartialError)
      assert.match(error.rejected.get(0) ?? '', /structured data needs \d+ bytes, more than 480 \(syslog_maxsize\)/)
      return true
    })
  })
})

test('options that are at odds are found when the configuration is checked', () => {
  for (const options of [{ tls: 'on' }, { servers: ['a', 'b'] }, { mode: 'unix' }])
    assert.throws(() => create(options), { code: /^SYSLOG_(MODE|PATH)$/ }, JSON.stringify(options))
})

test('a key that names no field is found too, and which option it is of', () => {
  for (const option of ['syslog_message_key', 'syslog_sd_key', 'syslog_hostname_key'])
    assert.throws(() => create({ [option]: "$a['b" }), { code: 'PLUGIN_FIELD', message: new RegExp(`^${option}: `) })
})

test('with TLS the port is that of RFC 5425, without it that of syslog', () => {
  assert.equal(create({ mode: 'tls' }).destination, '127.0.0.1:6514')
  assert.equal(create({ mode: 'tcp', tls: 'on' }).destination, '127.0.0.1:6514')
  assert.equal(create({ mode: 'tcp' }).destination, '127.0.0.1:514')
  assert.equal(create({}).destination, '127.0.0.1:514')
})
