import type { Schema } from '../plugin/options.js'
import { durationText, sizeText } from './units.js'

/** What an option takes, in words for help and tables: `duration, at least 10ms`, `wait, drop_oldest or drop_newest`. */
export function typeText(option: Schema): string {
  if (option.enum) return alternatives(option.enum.map(String))
  return [kindText(option), ...boundTexts(option)].join(', ')
}

/** What holds where the file says nothing, as one would write it there; `required`, or nothing where there is no default. */
export function defaultText(option: Schema): string {
  if (option['x-required']) return 'required'
  if (option.default === undefined || option['x-secret']) return ''
  return typeof option.default === 'string' ? option.default : JSON.stringify(option.default)
}

function kindText(option: Schema): string {
  if (option['x-unit'] === 'flag') return 'on or off'
  if (option['x-unit']) return option['x-unit']
  if (option['x-secret']) return 'text, kept secret'
  if (option['x-refers']) return `name of ${option['x-refers'] === 'upstream' ? 'an' : 'a'} ${option['x-refers']}`
  if (option['x-file']) return option.items ? 'file, list or map of files' : 'file'
  return alternatives([option.type ?? 'anything'].flat().map((type) => typeWords[type] ?? type))
}

const typeWords: { readonly [type: string]: string } = { string: 'text', object: 'map', array: 'list' }

function boundTexts(option: Schema): string[] {
  const write = { duration: durationText, size: sizeText }
  const unit = option['x-unit'] === 'duration' || option['x-unit'] === 'size' ? write[option['x-unit']] : String
  const least = option['x-minimum'] ?? option.minimum
  const most = option['x-maximum'] ?? option.maximum
  return [...boundText('at least', least, unit), ...boundText('at most', most, unit)]
}

function boundText(word: string, bound: number | undefined, write: (value: number) => string): string[] {
  return bound === undefined ? [] : [`${word} ${write(bound)}`]
}

function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}
