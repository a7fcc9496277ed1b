import { failing, type Fault, readOnly } from './forgetful-files.js'

/** What may be wrong with a disk. */
export type Trouble = 'none' | 'full' | 'write' | 'sync' | 'read' | 'read-only'

export const troubles: { readonly [trouble in Trouble]: Fault } = {
  none: () => undefined,
  full: failing('ENOSPC', 'write', 'create'),
  write: failing('EIO', 'write'),
  sync: failing('EIO', 'sync'),
  read: failing('EIO', 'read'),
  'read-only': readOnly,
}
