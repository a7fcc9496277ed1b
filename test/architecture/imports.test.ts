import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { root, type SourceFile, sourceFiles, type SourceImport } from '../support/source-tree.js'

const plugin = ['event', 'base']
const abovePlugin = ['plugin', ...plugin]
const log = ['observe', 'host', ...abovePlugin]
const engine = [
  'flush',
  'log',
  'route',
  'registry',
  'config',
  'parse',
  'admin',
  'http',
  'net',
  'observe',
  'host',
  ...abovePlugin,
]

/** Which rooms of src/ a room may import: the table of docs/architecture.md, written out. */
const rooms: { readonly [room: string]: readonly string[] } = {
  base: [],
  host: [],
  can: abovePlugin,
  'can-bus': ['can', 'serial', 'net', 'libc', ...abovePlugin],
  serial: ['libc', ...abovePlugin],
  framing: abovePlugin,
  layout: abovePlugin,
  expression: abovePlugin,
  gnss: abovePlugin,
  modbus: ['framing', 'net', 'serial', ...abovePlugin],
  libc: abovePlugin,
  event: ['base'],
  observe: ['base'],
  plugin,
  parse: abovePlugin,
  route: abovePlugin,
  net: abovePlugin,
  files: abovePlugin,
  mqtt: ['net', ...abovePlugin],
  sparkplug: ['protobuf', ...abovePlugin],
  protobuf: plugin,
  snappy: ['base'],
  forward: abovePlugin,
  otlp: ['protobuf', ...abovePlugin],
  http: ['net', ...abovePlugin],
  'http-client': ['net', 'snappy', ...abovePlugin],
  ingest: ['http', 'net', 'snappy', ...abovePlugin],
  databases: ['http', 'net', ...abovePlugin],
  log,
  flush: ['log', ...log],
  registry: ['config', 'http', ...abovePlugin],
  config: ['registry', 'http', 'net', 'route', ...abovePlugin],
  admin: ['http', 'net', 'route', ...log],
  engine,
  cli: ['engine', 'can', 'can-bus', 'serial', 'libc', ...engine],
}

/** npm packages that a room may load with itself; all others are imported when they are needed. */
const packagesOf: { readonly [room: string]: readonly string[] } = {
  config: ['ajv', 'js-yaml'],
}

const publicRooms = [
  'plugin',
  'net',
  'files',
  'http',
  'http-client',
  'ingest',
  'databases',
  'host',
  'can',
  'protobuf',
  'snappy',
  'forward',
  'mqtt',
  'otlp',
  'sparkplug',
  'can-bus',
  'serial',
  'framing',
  'layout',
  'expression',
  'gnss',
  'modbus',
  'libc',
].map((room) => `sluice/${room}`)
const pluginFolders = ['inputs', 'filters', 'outputs', 'codecs', 'stages']
const core = sourceFiles('src')
const plugins = sourceFiles(...pluginFolders)

test('there are files to look at', () => {
  assert.ok(core.length > 50)
  assert.ok(plugins.length > 20)
})

test('a room of src/ imports only the rooms below it', () => {
  assert.deepEqual(
    breaches(core, (file, { target }) => !target.startsWith('src/') || mayEnter(file, target)),
    [],
  )
})

test('src/ never imports a plugin, nor the program by its public names', () => {
  const isOutside = ({ target }: SourceImport): boolean =>
    target.startsWith('sluice') || pluginFolders.some((folder) => target.startsWith(`${folder}/`))
  assert.deepEqual(
    breaches(core, (_file, found) => !isOutside(found)),
    [],
  )
})

test('src/ loads an npm package with itself only where the table says so', () => {
  const mayLoad = (file: SourceFile, found: SourceImport): boolean =>
    !isPackage(found.target) ||
    found.isLazy ||
    found.isType ||
    (packagesOf[roomOf(file.path)] ?? []).includes(found.target)
  assert.deepEqual(breaches(core, mayLoad), [])
})

