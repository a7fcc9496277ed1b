import { AgentError } from '../../plugin/errors.js'

/** The part of a stream that is written to. */
export interface ByteStream {
  write(bytes: Uint8Array, done: (error?: Error | null) => void): boolean
}

/** Writes bytes and waits until they are taken. Answers false once nobody reads any more, as behind `| head`. */
export function writeBytes(stream: ByteStream, bytes: Uint8Array): Promise<boolean> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => {
      if (!error) return resolve(true)
      if (isReaderGone(error)) return resolve(false)
      reject(new AgentError('CLI_NOT_SHOWN', `standard output: ${error.message}`, { cause: error }))
    })
  })
}

function isReaderGone(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED'
}
