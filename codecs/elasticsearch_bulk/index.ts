import { choice, defineCodec, flag, text } from 'sluice/plugin'
import { bulkFormatter } from './format.js'
import { parseBulk } from './parse.js'

export default defineCodec({
  summary:
    'Reads and writes bulk requests of Elasticsearch and OpenSearch: documents, each behind an action that says where it goes.',
  options: {
    index: text(
      'Index or data stream that documents are written to, with dates (UTC) and what events have, such as `logs-$TAG[0]-%Y.%m.%d`.',
      { default: 'sluice', filled: true },
    ),
    op_type: choice('Action of every document; a data stream takes `create` alone.', ['create', 'index'], {
      default: 'create',
      aliases: ['write_operation'],
    }),
    index_key: text(
      'Field for the index: when read it gets the one that the action names, when written it names one, before `index`.',
      { filled: true },
    ),
    id_key: text('Field for the id: when read it gets the one that the action names, when written it is that.', {
      filled: true,
    }),
    generate_id: flag(
      'Documents without an id get one of their content, so that a request that is sent again makes no others.',
      { default: false },
    ),
    tag_key: text('Field that gets the tag when documents are written.', { filled: true }),
    default_index: text('Index of actions that name none, as where the path of the request does.', { filled: true }),
  },
  create: ({ index_key: indexKey, id_key: idKey, default_index: defaultIndex, ...written }) => ({
    framing: 'whole',
    parse: (frame) => parseBulk(frame, { indexKey, idKey, defaultIndex }),
    formatter: bulkFormatter({
      index: written.index,
      operation: written.op_type,
      indexKey,
      idKey,
      generateId: written.generate_id,
      tagKey: written.tag_key,
    }),
  }),
})
