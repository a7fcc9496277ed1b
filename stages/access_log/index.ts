import { defineStage } from 'sluice/http'
import { choice, flag, number, text } from 'sluice/plugin'

import { accessLog } from './access-log.js'

export default defineStage({
  summary: 'Tells of each request that was answered, in the log of the agent or as events.',
  options: {
    tag: text('Tag of events that requests become; without it they become lines of the log of the agent.'),
    format: choice(
      'Form of a request: `combined`, the line of Apache and nginx, in an event as its `log`; or `json`, all fields. By default lines are combined and events have fields.',
      ['combined', 'json'],
    ),
    sample: number(
      'Share of the requests that are told of where all went well (2xx): 1 for all, 0.01 for one in 100.',
      {
        default: 1,
        minimum: 0,
        maximum: 1,
      },
    ),
    query: flag('Tell queries too, which may have secrets in them.', { default: false }),
  },
  anyTag: true,
  shared: true,
  create: (options, context) => accessLog(options, context),
})
