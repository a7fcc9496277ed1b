// Which test file left a handle open: the kinds of open handles after each file, looked at once the last one is done.

/** Remembers what is open after each file. */
export class OpenHandles {
  #afterFile = []

  fileEnded(name) {
    this.#afterFile.push({ name, open: countOpen() })
  }

  /** Each kind that is open now with the file since whose end it has been; a guess where files overlap. */
  describe() {
    const kinds = [...countOpen()].map(([kind, count]) => `${count} ${kind} since ${this.#since(kind, count)}`)
    return kinds.join(', ')
  }

  #since(kind, count) {
    const lastWithout = this.#afterFile.findLastIndex(({ open }) => (open.get(kind) ?? 0) < count)
    return this.#afterFile[lastWithout + 1]?.name ?? 'the end'
  }
}

function countOpen() {
  const counts = new Map()
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}
