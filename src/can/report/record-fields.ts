/** Fields of a record that are the frame's (`frameRecord`), or name its message (`recordHeadsOf`). */
export const frameFields: readonly string[] = [
  'bus',
  'direction',
  'id',
  'extended',
  'length',
  'data',
  'fd',
  'brs',
  'esi',
  'remote',
  'error',
  'dlc',
  'message',
  'source',
]

/**
 * All that are no signals: those, and what stands behind the signals (`RecordWriter`). No record has two fields of one name, whatever
 * a DBC file calls its signals.
 */
export const recordFields: readonly string[] = [...frameFields, 'quality', 'units']
