import { every, type Input, type InputContext, messageOf } from 'sluice/plugin'
import { headRecord, type Layout, linesOf } from './head-record.js'
import { readHead } from './read-head.js'

interface Settings extends Layout {
  readonly interval: number
  readonly buf_size: number
  readonly tag: string
}

/** Lines may be long, but a file that is one endless line must not fill the memory. */
const mostLineBytes = 1024 * 1024

export function headInput(settings: Settings, context: InputContext): Input {
  const lines = linesOf(settings)
  const limit = lines > 0 ? { bytes: mostLineBytes, lines } : { bytes: settings.buf_size, lines: Infinity }
  return every(settings.interval, context, async () => {
    try {
      context.emit(settings.tag, headRecord(await readHead(settings.file, limit), settings))
    } catch (error) {
      context.count('unreadable')
      context.log.warn(`file: it cannot be read, so there is no record this time: ${messageOf(error)}`)
    }
  })
}
