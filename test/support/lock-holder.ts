// Locks the folder of its argument once a line comes in, says what came of it, and holds the lock until it is ended.
import { once } from 'node:events'
import { StorageLock } from '../../src/engine/storage-lock.js'

const [folder = ''] = process.argv.slice(2)
process.stdout.write('ready\n')
await once(process.stdin, 'data')
try {
  StorageLock.take(folder)
  process.stdout.write('taken\n')
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
}
await once(process.stdin, 'end')
