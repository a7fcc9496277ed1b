import { FluentServer } from '@fluent-org/logger'
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import forward from '../../outputs/forward/index.js'
import mqtt from '../../outputs/mqtt/index.js'
import type { Output } from '../../src/plugin/define.js'
import { batchOf } from '../support/batch.js'
import { Certificate, noOpenssl } from '../support/certificate.js'
import { Mosquitto, noMosquitto } from '../support/mosquitto.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'

const forever = new AbortController().signal
const batch = batchOf([{ record: { n: 1 } }])

describe('outputs over TLS', { skip: noOpenssl }, () => {
  let certificate: Certificate

  before(() => {
    certificate = new Certificate()
  })
  after(() => certificate.remove())

  /** Trusted by its name, refused by another or without the authority. */
  async function isChecked(make: (options: object) => Output | Promise<Output>): Promise<void> {
    const flush = async (options: object): Promise<void> => {
      const output = await make({ tls: 'on', ...options })
      try {
        await output.flush(batch, forever)
      } finally {
        await output.close?.()
      }
    }
    const trusted = { 'tls.ca_file': certificate.file }
    await assert.rejects(flush({ host: 'localhost' }), /self-signed certificate/)
    await assert.rejects(flush({ host: '127.0.0.1', ...trusted }), /does not match/)
    await flush({ host: 'localhost', ...trusted })
    await flush({ host: '127.0.0.1', 'tls.vhost': 'localhost', ...trusted })
    await flush({ host: '127.0.0.1', 'tls.verify': 'off' })
  }

  test('forward checks who the server is, and delivers', async () => {
    const server = new FluentServer({ tlsOptions: certificate.pem })
    await server.listen()
    let arrived = 0
    server.on('entry', () => arrived++)
    await isChecked((options) =>
      forward.create(optionsOf(forward, { port: server.port, ...options }), new RecordingOutputContext()),
    )
    await server.close()
    assert.equal(arrived, 3)
  })

  test('mqtt checks who the broker is, and delivers', { skip: noMosquitto }, async () => {
    const { file, keyFile } = certificate
    const broker = await Mosquitto.start([`certfile ${file}`, `keyfile ${keyFile}`])
    await isChecked((options) =>
      mqtt.create(optionsOf(mqtt, { port: broker.port, ...options }), new RecordingOutputContext()),
    )
    await broker.end()
    assert.equal(broker.output.split('Received PUBLISH').length - 1, 3)
  })
})
