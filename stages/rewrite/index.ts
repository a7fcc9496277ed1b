import { defineStage } from 'sluice/http'
import { list } from 'sluice/plugin'

import { readRules } from './rules.js'
import { rewrite } from './rewrite.js'

export default defineStage({
  summary: 'Has the stages behind it see another path than the client asked for.',
  options: {
    rules: list(
      'Each `REGEX PATH`: what a path must match, and what it becomes; `$1` is the first group. The first that matches counts.',
      { required: true },
    ),
  },
  shared: true,
  create: ({ rules }) => rewrite(readRules(rules)),
})
