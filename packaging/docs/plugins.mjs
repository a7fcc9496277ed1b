// The parts of pages that tell of plugins and their options, from the plugins' own declarations.
import { defaultText, typeText } from '../../dist/src/config/describe-option.js'
import { commonOptions } from '../../dist/src/config/instance-schema.js'
import { laneOptions } from '../../dist/src/config/lane-options.js'
import { serverOptions } from '../../dist/src/config/server-options.js'
import { pluginKinds as kinds } from '../../dist/src/plugin/define.js'
import { load, names } from '../../dist/src/registry/registry.js'
import { between, filled, table } from './page.mjs'

const titles = { input: 'Inputs', filter: 'Filters', output: 'Outputs', codec: 'Codecs', stage: 'Stages' }

const shared = {
  input: 'Every input has these options besides its own:',
  filter: 'Every filter has these options besides its own:',
  output: 'Every output has these options besides its own:',
  codec: 'Every codec has these options besides its own, where it is used as a parser:',
  stage: 'Every stage has these options besides its own:',
}

/** Every plugin, in the order of kinds and names. */
export async function allPlugins() {
  const loaded = kinds.flatMap((kind) => names(kind).map((name) => load(kind, name)))
  return await Promise.all(loaded)
}

/** Page → text, for every page that is made from the plugins. */
export function pluginPages(plugins) {
  const pages = new Map()
  for (const { kind, name, definition } of plugins) {
    const path = `${kind}s/${name}/README.md`
    pages.set(path, filled(path, 'options', ownOptions(kind, definition.options)))
  }
  for (const kind of kinds) {
    const ofKind = plugins.filter((plugin) => plugin.kind === kind)
    pages.set(`docs/reference/${kind}s.md`, kindPage(kind, ofKind))
  }
  pages.set('README.md', filled('README.md', 'plugins', pluginTable(plugins)))
  const configuration = 'docs/configuration.md'
  const lanes = filled(configuration, 'lane-options', optionsTable(laneOptions))
  pages.set(configuration, between(lanes, 'server-options', optionsTable(serverOptions)))
  return pages
}

function ownOptions(kind, options) {
  const common = `[the options of every ${kind}](../../docs/reference/${kind}s.md)`
  if (Object.keys(options).length === 0) return `It has no options but ${common}.`
  return `${optionsTable(options)}\n\nBesides these it has ${common}.`
}

/** The options of one declaration, in their order. */
export function optionsTable(options) {
  const row = ([name, option]) => [code(name), typeText(option), defaultCell(option), meaning(option)]
  return table(['option', 'type', 'default', 'meaning'], Object.entries(options).map(row))
}

function defaultCell(option) {
  const text = defaultText(option)
  return text === '' || option['x-required'] ? text : code(text)
}

function meaning(option) {
  const aliases = option['x-aliases'] ?? []
  return aliases.length === 0 ? option.description : `${option.description} Also ${aliases.map(code).join(', ')}.`
}

function kindPage(kind, plugins) {
  const sections = plugins.map(({ name, definition: { summary, options } }) => {
    const own = Object.keys(options).length === 0 ? 'No options of its own.' : optionsTable(options)
    return `## [${name}](../../${kind}s/${name}/README.md)\n\n${summary}\n\n${own}\n`
  })
  const head = `# ${titles[kind]}\n\nMade from the plugins' declarations by \`npm run docs\`.\n`
  return [
    head,
    `${summaries(kind, plugins)}\n`,
    `${shared[kind]}\n\n${optionsTable(commonOptions[kind])}\n`,
    ...sections,
  ].join('\n')
}

function summaries(kind, plugins) {
  return table(
    [kind, 'what it does'],
    plugins.map(({ name, definition }) => [`[${name}](#${name})`, definition.summary]),
  )
}

/** One row for each kind, with all names of it. */
function pluginTable(plugins) {
  const row = (kind) => [`[${titles[kind]}](docs/reference/${kind}s.md)`, linksOf(plugins, kind)]
  return table(['kind', 'plugins'], kinds.map(row))
}

function linksOf(plugins, kind) {
  const ofKind = plugins.filter((plugin) => plugin.kind === kind)
  return ofKind.map(({ name }) => `[${name}](${kind}s/${name}/README.md)`).join(' · ')
}

function code(text) {
  return `\`${text}\``
}
