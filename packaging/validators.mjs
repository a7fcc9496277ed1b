// Compiles the options of every built plugin, and of the service, to a small module beside it. What has not changed stays.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** `outdir` holds the compiled tree. Answers the names of plugins that could not be loaded; their validators are gone. */
export async function buildValidators(outdir) {
  const load = (path) => import(pathToFileURL(resolve(outdir, path)).href)
  const [{ names }, { pluginKinds }, { instanceSchema }, { validatorSettings }, ...own] = await Promise.all([
    load('src/registry/registry.js'),
    load('src/plugin/define.js'),
    load('src/config/instance-schema.js'),
    load('src/config/ajv.js'),
    load('src/config/service-options.js'),
    load('src/config/server-options.js'),
    load('src/config/node-options.js'),
  ])
  const { serviceSchema, serverSchema, nodeSchema } = Object.assign({}, ...own)
  for (const [name, schema] of Object.entries({ service: serviceSchema, server: serverSchema, node: nodeSchema }))
    await writeValidator(resolve(outdir, `src/config/${name}-options.validate.js`), schema, validatorSettings)
  const broken = []
  for (const kind of pluginKinds) {
    for (const name of names(kind)) {
      const target = resolve(outdir, `${kind}s/${name}/options.validate.js`)
      try {
        const { default: definition } = await load(`${kind}s/${name}/index.js`)
        await writeValidator(target, instanceSchema(definition), validatorSettings)
      } catch (error) {
        rmSync(target, { force: true })
        broken.push(`${kind} ${name}: ${error.message}`)
      }
    }
  }
  return broken
}

async function writeValidator(target, schema, settings) {
  const digest = createHash('sha256')
    .update(JSON.stringify([schema, settings]))
    .digest('hex')
  const stamp = `// options ${digest}\n`
  if (existsSync(target) && readFileSync(target, 'utf8').startsWith(stamp)) return
  const [{ Ajv }, { default: standalone }] = await Promise.all([import('ajv'), import('ajv/dist/standalone/index.js')])
  const ajv = new Ajv({ ...settings, code: { source: true, esm: true } })
  const code = standalone.default(ajv, ajv.compile(schema))
  const bundled = await build({
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['main'],
    target: 'node20.19',
  })
  writeFileSync(target, stamp + bundled.outputFiles[0].text)
}
