import { constants, openSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { ReadStream } from 'node:tty'

/** An adapter at the device's end of a line: keeps the commands that it hears, each without its carriage return, and answers them. */
export class SlcanAdapter {
  readonly commands: string[] = []
  readonly #stream: ReadStream

  constructor(t: TestContext, path: string, answer: (command: string) => string = usualAnswer) {
    this.#stream = new ReadStream(openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK))
    this.#stream.on('error', () => undefined) // the plug was pulled
    let text = ''
    this.#stream.on('data', (bytes) => {
      text += String(bytes)
      for (let end = text.indexOf('\r'); end >= 0; end = text.indexOf('\r')) {
        const command = text.slice(0, end)
        text = text.slice(end + 1)
        this.commands.push(command)
        this.say(answer(command))
      }
    })
    t.after(() => void this.#stream.destroy())
  }

  say(text: string): void {
    if (text !== '') this.#stream.write(Buffer.from(text, 'latin1'))
  }
}

/** An adapter refuses to close what is closed. */
function usualAnswer(command: string): string {
  if (command === 'V') return 'V1013\r'
  return command === 'C' ? '\u0007' : '\r'
}
