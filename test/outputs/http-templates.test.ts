import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PartialError } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { failure, forever, httpParts, numbered, recordsOf, status } from '../support/http-output.js'

describe('a path and headers that events fill in', () => {
  const { outputTo, destination } = httpParts()

  test('bring events to the address that their fields and their tag name', async () => {
    const server = await destination()
    const output = await outputTo(server.port, { uri: '/in/$TAG[1]/$site?id=$id', format: 'json_lines' })
    const samples = [
      { tag: 'car.can0', record: { site: 'north', id: 1, n: 0 } },
      { tag: 'car.can0', record: { site: 'a/b ü?', id: 1, n: 1 } },
      { tag: 'car.can0', record: { site: 'north', id: 1, n: 2 } },
      { tag: 'car.can1', record: { site: 'north', id: 1, n: 3 } },
    ]
    await output.flush(batchOf(samples), forever)
    assert.deepEqual(
      server.requests.map((request) => [request.url, recordsOf(request).map(({ n }) => n)]),
      [
        ['/in/can0/north?id=1', [0, 2]],
        ['/in/can0/a%2Fb%20%C3%BC%3F?id=1', [1]],
        ['/in/can1/north?id=1', [3]],
      ],
    )
  })

  test('put values into headers, where what no header may hold is percent-encoded', async () => {
    const server = await destination()
    const header = { 'X-Device': 'dev-$id', 'X-Cost': '5 $$' }
    const output = await outputTo(server.port, { header, format: 'json_lines' })
    await output.flush(batchOf([{ record: { id: 'a\r\nb' } }, { record: { id: 7 } }, { record: {} }]), forever)
    assert.deepEqual(
      server.requests.map(({ headers }) => [headers['x-device'], headers['x-cost']]),
      [
        ['dev-a%0D%0Ab', '5 $'],
        ['dev-7', '5 $'],
        ['dev-', '5 $'],
      ],
    )
  })

  test('refuse an event that lacks what the path needs, and deliver the others', async () => {
    const server = await destination()
    const output = await outputTo(server.port, { uri: '/in/$id', format: 'json_lines' })
    const error = await failure(
      output.flush(batchOf([{ record: { id: 1 } }, { record: { other: 2 } }, { record: { id: 3 } }]), forever),
    )
    assert.ok(error instanceof PartialError)
    assert.deepEqual([...error.rejected], [[1, 'uri: the event lacks a field that "/in/$id" names']])
    assert.deepEqual(
      server.requests.map(({ url }) => url),
      ['/in/1', '/in/3'],
    )
  })

  test('are cut and tried again by address: what one took is not sent to it twice', async () => {
    const taken: string[] = []
    let fails = true
    const server = await destination((request, response) => {
      const records = recordsOf(request)
      if (records.length > 2) return status(413)(request, response)
      if (request.url === '/odd' && fails) return status(503)(request, response)
      taken.push(...records.map(({ n }) => `${request.url} ${Number(n)}`))
      status(200)(request, response)
    })
    const output = await outputTo(server.port, { uri: '/$kind', format: 'json_lines' })
    const samples = numbered(7).map(({ record: { n = 0 } }) => ({
      record: { n, kind: Number(n) % 2 === 0 ? 'even' : 'odd' },
    }))
    await failure(output.flush(batchOf(samples), forever))
    assert.deepEqual(taken.splice(0), ['/even 0', '/even 2', '/even 4', '/even 6'])
    fails = false
    await output.flush(batchOf(samples, 2), forever)
    assert.deepEqual(taken, ['/odd 1', '/odd 3', '/odd 5'])
  })

  test('are shown in errors as they were written', async () => {
    const server = await destination(status(503))
    const output = await outputTo(server.port, { uri: '/in/$id?key=secret' })
    const error = await failure(output.flush(batchOf([{ record: { id: 1 } }]), forever))
    assert.match(error.message, /^http:\/\/127\.0\.0\.1:\d+\/in\/\$id: answered 503$/)
  })
})
