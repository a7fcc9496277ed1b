/** First bytes of arrays (MessagePack specification, "Formats"). */
export const isArrayMark = (first: number): boolean =>
  (first >= 0x90 && first < 0xa0) || first === 0xdc || first === 0xdd

/** First bytes of texts, and of bytes: peers write one for the other. */
export const isTextMark = (first: number): boolean =>
  (first >= 0xa0 && first < 0xc0) || (first >= 0xc4 && first <= 0xc6) || (first >= 0xd9 && first <= 0xdb)
