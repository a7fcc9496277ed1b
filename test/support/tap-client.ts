import { get, type IncomingMessage } from 'node:http'

import { within } from './within.js'

/** An open stream of server-sent events, whose text is kept as it comes. */
export class SentEvents {
  readonly #answer: IncomingMessage
  #text = ''
  #came: () => void = () => undefined

  private constructor(answer: IncomingMessage) {
    this.#answer = answer
    answer.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text
      this.#came()
    })
  }

  /** Resolves once the answer has begun. */
  static open(url: string): Promise<SentEvents> {
    return new Promise((resolve, reject) => {
      get(url, { agent: false }, (answer) => resolve(new SentEvents(answer))).once('error', reject)
    })
  }

  get status(): number | undefined {
    return this.#answer.statusCode
  }

  /** All events with data so far, their types before them unless they are plain messages. */
  get events(): readonly string[] {
    const whole = this.#text.split('\n\n').slice(0, -1)
    return whole.filter((event) => event.includes('data: ')).map((event) => event.replace(/^data: /, ''))
  }

  /** The events once there are so many of them. */
  async upTo(count: number): Promise<readonly string[]> {
    await within(20_000, this.#atLeast(count), `${count} events, after ${JSON.stringify(this.events)}`)
    return this.events
  }

  async #atLeast(count: number): Promise<void> {
    while (this.events.length < count) await new Promise<void>((resolve) => (this.#came = resolve))
  }

  close(): void {
    this.#answer.destroy()
  }
}
