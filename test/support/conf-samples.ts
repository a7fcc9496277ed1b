import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import type { PluginKind } from '../../src/plugin/define.js'
import { root } from './source-tree.js'

export interface Sample {
  readonly kind: PluginKind
  readonly name: string
  readonly options: { readonly [option: string]: unknown }
}

type Section = readonly { readonly name: string; readonly [option: string]: unknown }[]

interface ConfigFile {
  readonly http?: readonly { readonly stages?: Section }[]
  readonly pipeline?: { readonly inputs?: Section; readonly filters?: Section; readonly outputs?: Section }
}

/** The sample configurations: paths from the project's folder. */
export function confPaths(): string[] {
  const names = readdirSync(join(root, 'conf'), { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.yaml')).map((name) => join('conf', name))
}

/** Every instance of a plugin in the sample configurations. */
export function confSamples(): Sample[] {
  return confPaths().flatMap((path) => {
    const { pipeline, http = [] } = load(readFileSync(join(root, path), 'utf8')) as ConfigFile
    return [
      ...samplesOf('input', pipeline?.inputs),
      ...samplesOf('filter', pipeline?.filters),
      ...samplesOf('output', pipeline?.outputs),
      ...http.flatMap(({ stages }) => samplesOf('stage', stages)),
    ]
  })
}

function samplesOf(kind: PluginKind, section: Section = []): Sample[] {
  return section.map(({ name, ...options }) => ({ kind, name, options }))
}
