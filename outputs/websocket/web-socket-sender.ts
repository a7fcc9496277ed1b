import { Exchange, type Outgoing, type Sender } from 'sluice/net'
import { AgentError, type Clock, PermanentError } from 'sluice/plugin'
import type { WebSocket } from 'ws'

export interface SenderSettings {
  /** What errors call the server. */
  readonly where: string
  /** Longest that nothing may move. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** Whether messages are of bytes, not of text. */
  readonly binary: boolean
}

/** Handed to the kernel at a time, so that a slow link is seen to move: fragments of one message (RFC 6455, section 5.4). */
const fragmentBytes = 64 * 1024

/** "Message too big" (RFC 6455, section 7.4.1). */
const tooBig = 1009

/**
 * One WebSocket, for one delivery at a time. A delivery is one message and a ping behind it: the server reads in order and must
 * answer a ping (RFC 6455, section 5.5.2), so its pong says that it has read the message.
 */
export class WebSocketSender implements Sender<Uint8Array> {
  readonly #webSocket: WebSocket
  readonly #settings: SenderSettings
  readonly #exchange: Exchange
  #pings = 0
  #pongs = 0

  constructor(webSocket: WebSocket, settings: SenderSettings) {
    this.#webSocket = webSocket
    this.#settings = settings
    this.#exchange = new Exchange(settings.clock, () => webSocket.terminate())
    const { where } = settings
    webSocket.on('error', (error) =>
      this.fail(new AgentError('WEBSOCKET_BROKEN', `${where}: ${error.message}`, { cause: error })),
    )
    webSocket.on('close', (code, reason) => this.fail(this.#closed(code, reason.toString())))
    webSocket.on('pong', (data) => this.#answered(data.toString()))
  }

  get usable(): boolean {
    return this.#exchange.failure === undefined
  }

  send({ payload }: Outgoing<Uint8Array>, signal: AbortSignal): Promise<void> {
    const limits = { timeoutMs: this.#settings.timeoutMs, late: () => this.#late(), signal }
    return this.#exchange.within(limits, async () => {
      for (let at = 0; at < payload.length; at += fragmentBytes) await this.#write(payload, at)
      this.#webSocket.ping(String(++this.#pings))
      await this.#exchange.until(() => this.#pongs === this.#pings)
    })
  }

  /** "Normal closure": the server is told. */
  close(): void {
    this.#webSocket.close(1000)
  }

  fail(error: Error): void {
    this.#exchange.fail(error)
  }

  async #write(payload: Uint8Array, at: number): Promise<void> {
    const end = at + fragmentBytes
    let taken = false
    const options = { binary: this.#settings.binary, fin: end >= payload.length }
    this.#webSocket.send(payload.subarray(at, end), options, (error) => {
      if (error) return // 'error' or 'close' says so too
      taken = true
      this.#exchange.moved()
    })
    await this.#exchange.until(() => taken)
  }

  /** A pong may be of no ping, or of one before (RFC 6455, section 5.5.3). */
  #answered(data: string): void {
    if (data === String(this.#pings)) this.#pongs = this.#pings
    this.#exchange.moved()
  }

  #closed(code: number, reason: string): AgentError {
    const said = reason === '' ? '' : ` ${JSON.stringify(reason)}`
    const text = `${this.#settings.where}: the server closed the connection, ${code}${said}`
    return code === tooBig ? new PermanentError('WEBSOCKET_TOO_BIG', text) : new AgentError('WEBSOCKET_CLOSED', text)
  }

  #late(): AgentError {
    const { where, timeoutMs } = this.#settings
    const what = this.#pongs === this.#pings ? 'read nothing' : 'answered no ping'
    return new AgentError('WEBSOCKET_LATE', `${where}: the server ${what} for ${timeoutMs} ms (ping_timeout)`)
  }
}
