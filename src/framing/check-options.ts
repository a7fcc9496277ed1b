import { AgentError } from '../plugin/errors.js'
import { framingOptions, type FramingOptions, type FramingType } from './options.js'

type Name = keyof FramingOptions

const common: readonly Name[] = ['framing.type', 'framing.max_frame', 'framing.idle', 'framing.checksum']
const sized: readonly Name[] = ['framing.start', 'framing.stop', 'framing.keep_header']

/** What each type takes besides what all take. */
const taken: { readonly [T in FramingType]: readonly Name[] } = {
  line: ['framing.encoding'],
  delimiter: ['framing.delimiter', 'framing.encoding'],
  pattern: ['framing.pattern', 'framing.encoding'],
  fixed: ['framing.size', ...sized],
  length_prefix: ['framing.offset', 'framing.width', 'framing.endian', 'framing.adjust', ...sized],
  slip: [],
  cobs: [],
  cobs_r: [],
  start_stop: ['framing.start', 'framing.stop', 'framing.escape', 'framing.escape_xor', 'framing.encoding'],
  idle: ['framing.encoding'],
}

/** What a type cannot do without. */
const needed: { readonly [T in FramingType]?: Name } = {
  delimiter: 'framing.delimiter',
  pattern: 'framing.pattern',
  fixed: 'framing.size',
  start_stop: 'framing.start',
  idle: 'framing.idle',
}

/** The type of the framing, undefined where there is none. Throws an AgentError where an option is missing or has no effect. */
export function checkedType(options: FramingOptions): FramingType | undefined {
  const given = (Object.keys(framingOptions) as Name[]).filter((name) => options[name] !== undefined)
  const type = options['framing.type']
  if (type === undefined) {
    const [first] = given
    if (first === undefined) return undefined
    throw wrong(`framing.type: expected the type that ${first} is for, got none`)
  }
  const need = needed[type]
  if (need !== undefined && options[need] === undefined) throw wrong(`${need}: expected a value with type ${type}`)
  for (const name of given) checkTaken(name, type, given)
  return type
}

function checkTaken(name: Name, type: FramingType, given: readonly Name[]): void {
  const ofChecksum = name.startsWith('framing.checksum_')
  if (ofChecksum && !given.includes('framing.checksum')) throw wrong(`${name}: expected a framing.checksum with it`)
  if (name === 'framing.escape_xor' && !given.includes('framing.escape')) {
    throw wrong(`${name}: expected a framing.escape with it`)
  }
  if (name === 'framing.checksum_place' && !given.includes('framing.stop')) {
    throw wrong(`${name}: expected a framing.stop with it`)
  }
  if (ofChecksum || common.includes(name) || taken[type].includes(name)) return
  const types = (Object.keys(taken) as FramingType[]).filter((each) => taken[each].includes(name))
  throw wrong(`${name}: expected only with type ${types.join(' or ')}, got it with ${type}; leave it out`)
}

function wrong(message: string): AgentError {
  return new AgentError('FRAMING_OPTION', message)
}
