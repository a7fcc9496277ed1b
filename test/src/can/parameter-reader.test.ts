import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type ObdLink, ParameterReader } from '../../../src/can/index.js'

/** ECUs by their names, and what they answer to requests, all in hexadecimal. */
function linkTo(ecus: { readonly [ecu: string]: { readonly [request: string]: string } }): ObdLink {
  return {
    request(request) {
      const asked = Buffer.from(request).toString('hex').toUpperCase()
      const said = Object.entries(ecus).flatMap(([ecu, answers]) => {
        const answer = answers[asked]
        return answer === undefined ? [] : [{ ecu, payload: new Uint8Array(Buffer.from(answer, 'hex')) }]
      })
      return Promise.resolve(said)
    },
  }
}

it('a parameter that several ECUs refuse is told of once a request, with all of them', async () => {
  // Each has the parameters 0C and 0D.
  const supported = '410000180000'
  const link = linkTo({
    '7E8': { '0100': supported, '010C': '7F0112', '010D': '410D21' },
    '7E9': { '0100': supported, '010C': '7F0112', '010D': '410D22' },
  })
  const refused: unknown[] = []
  const reader = new ParameterReader(link, {
    refused: (pid, ecus) => void refused.push([pid, ecus]),
    silent: () => undefined,
  })
  assert.deepEqual(await reader.learn(), [0x0c, 0x0d])
  for (const _ of [1, 2]) assert.deepEqual([...(await reader.read([0x0c, 0x0d])).keys()], ['7E8', '7E9'])
  assert.deepEqual(refused, [['0C', ['7E8', '7E9']]])
})
