import { type Checked, checkConfig } from '../../src/config/check.js'
import { documentOfTree } from '../../src/config/document.js'
import { type Problem, problemText } from '../../src/config/node.js'
import { parseYaml } from '../../src/config/yaml.js'
import { lookupOf } from './lookup.js'
import { smallPlugins } from './small-plugins.js'

const lookup = lookupOf(smallPlugins)

/** Checks YAML against the small plugins; `told` is every problem as its text. */
export async function checkYaml(source: string): Promise<Checked & { told: string[] }> {
  const { root, problems } = parseYaml(source, 'f')
  if (!root) throw new Error('expected YAML')
  const found: Problem[] = [...problems]
  const checked = await checkConfig(documentOfTree(root, found).document, lookup)
  const told = [...found, ...checked.problems].map(problemText)
  return found.length > 0 ? { sound: checked.sound, problems: checked.problems, told } : { ...checked, told }
}
