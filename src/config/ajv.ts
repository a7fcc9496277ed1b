import { Ajv } from 'ajv'
import type { Schema } from '../plugin/options.js'
import type { Validate } from './read-options.js'

const keywords = [
  'x-unit',
  'x-bare',
  'x-minimum',
  'x-maximum',
  'x-secret',
  'x-required',
  'x-aliases',
  'x-refers',
  'x-per-server',
  'x-file',
  'x-needs',
  'x-expects',
  'x-unsupported',
  'x-ignored',
]

/** The settings that validators are compiled with, at build time and at run time alike. */
export const validatorSettings = {
  strict: true,
  allowUnionTypes: true,
  coerceTypes: true,
  useDefaults: true,
  allErrors: true,
  keywords,
}

/** Compiles a validator now. Loading Ajv costs more than everything else at start-up: only third-party plugins and tests come here. */
export function compileValidator(schema: Schema): Validate {
  return new Ajv(validatorSettings).compile(schema)
}
