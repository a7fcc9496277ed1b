import assert from 'node:assert/strict'
import { join, relative } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'

import { byteRange } from '../../../stages/static/byte-range.js'
import { acceptedEncodings } from '../../../stages/static/encodings.js'
import { askedOf } from '../../../stages/static/file-path.js'
import { mediaTypes } from '../../../stages/static/media-types.js'
import { failedCondition, rangeApplies } from '../../../stages/static/preconditions.js'

describe('the path of a file', () => {
  test('names are decoded once', () => {
    assert.deepEqual(askedOf('/a/b%20c/%252e%252e/caf%C3%A9'), {
      names: ['a', 'b c', '%2e%2e', 'café'],
      isFolder: false,
    })
    assert.deepEqual(askedOf('/a/'), { names: ['a'], isFolder: true })
    assert.deepEqual(askedOf('/'), { names: [], isFolder: true })
    assert.deepEqual(askedOf(''), { names: [], isFolder: false })
  })

  test('nothing but names is taken for one', () => {
    const traps = [
      '*',
      'a',
      '/..',
      '/a/../b',
      '/%2e%2e/b',
      '/.%2E/b',
      '/./a',
      '//a',
      '/a//b',
      '/a%2fb',
      '/a%5cb',
      '/a\\b',
      '/a%00.html',
      '/%ff',
      '/%',
    ]
    for (const path of traps) assert.equal(askedOf(path), undefined, path)
  })

  test('whatever is asked for, it stays below the root', () => {
    const pieces = fc.constantFrom(
      '.',
      '..',
      '/',
      '%2e',
      '%2E',
      '%2f',
      '%5c',
      '\\',
      '%00',
      '%25',
      '2e',
      'a',
      '%c0%ae',
      '..%2f',
      '~',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const asked = askedOf(`/${parts.join('')}`)
        if (!asked) return
        const way = relative('/srv/www', join('/srv/www', ...asked.names))
        assert.ok(!way.split('/').includes('..'), way)
        assert.equal(way.split('/').filter(Boolean).length, asked.names.length)
      }),
      { numRuns: 20_000 },
    )
  })
})

test('a range is what RFC 9110 has of one, and what may be passed over is', () => {
  const ranges: readonly (readonly [string | undefined, number, unknown])[] = [
    ['bytes=0-0', 10, { first: 0, end: 1 }],
    ['bytes=2-5', 10, { first: 2, end: 6 }],
    ['bytes=2-', 10, { first: 2, end: 10 }],
    ['bytes=2-99', 10, { first: 2, end: 10 }],
    ['bytes=-3', 10, { first: 7, end: 10 }],
    ['bytes=-99', 10, { first: 0, end: 10 }],
    ['bytes=-0', 10, 'none'],
    ['bytes=10-', 10, 'none'],
    ['bytes=0-', 0, 'none'],
    ['bytes=-1', 0, 'none'],
    ['bytes=99999999999999999999-', 10, 'none'],
    ['bytes=5-2', 10, undefined],
    ['bytes=-', 10, undefined],
    ['bytes=0-1,3-4', 10, undefined],
    ['lines=0-1', 10, undefined],
    ['bytes=a-b', 10, undefined],
    [undefined, 10, undefined],
  ]
  for (const [header, size, expected] of ranges) assert.deepEqual(byteRange(header, size), expected, header)
})

test('every range is within the file', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.option(fc.nat(60)), fc.option(fc.nat(60)), (size, from, to) => {
      const range = byteRange(`bytes=${from ?? ''}-${to ?? ''}`, size)
      if (typeof range !== 'object') return
      assert.ok(range.first >= 0 && range.first < range.end && range.end <= size)
    }),
  )
})

test('conditions are asked in their order', () => {
  const validators = { etag: '"a"', modified: Date.UTC(2026, 0, 1) / 1000 }
  const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toUTCString()
  const conditions: readonly (readonly [{ readonly [name: string]: string }, unknown])[] = [
    [{}, undefined],
    [{ 'if-none-match': '"a"' }, 304],
    [{ 'if-none-match': 'W/"a"' }, 304],
    [{ 'if-none-match': '"x", "a"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"b"' }, undefined],
    [{ 'if-none-match': '"b"', 'if-modified-since': at(5) }, undefined],
    [{ 'if-modified-since': at(0) }, 304],
    [{ 'if-modified-since': at(-1) }, undefined],
    [{ 'if-modified-since': 'yesterday' }, undefined],
    [{ 'if-match': '"a"' }, undefined],
    [{ 'if-match': '*' }, undefined],
    [{ 'if-match': 'W/"a"' }, 412],
    [{ 'if-match': '"b"', 'if-none-match': '"a"' }, 412],
    [{ 'if-unmodified-since': at(-1) }, 412],
    [{ 'if-unmodified-since': at(0) }, undefined],
  ]
  for (const [headers, expected] of conditions)
    assert.equal(failedCondition(headers, validators), expected, JSON.stringify(headers))
  assert.deepEqual(
    [undefined, '"a"', '"b"', 'W/"a"', at(0), at(1), 'x'].map((header) => rangeApplies(header, validators)),
    [true, true, false, false, true, false, false],
  )
})

test('a client gets the coding that it takes, the one that it would rather have if it says so', () => {
  const accepted: readonly (readonly [string | undefined, readonly string[]])[] = [
    ['gzip, deflate, br', ['br', 'gzip']],
    ['gzip;q=0.5', ['gzip']],
    ['GZIP ; Q=1', ['gzip']],
    ['br;q=0, *', ['gzip']],
    ['br;q=0.1, gzip;q=1.0', ['gzip', 'br']],
    ['br;q=0.1, *;q=0.5', ['gzip', 'br']],
    ['identity, gzip;q=0.5', []],
    ['identity;q=0.5, br;q=0.4, gzip;q=0.5', ['gzip']],
    ['*;q=0', []],
    ['identity', []],
    ['', []],
    [undefined, []],
  ]
  for (const [header, expected] of accepted) assert.deepEqual(acceptedEncodings(header), expected, header)
})

test('the type is that of the ending, which the user may say otherwise', () => {
  const typeOf = mediaTypes({ dbc: 'text/plain', '.JSON': 'application/ld+json' })
  assert.equal(typeOf('a/index.HTML'), 'text/html; charset=utf-8')
  assert.equal(typeOf('car.dbc'), 'text/plain; charset=utf-8')
  assert.equal(typeOf('x.json'), 'application/ld+json')
  assert.equal(typeOf('logo.svg'), 'image/svg+xml')
  for (const name of ['README', 'constructor', 'a.unknown']) assert.equal(typeOf(name), 'application/octet-stream')
})
