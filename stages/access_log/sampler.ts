/** True so often that its share of all calls is this one, and as evenly as can be. */
export function sampler(share: number): () => boolean {
  let due = 0
  return () => {
    due += share
    if (due < 1) return false
    due -= 1
    return true
  }
}
