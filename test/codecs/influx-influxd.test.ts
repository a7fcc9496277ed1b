import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import influx from '../../codecs/influx/index.js'
import { AgentError, type Codec } from '../../src/plugin/index.js'
import { codecOf, textOf } from '../support/codec.js'
import { startInfluxd } from '../support/influxd.js'
import { peer } from '../support/peers.js'

const bodies = [
  ...[
    '1',
    '-1',
    '.5',
    '5.',
    '-.5',
    '1e5',
    '1E+5',
    '1i',
    '-7i',
    't',
    'True',
    '"a"',
    '"a\\"b"',
    '"a\\\\"',
    '"a\nb"',
    '00012',
  ],
  ...['+1', '+1i', '1e', '1e400', '-', '.', 'tRUE', 'NaN', 'inf', '"a', 'a', '', 'a"b"', '0x1', '1_0', '1e5i'],
  ...['9223372036854775807i', '9223372036854775808i', '1,', '1,,g=2', '1, g=2', '1,f=2', '"a",g="x=,y" 5'],
  ...['1  5', '1 5 ', '1 5 6', '1 x', '1 1.5', '"a" 5', '1 9223372036854775808', '1\t5', '1 #x'],
].map((field) => `m f=${field}`)

const heads = [
  ...['m', 'm f', 'm ', ',t=v f=1', 'm =1', ' m f=1', '\tm f=1', 'm  f=1', 'm\tf=1', 'm\\,x f=1', 'm=x f=1', '"m" f=1'],
  ...[',t', ',t=', ',=v', ',t=v,t=w', ',t=,u=1', ',t=v\\', ',t=v\\\\', ',t="a b"', ',t=a=b'].map(
    (tags) => `m${tags} f=1`,
  ),
  ...[',t=v', ',t=\\,', ',t=a\\=b', ',t=a\\ b', ',t="a"', ',a\\ b=c'].map((tags) => `m${tags} f=1`),
  ...['# c', '\\#m f=1', 'a f=1\nb f=2', 'a f=1\n\n# c\nb f=2 5', 'a f=1\nb'],
]

describe('the influx codec and InfluxDB 1', { skip: peer('influxd').skip }, () => {
  test('take the same bodies and refuse the same', async (t) => {
    const url = await startInfluxd(t)
    const codec = codecOf(influx)
    const verdicts = new Set<boolean>()
    for (const body of [...bodies, ...heads]) {
      const taken = takes(codec, body)
      assert.equal(taken, await parses(url, body), JSON.stringify(body))
      verdicts.add(taken)
    }
    assert.equal(verdicts.size, 2)
  })

  test('agree on what was written', async (t) => {
    const url = await startInfluxd(t)
    const record = {
      measurement: 'my, m=1',
      tags: { 'a tag': 'x,y=z \\w' },
      fields: { text: '"q"\n\\', 'whole n': 3, count: 2n ** 53n + 1n, on: true },
    }
    const body = textOf(codecOf(influx), [record])
    assert.equal((await fetch(`${url}/write?db=db`, { method: 'POST', body })).status, 204)
    const query = encodeURIComponent('SELECT * FROM /.*/')
    const { results } = (await (await fetch(`${url}/query?db=db&epoch=ns&q=${query}`)).json()) as Answer
    const [series] = results[0]?.series ?? []
    assert.equal(series?.name, 'my, m=1')
    const values = Object.fromEntries(series.columns.map((column, index) => [column, series.values[0]?.[index]]))
    assert.deepEqual(values, {
      time: 1_700_000_000_000_000_000,
      'a tag': 'x,y=z \\w',
      text: '"q"\n\\',
      'whole n': 3,
      count: Number(2n ** 53n + 1n),
      on: true,
    })
  })

  test('keep every event of one moment where a sequence tag tells them apart, and the last where none does', async (t) => {
    const url = await startInfluxd(t)
    const records = [
      { bus: 'can0', n: 1 },
      { bus: 'can0', n: 2 },
      { bus: 'can1', n: 3 },
    ]
    const values: unknown[] = []
    for (const sequence_tag of ['off', '_seq']) {
      const codec = codecOf(influx, {
        auto_tags: true,
        measurement: `m_${sequence_tag}`,
        sequence_tag,
        precision: 'ms',
      })
      const body = textOf(codec, records)
      assert.equal((await fetch(`${url}/write?db=db&precision=ms`, { method: 'POST', body })).status, 204)
      const query = encodeURIComponent(`SELECT n FROM m_${sequence_tag} GROUP BY bus`)
      const { results } = (await (await fetch(`${url}/query?db=db&epoch=ms&q=${query}`)).json()) as Answer
      values.push(results[0]?.series?.map((series) => series.values))
    }
    const at = 1_700_000_000_000
    assert.deepEqual(values, [
      [[[at, 2]], [[at, 3]]],
      [
        [
          [at, 1],
          [at, 2],
        ],
        [[at, 3]],
      ],
    ])
  })
})

interface Answer {
  readonly results: readonly {
    readonly series?: readonly {
      readonly name: string
      readonly columns: readonly string[]
      readonly values: readonly (readonly unknown[])[]
    }[]
  }[]
}

function takes(codec: Codec, body: string): boolean {
  try {
    return [...(codec.parse?.(Buffer.from(body)) ?? [])].length >= 0
  } catch (error) {
    assert.ok(error instanceof AgentError)
    return false
  }
}

/** A body that it can read but not keep, as where a field changes its type, is one that it takes. */
async function parses(url: string, body: string): Promise<boolean> {
  const answer = await fetch(`${url}/write?db=db`, { method: 'POST', body })
  const text = await answer.text()
  return answer.ok || text.includes('field type conflict')
}
