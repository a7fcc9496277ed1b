import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { noMosquitto } from '../support/mosquitto.js'
import { type Chain, type ChainSetting, mqttChain } from '../support/mqtt-chain.js'
import { randomOf } from '../support/random.js'
import { within } from '../support/within.js'

const rounds = Number(process.env['SLUICE_CHAOS_ROUNDS'] ?? 3)
const seed = Number(process.env['SLUICE_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** Messages that are acknowledged before the devices fall silent. */
const fewest = 50

interface Case extends ChainSetting {
  readonly killed: readonly (keyof Chain['links'])[]
}

// mosquitto 2.0 forgets shared subscriptions when it is started anew, and what comes before a subscriber is back.
const cases: readonly Case[] = [
  { qos: 1, filter: 'out/#', killed: ['first', 'second', 'broker'] },
  { qos: 1, filter: '$share/gateways/out/#', killed: ['first', 'second'] },
  { qos: 2, filter: 'out/#', killed: ['first', 'second', 'broker'] },
]

for (const { killed, ...setting } of cases)
  test(
    `what devices are told is taken arrives, whoever on its way is killed (QoS ${setting.qos}, ${setting.filter})`,
    { skip: noMosquitto },
    async (t) => {
      t.diagnostic(`seed ${seed}`)
      const random = randomOf(seed)
      const { links, acknowledged, received, finish } = await mqttChain(t, setting)
      for (let round = 0; round < rounds; round++) {
        const name = killed[Math.floor(random() * killed.length)] ?? 'first'
        await sleep(random() * 300)
        await links[name].kill()
        await sleep(random() * 200)
        await links[name].start()
      }
      while (acknowledged.size < fewest) await sleep(20)
      await within(20_000, finish(), 'everything is acknowledged')
      const missing = (): number[] => [...acknowledged].filter((n) => !new Set(received()).has(n))
      const deadline = performance.now() + 20_000
      while (missing().length > 0 && performance.now() < deadline) await sleep(100)
      t.diagnostic(JSON.stringify({ acknowledged: acknowledged.size, received: received().length }))
      assert.deepEqual(missing(), [])
    },
  )