test('a plugin imports the public rooms, its own folder and Node; its npm package when it is needed', () => {
  const mayImport = (file: SourceFile, { target, isType, isLazy }: SourceImport): boolean =>
    publicRooms.includes(target) ||
    isBuiltin(target) ||
    target.startsWith(`${folderOf(file.path)}/`) ||
    (isPackage(target) && (isType || isLazy))
  assert.deepEqual(breaches(plugins, mayImport), [])
})

test('every npm package that is imported is a dependency, and every dependency is imported', () => {
  const { dependencies, optionalDependencies } = packageJson()
  const known = Object.keys({ ...dependencies, ...optionalDependencies })
  const isOf = ({ target }: SourceImport, name: string): boolean => target === name || target.startsWith(`${name}/`)
  const files = [...core, ...plugins]
  assert.deepEqual(
    breaches(files, (_file, found) => !isPackage(found.target) || known.some((name) => isOf(found, name))),
    [],
  )
  const imports = files.flatMap((file) => file.imports)
  assert.deepEqual(
    known.filter((name) => !imports.some((found) => isOf(found, name))),
    [],
  )
})

test('no import leads back to where it came from', () => {
  const files = new Map([...core, ...plugins].map((file) => [file.path, file]))
  assert.deepEqual(
    [...files.keys()].flatMap((path) => cycleThrough(path, files)),
    [],
  )
})

test('a start without servers loads nothing of the HTTP stack', () => {
  const loaded = loadedWith('src/cli/run.ts', new Map(core.map((file) => [file.path, file])))
  assert.ok(loaded.has('src/engine/servers.ts'))
  assert.deepEqual(
    [...loaded].filter((path) => path.startsWith('src/http/')),
    [],
  )
})

/** All files that are loaded with one, as far as nobody asks for more. */
function loadedWith(path: string, files: ReadonlyMap<string, SourceFile>, loaded = new Set<string>()): Set<string> {
  if (loaded.has(path)) return loaded
  loaded.add(path)
  for (const { target, isType, isLazy } of files.get(path)?.imports ?? [])
    if (!isType && !isLazy && files.has(target)) loadedWith(target, files, loaded)
  return loaded
}

/** `from -> to` of every import that the rule does not allow. */
function breaches(files: readonly SourceFile[], allows: (file: SourceFile, found: SourceImport) => boolean): string[] {
  return files.flatMap((file) =>
    file.imports.filter((found) => !allows(file, found)).map((found) => `${file.path} -> ${found.target}`),
  )
}

/** src/index.ts is the library's surface: it shows what it likes. */
function mayEnter(file: SourceFile, target: string): boolean {
  const from = roomOf(file.path)
  return file.path === 'src/index.ts' || from === roomOf(target) || (rooms[from] ?? []).includes(roomOf(target))
}

function roomOf(path: string): string {
  return path.split('/')[1] ?? ''
}

function folderOf(path: string): string {
  return path.split('/').slice(0, 2).join('/')
}

/** Not Node's, not a file of ours, not one of our public names. */
function isPackage(target: string): boolean {
  const isOurs = [...pluginFolders, 'src', 'sluice'].some((name) => target === name || target.startsWith(`${name}/`))
  return !isOurs && !isBuiltin(target)
}

interface PackageJson {
  readonly dependencies: { readonly [name: string]: string }
  readonly optionalDependencies: { readonly [name: string]: string }
}

function packageJson(): PackageJson {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
}

/** The shortest way from a file back to itself past files behind it by name, if there is one: so each cycle is told of once. */
function cycleThrough(start: string, files: ReadonlyMap<string, SourceFile>): string[] {
  const ways = [[start]]
  const seen = new Set<string>()
  for (let way = ways.shift(); way; way = ways.shift()) {
    for (const { target } of files.get(way.at(-1) ?? '')?.imports ?? []) {
      if (target === start) return [[...way, start].join(' -> ')]
      if (target < start || seen.has(target)) continue
      seen.add(target)
      ways.push([...way, target])
    }
  }
  return []
}
