import type { ErrorObject } from 'ajv'
import type { ServiceSchema } from 'sluice/http'
import { AgentError, messageOf } from 'sluice/plugin'

/** What is wrong with a value, and where in it (a JSON pointer); undefined where nothing is. Puts defaults in. */
export type Check = (value: unknown) => { readonly pointer: string; readonly message: string } | undefined

/** Compiles a JSON Schema. Loads Ajv, so that only services with schemas pay for it. Throws an AgentError `SERVICE_SCHEMA`. */
export async function checkOf(schema: ServiceSchema, name: string): Promise<Check> {
  const { Ajv } = await import('ajv')
  try {
    const validate = new Ajv({ useDefaults: true, strictTypes: false, allowUnionTypes: true }).compile(schema)
    return (value) => {
      if (validate(value)) return undefined
      const [error] = validate.errors ?? []
      return { pointer: error?.instancePath ?? '', message: error ? told(error) : 'is not what the schema says' }
    }
  } catch (error) {
    throw new AgentError('SERVICE_SCHEMA', `${name}: expected a JSON Schema; ${messageOf(error)}`, { cause: error })
  }
}

/** Ajv's message, with the values and the name that it leaves out. */
function told({ keyword, message = '', params }: ErrorObject): string {
  const left = { enum: params['allowedValues'], additionalProperties: [params['additionalProperty']] }[keyword]
  return Array.isArray(left) ? `${message}: ${left.map((each) => JSON.stringify(each)).join(', ')}` : message
}
