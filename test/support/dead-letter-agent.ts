// An agent as far as its dead letter goes: holds the storage path of its argument and carries out what commands ask for. Prints
// the number of each event that it hands back; events `{ n }` with n of at least 1000 only once a line comes in.
import { once } from 'node:events'
import { join } from 'node:path'
import { systemClock } from '../../src/base/clock.js'
import { DeadLetterDesk } from '../../src/engine/dead-letter-desk.js'
import { StorageLock } from '../../src/engine/storage-lock.js'
import { readEvents } from '../../src/event/entry-reader.js'
import { DeadLetterStore } from '../../src/flush/dead-letter-store.js'
import { eventsOf, type KeptLetter } from '../../src/flush/kept-letter.js'
import { RecordingLogger } from './plugin-context.js'

const [storage = ''] = process.argv.slice(2)
const folder = join(storage, 'dead')
const log = new RecordingLogger()
const lock = StorageLock.take(storage)
const store = new DeadLetterStore({ folder, limitBytes: 1024 * 1024 }, systemClock, log)
const released = once(process.stdin, 'data')

async function replay(letter: KeptLetter): Promise<void> {
  const numbers = [...readEvents(eventsOf(letter))].map(({ record }) => Number(record['n']))
  if (numbers.some((n) => n >= 1000)) await released
  process.stdout.write(numbers.map((n) => `${letter.output} ${n}\n`).join(''))
}

const desk = new DeadLetterDesk({ folder, store, log, clock: systemClock, replay })
desk.start()
process.once('SIGTERM', () => {
  void desk.stop().then(() => {
    lock.release()
    process.exit(0)
  })
})
process.stdout.write('ready\n')
