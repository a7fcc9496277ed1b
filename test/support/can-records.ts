/** Records of raw frames, as the codecs of logs read and write them. */
const frame = { bus: 'can0', direction: 'rx', id: 1, extended: false }

export const plain = { ...frame, id: 0x123, length: 2, data: '11a2' }
export const fd = { ...frame, length: 12, data: '00'.repeat(12), fd: true, brs: true, esi: true }
export const error = { ...frame, id: 4, length: 8, data: '0004000000000000', error: true }
export const rawLength = { ...frame, length: 8, data: '00'.repeat(8), dlc: 14 }

export function requestOn(bus: string): { readonly [field: string]: string | number | boolean } {
  return { bus, direction: 'tx', id: 0x12345678, extended: true, length: 5, data: '', remote: true }
}
