/**
 * Keeps SIGHUP from ending the process from now on. What is answered says what it is to do instead; one that came before is obeyed
 * then.
 */
export function holdHangUps(): (obey: () => void) => void {
  let isPending = false
  let obeyed = (): void => void (isPending = true)
  process.on('SIGHUP', () => obeyed())
  return (obey) => {
    obeyed = obey
    if (isPending) obey()
  }
}
