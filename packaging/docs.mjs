// Makes the generated pages from the built program: `npm run docs`. With --check it writes nothing, names every page that is
// not as it should be, and fails where there is one.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileSchema } from '../dist/src/config/schema.js'
import { adminPage, metricsPage } from './docs/admin.mjs'
import { errorsPage } from './docs/error-codes.mjs'
import { difference } from './docs/page.mjs'
import { allPlugins, pluginPages } from './docs/plugins.mjs'

const plugins = await allPlugins()
const pages = pluginPages(plugins)
pages.set('docs/reference/errors.md', errorsPage())
pages.set('docs/admin.md', adminPage())
pages.set('docs/metrics.md', metricsPage())
pages.set('docs/reference/sluice.schema.json', `${JSON.stringify(fileSchema(plugins), undefined, 2)}\n`)

if (process.argv.includes('--check')) check()
else write()

function check() {
  const stale = [...pages].map(([path, text]) => difference(path, text)).filter((line) => line !== undefined)
  if (stale.length === 0) return
  console.error(`${stale.join('\n')}\nnot as the source has it; run npm run docs`)
  process.exitCode = 1
}

function write() {
  for (const [path, text] of pages) {
    if (difference(path, text) === undefined) continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    console.log(path)
  }
}
