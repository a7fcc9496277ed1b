import { unavailable } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { Parsed, Parser } from '../plugin/context.js'
import { uncompressedSize } from '../snappy/uncompress-block.js'

type Owner = Pick<HttpExchange, 'limits' | 'hold' | 'giveBack'>

/**
 * A parser that undoes Snappy itself. What a block says that it becomes is counted to the memory before there is anything of it, and
 * until its events are made. Its `parse` throws an HttpError 503 where there is no room.
 */
export function unpacking(parser: Parser, owner: Owner): Parser {
  return { ...parser, parse: (block) => parseHeld(block, parser, owner) }
}

function* parseHeld(block: Uint8Array, parser: Parser, owner: Owner): Iterable<Parsed> {
  const size = unpackedBytes(block, owner)
  if (size > 0 && !owner.hold(size)) throw unavailable('the memory for events is full')
  try {
    yield* parser.parse(block)
  } finally {
    owner.giveBack(size)
  }
}

/** Nothing of a block that says too much: the parser refuses it. */
function unpackedBytes(block: Uint8Array, { limits }: Owner): number {
  if (block.length === 0) return 0
  const size = uncompressedSize(block)
  return size > limits.inflatedBytes ? 0 : size
}
