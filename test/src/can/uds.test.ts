import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UdsClient } from '../../../src/can/uds/client.js'
import { dataRequest, readData } from '../../../src/can/uds/data-identifiers.js'
import { refusalText } from '../../../src/can/uds/refusals.js'
import {
  dtcRequest,
  extendedDataRequest,
  readDtcCount,
  readDtcs,
  readExtendedData,
  supportedDtcRequest,
} from '../../../src/can/uds/trouble-codes.js'
import { bytesOf, hexOf } from '../../support/can-frames.js'
import { FakeClock, settle } from '../../support/fake-clock.js'

describe('UDS messages', () => {
  it('ask for data, and read it', () => {
    assert.equal(hexOf(dataRequest(0xf190)), '22F190')
    assert.equal(hexOf(readData(bytesOf('62F19057304C'), 0xf190)), '57304C')
    assert.throws(() => readData(bytesOf('62F18C57304C'), 0xf190), { code: 'CAN_UDS_MALFORMED' })
  })

  it('ask for trouble codes, and read them with their status', () => {
    assert.deepEqual([dtcRequest('count', 0x2f), dtcRequest('byStatus', 0x08), supportedDtcRequest()].map(hexOf), [
      '19012F',
      '190208',
      '190A',
    ])
    assert.equal(readDtcCount(bytesOf('59012F010102')), 258)
    assert.deepEqual(readDtcs(bytesOf('5902FF 0A9B17 24 080511 2F')), [
      { code: 'P0A9B-17', status: ['pending', 'test_failed_since_clear'] },
      {
        code: 'P0805-11',
        status: ['test_failed', 'test_failed_this_cycle', 'pending', 'confirmed', 'test_failed_since_clear'],
      },
    ])
    assert.deepEqual(readDtcs(bytesOf('590A7F D2301C 80')), [
      { code: 'U1230-1C', status: ['warning_indicator_requested'] },
    ])
    assert.deepEqual(readDtcs(bytesOf('5902FF')), [])
  })

  it('ask for what else is known of a code', () => {
    assert.equal(hexOf(extendedDataRequest(0x123456, 5)), '190612345605')
    const data = readExtendedData(bytesOf('5906 123456 24 05 17'))
    assert.deepEqual([data.dtc.code, data.record, hexOf(data.data)], ['P1234-56', 5, '17'])
    assert.equal(readExtendedData(bytesOf('5906 123456 24')).record, undefined)
  })

  it('are refused where they are of something else', () => {
    const reads = [readDtcCount, readDtcs, readExtendedData]
    for (const read of reads) assert.throws(() => read(bytesOf('5904FF')), { code: 'CAN_UDS_MALFORMED' })
    assert.throws(() => readDtcCount(bytesOf('59012F01')), { code: 'CAN_UDS_MALFORMED' })
  })

  it('say why an ECU refuses, in words', () => {
    assert.equal(refusalText(0x31), 'request out of range')
    assert.equal(refusalText(0x0a), 'reason 0x0A')
  })
})

describe('UDS client', () => {
  function asking(send: (payload: Uint8Array) => Promise<void> = async () => undefined) {
    const clock = new FakeClock()
    return { clock, client: new UdsClient({ clock, send, mostPending: 2 }) }
  }
  const pending = bytesOf('7F2278')

  it('gives the answer to a request, not what else comes', async () => {
    const { client, clock } = asking()
    client.take(bytesOf('62F190'))
    const answer = client.request(dataRequest(0xf190))
    for (const other of ['5902FF', '7F1931', '7F']) client.take(bytesOf(other))
    client.take(bytesOf('62F19041'))
    assert.equal(hexOf(await answer), '62F19041')
    assert.equal(clock.waiting, 0)
  })

  it('waits as long as an ECU has to answer, and longer where it asks for it', async () => {
    const { client, clock } = asking()
    const silent = assert.rejects(client.request(dataRequest(0xf190)), { code: 'CAN_UDS_TIMEOUT' })
    await clock.advance(150)
    await silent
    const answer = client.request(dataRequest(0xf190))
    await clock.advance(149)
    client.take(pending)
    await clock.advance(5099)
    client.take(pending)
    await clock.advance(5099)
    client.take(bytesOf('62F19041'))
    assert.equal(hexOf(await answer), '62F19041')
  })

  it('does not wait for ever', async () => {
    const { client } = asking()
    const failed = assert.rejects(client.request(dataRequest(0xf190)), { code: 'CAN_UDS_REFUSED', message: /pending/ })
    for (let n = 0; n < 3; n++) client.take(pending)
    await failed
  })

  it('says why the ECU refuses', async () => {
    const { client } = asking()
    const failed = assert.rejects(client.request(dataRequest(0xf190)), {
      code: 'CAN_UDS_REFUSED',
      message: 'uds: the ECU refuses service 0x22: security access denied',
    })
    client.take(bytesOf('7F2233'))
    await failed
  })

  it('asks one thing at a time, and fails where it cannot ask', async () => {
    const { client } = asking()
    const closed = assert.rejects(client.request(dataRequest(0xf190)), { code: 'CAN_CLOSED' })
    await assert.rejects(client.request(dataRequest(0xf190)), { code: 'CAN_UDS_BUSY' })
    client.close()
    await closed
    const broken = asking(() => Promise.reject(new Error('bus off')))
    await assert.rejects(broken.client.request(dataRequest(0xf190)), /bus off/)
    await settle()
    assert.equal(broken.clock.waiting, 0)
  })
})
