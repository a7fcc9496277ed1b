import { defineInput } from 'sluice/plugin'

export default defineInput({
  summary: 'Takes the events that a program pushes with `agent.emit`.',
  options: {},
  full: 'wait',
  anyTag: true,
  create: () => ({
    run: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        signal.addEventListener('abort', () => resolve(), { once: true })
      }),
  }),
})
