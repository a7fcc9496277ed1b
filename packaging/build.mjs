// Compiles every TypeScript file to dist/, one file for one file, then the options' validators beside their plugins.
import { build } from 'esbuild'
import { globSync } from './glob.mjs'
import { rmSync } from 'node:fs'

const rooms = ['src', 'inputs', 'outputs', 'filters', 'codecs', 'test', 'bench']

if (process.argv.includes('--clean')) rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: rooms.flatMap((room) => globSync(room, '.ts')),
  outdir: 'dist',
  outbase: '.',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  sourcemap: 'linked',
  logLevel: 'warning',
})
