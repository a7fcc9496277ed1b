/** Bytes that a value of this first byte takes in all, where its first byte alone tells; else 0. */
export const wholeSize = new Uint8Array(256)
wholeSize.fill(1, 0x00, 0x80).fill(1, 0xe0)
wholeSize.set([1, 0, 1, 1], 0xc0)
wholeSize.set([5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 3, 4, 6, 10, 18], 0xca)
for (let size = 0; size < 32; size++) wholeSize[0xa0 + size] = 1 + size
