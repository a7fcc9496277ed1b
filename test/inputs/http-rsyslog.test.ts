import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ingesting } from '../support/http-ingest.js'
import { freePort } from '../support/ports.js'
import { noShippingRsyslog, RsyslogShipper } from '../support/rsyslog-shipper.js'
import { comesTrue } from '../support/shipping.js'

const half = 200

function lines(from: number): string[] {
  return Array.from({ length: half }, (_, n) => `<13>Nov 14 22:13:20 gw app: line ${from + n} "ü"`)
}

test(
  'rsyslog ships each line once, over an agent that is not there yet, and one that goes and comes back',
  { skip: noShippingRsyslog },
  async (t) => {
    const port = await freePort()
    const rsyslog = await RsyslogShipper.start(t, port)
    rsyslog.take(lines(0))
    await rsyslog.suspended()
    const first = await ingesting(t, { port, input: { tag: 'syslog' }, service: { grace: '5s' } })
    await comesTrue(() => first.events.length >= half, 'rsyslog ships what it has')
    await first.agent.stop()
    rsyslog.take(lines(half))
    const second = await ingesting(t, { port, service: { grace: '5s' } })
    await comesTrue(() => second.events.length >= half, 'rsyslog ships the rest')
    await second.agent.stop()
    const shipped = [...first.events, ...second.events]
    const messages = shipped.map(({ record }) => String(record['message']))
    assert.deepEqual(
      messages.toSorted(),
      [...lines(0), ...lines(half)].map((line) => line.slice(line.indexOf(' line'))).toSorted(),
    )
    const { tag, time, record } = first.events[0] ?? assert.fail()
    const year = new Date(time.seconds * 1000).getUTCFullYear()
    assert.deepEqual([tag, time.seconds], ['syslog', Date.UTC(year, 10, 14, 22, 13, 20) / 1000])
    assert.deepEqual([record['host'], record['program']], ['gw', 'app'])
    for (const { agent } of [first, second]) assert.deepEqual(agent.ledger.inputs['http.0']?.dropped, {})
  },
)
