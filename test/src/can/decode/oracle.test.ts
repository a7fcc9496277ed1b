import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { compileDecoders, emptyFrame, type MessageDecoder, parseDbc, slot } from '../../../../src/can/index.js'
import { hasOracle, oracleFiles, oracleNumber, type OracleRow } from '../../../support/can-oracle.js'

const skip = hasOracle ? false : 'the oracle is not beside the repository'

describe('real DBC files, each frame as two other decoders have it', { skip }, () => {
  for (const { name, dbc, rows } of hasOracle ? oracleFiles() : []) {
    test(name, () => {
      const decoders = compileDecoders([parseDbc(dbc, name)])
      assert.notEqual(rows.length, 0)
      for (const row of rows) checkRow(decodersOf(row, decoders), row)
    })
  }

  function decodersOf(row: OracleRow, decoders: ReturnType<typeof compileDecoders>): MessageDecoder {
    const frame = { ...emptyFrame(), id: row.id, extended: row.ext }
    frame.length = Buffer.from(row.data, 'hex').copy(frame.data)
    const decoder = decoders.find(frame)
    assert.ok(decoder, `no decoder for ${row.message}`)
    const before = decoders.counts.unknownSelectors
    decoder.decode(frame)
    assert.equal(decoders.counts.unknownSelectors - before, row.error === undefined ? 0 : 1, row.data)
    return decoder
  }
})

function checkRow(decoder: MessageDecoder, row: OracleRow): void {
  assert.equal(decoder.message.name, row.message)
  if (row.error !== undefined) return checkPlain(decoder, row)
  const { phys = {}, raw = {}, labels = {} } = row
  assert.deepEqual(Object.keys(decoder.record()).sort(), Object.keys(phys).sort())
  for (const [place, { name }] of decoder.signals.entries()) {
    if (decoder.states[place] === slot.absent) continue
    const what = `${row.data} ${name}`
    assertNear(decoder.valueAt(place), oracleNumber(phys[name] ?? 0), what)
    assertNear(decoder.rawAt(place), oracleNumber(raw[name] ?? 0), what)
    assert.equal(decoder.labelAt(place), labels[name], what)
  }
}

/** Where the selector names no group, all signals that are there without one are given. */
function checkPlain(decoder: MessageDecoder, { data }: OracleRow): void {
  const given = Object.keys(decoder.record())
  for (const { name, selector } of decoder.signals) if (!selector) assert.ok(given.includes(name), `${data} ${name}`)
}

function assertNear(got: number | bigint | null | undefined, wanted: number | bigint, what: string): void {
  if (typeof got !== 'number' || typeof wanted !== 'number' || Number.isNaN(wanted))
    return assert.deepEqual(typeof wanted === 'bigint' ? BigInt(got ?? 0) : got, wanted, what)
  assert.ok(got === wanted || Math.abs(got - wanted) <= 1e-9 * Math.abs(wanted), `${what}: ${got}, not ${wanted}`)
}
