// One process, many test files: each becomes a suite of its own, so that its hooks stay its own and a hang has an end.
import { describe } from 'node:test'
import { pathToFileURL } from 'node:url'

const longestFileMs = 240_000

for (const file of process.argv.slice(2)) {
  const source = file.replace(/^dist\//, '').replace(/\.js$/, '.ts')
  describe(source, { timeout: longestFileMs }, async () => {
    await import(pathToFileURL(file).href)
  })
}
