/** Where the bytes that requests hold are counted; an input's context is one. */
export interface MemoryAccount {
  /** False, and nothing counted, where there is no room. */
  reserve(bytes: number): boolean
  release(bytes: number): void
}

/** A budget of its own, for a server whose requests are no events. */
export class FixedAccount implements MemoryAccount {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  reserve(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  release(bytes: number): void {
    this.#left += bytes
  }
}
