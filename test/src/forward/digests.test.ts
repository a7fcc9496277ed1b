import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passwordDigest, sameDigest, sharedKeyDigest } from '../../../src/forward/index.js'

test('the digests are those that sha512sum makes of the same parts', () => {
  const ofKey =
    '84293b8265f4b155796483ce739b6a9cbfb88908786a2e1605aab6f0ab26e124ed38431fe494b8745e5f0aacbd5bf02cc230157cd620e64d00c4e754275c1ec4'
  const ofPassword =
    '7e9223ca4b94fd4ac777d3928fa140b036c186e31a6b397907ae96db320b1ecefbdef809ae83d8a744f8a96a461cd89d39aa36350b876c9f639a66b761af2537'
  assert.equal(sharedKeyDigest('salt', 'client.example.net', 'nonce', 'secret'), ofKey)
  assert.equal(sharedKeyDigest(Buffer.from('salt'), 'client.example.net', Buffer.from('nonce'), 'secret'), ofKey)
  assert.equal(passwordDigest('authsalt', 'alice', 'pw'), ofPassword)
})

test('digests are the same only when every character is', () => {
  const digest = sharedKeyDigest('s', 'h', 'n', 'k')
  assert.ok(sameDigest(digest, sharedKeyDigest('s', 'h', 'n', 'k')))
  assert.ok(!sameDigest(digest, sharedKeyDigest('s', 'h', 'n', 'K')))
  for (const other of ['', digest.slice(1), `${digest}0`, digest.toUpperCase()]) assert.ok(!sameDigest(other, digest))
})
