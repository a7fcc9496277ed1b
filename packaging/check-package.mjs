// Packs the program as npm would publish it, installs that into an empty folder, and uses it there: as a command, and as types.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'sluice-package-'))

const program = `
import { Agent } from 'sluice'
import { defineService } from 'sluice/http'
import { defineInput, every, scheduled } from 'sluice/plugin'

export const build: typeof Agent.build = Agent.build
export default defineInput({
  summary: 'Counts.',
  options: { ...scheduled },
  full: 'wait',
  create: ({ interval, tag }, context) => every(interval, context, () => void context.emit(tag, { n: 1 })),
})
export const panel = defineService<{ unit: string }>({
  routes: {
    'GET /:id': ({ params, query }, { latest, options }) => [params['id'], query.get('q'), latest.get('a')?.record, options.unit.length],
    // @ts-expect-error there is no such way to answer
    'GET /': (call) => call.jsno(1),
  },
  sockets: { '/live': { open: (socket, { options }) => socket.send(options.unit) } },
  timers: { 'every 5s': ({ broadcast, options }) => broadcast('/live', options.unit) },
})
`

try {
  run('npm', ['run', '--silent', 'prepack'])
  const packed = run('npm', ['pack', '--silent', '--json', '--ignore-scripts', '--pack-destination', folder])
  const [{ filename, files, size }] = JSON.parse(packed)
  expectNone(files.filter(({ path }) => /\.(test|map|ts)\b|^test|^bench/.test(path.replace(/\.d\.ts$/, ''))))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', join(folder, filename)], folder)
  expect(run('npx', ['--no-install', 'sluice', '--version'], folder), version)
  expect(run('npx', ['--no-install', 'sluice', 'plugins'], folder), 'forward')
  writeFileSync(join(folder, 'program.ts'), program)
  const types = ['--typeRoots', resolve('node_modules/@types'), '--types', 'node']
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', ...types, 'program.ts']
  run(resolve('node_modules/.bin/tsc'), options, folder)
  console.log(`${filename}: ${files.length} files, ${Math.round(size / 1024)} KiB; installs, runs and type-checks`)
} finally {
  rmSync(folder, { recursive: true })
}

function run(command, args, cwd = process.cwd()) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

function expect(text, part) {
  if (!text.includes(part)) throw new Error(`expected the output to have "${part}", got "${text}"`)
}

function expectNone(files) {
  if (files.length > 0) throw new Error(`not for users: ${files.map(({ path }) => path).join(', ')}`)
}
