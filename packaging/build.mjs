// Compiles every TypeScript file to dist/, one file for one file, and the options of every plugin to a validator. Without --clean, dist keeps what is still of use.
import { rmSync } from 'node:fs'
import { build } from 'esbuild'
import { filesBelow } from './glob.mjs'
import { removeStale } from './stale.mjs'
import { buildValidators } from './validators.mjs'

const rooms = ['src', 'inputs', 'outputs', 'filters', 'codecs', 'stages', 'test', 'bench']
const outdir = 'dist'

if (process.argv.includes('--clean')) rmSync(outdir, { recursive: true, force: true })
await build({
  entryPoints: rooms.flatMap((room) => filesBelow(room, '.ts')),
  outdir,
  outbase: '.',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  sourcemap: 'linked',
  logLevel: 'warning',
})
removeStale(outdir)
for (const broken of await buildValidators(outdir)) console.warn(`no validator for ${broken}`)
