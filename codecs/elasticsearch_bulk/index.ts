import { defineCodec, text } from 'sluice/plugin'
import { parseBulk } from './parse.js'

export default defineCodec({
  summary:
    'Reads bulk requests of Elasticsearch and OpenSearch: documents, each behind an action that says where it goes.',
  options: {
    index_key: text('Field that gets the index which the action names; without it that is left out.', { filled: true }),
    id_key: text('Field that gets the id which the action names; without it that is left out.', { filled: true }),
    default_index: text('Index of actions that name none, as where the path of the request does.', { filled: true }),
  },
  create: ({ index_key: indexKey, id_key: idKey, default_index: defaultIndex }) => ({
    framing: 'whole',
    parse: (frame) => parseBulk(frame, { indexKey, idKey, defaultIndex }),
  }),
})
