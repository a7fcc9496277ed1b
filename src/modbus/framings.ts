import { ascii } from './ascii.js'
import type { Framing } from './framing.js'
import { mbap } from './mbap.js'
import { rtu } from './rtu.js'

export type Transmission = 'rtu' | 'ascii' | 'tcp'

export const framings: { readonly [name in Transmission]: Framing } = { rtu, ascii, tcp: mbap }
