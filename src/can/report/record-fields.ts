/**
 * Fields of a record that are no signals: those of the frame (`frameRecord`), those that name its message (`recordHeadsOf`), and
 * those that stand behind the signals (`RecordWriter`). No record has two fields of one name, whatever a DBC file calls its signals.
 */
export const recordFields: readonly string[] = [
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
  'quality',
  'units',
]
