import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'

import { startAdmin } from '../../support/admin.js'
import { folderOf } from '../../support/folder.js'
import { peer } from '../../support/peers.js'
import { freePort } from '../../support/ports.js'
import { startProcess } from '../../support/process.js'

const { path: prometheus, skip } = peer('prometheus')

interface Target {
  readonly health: string
  readonly lastError: string
}

it('a real Prometheus takes the metrics, which it asks for as OpenMetrics, with a token', { skip }, async (t) => {
  const at = await startAdmin(t, { service: { 'admin.token': 'open sesame' } })
  const config = `
global: {scrape_interval: 1s}
scrape_configs:
  - {job_name: sluice, static_configs: [{targets: ['${at}']}], authorization: {credentials: open sesame}}
`
  const folder = folderOf(t, { 'prometheus.yml': config })
  const port = await freePort()
  const server = await startProcess(
    prometheus,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { ready: port },
  )
  t.after(() => server.stop('SIGKILL'))
  const asked = async (path: string): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)
    return answer.ok ? ((await answer.json()) as { readonly data: unknown }).data : undefined
  }
  let target: Target | undefined
  await server.until(async () => {
    const found = (await asked('targets')) as { readonly activeTargets: readonly Target[] } | undefined
    target = found?.activeTargets[0]
    return target !== undefined && target.health !== 'unknown'
  }, 'it has asked once')
  assert.deepEqual([target?.health, target?.lastError], ['up', ''])
  const metadata = (await asked('metadata?metric=sluice_uptime_seconds')) as object
  assert.deepEqual(metadata, {
    sluice_uptime_seconds: [{ type: 'gauge', help: 'How long the agent has run.', unit: 'seconds' }],
  })
})
