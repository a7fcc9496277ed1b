import { optionsOfUrl } from 'sluice/http-client'
import { defineOutput } from 'sluice/plugin'
import { createHttp } from './create.js'
import { httpOptions } from './options.js'

export default defineOutput({
  summary: 'Sends events to an HTTP or HTTPS server.',
  options: httpOptions,
  unsupported: {
    body_key: 'the body holds whole events; choose its shape with format',
    headers_key: 'write fixed headers in header',
    gelf_full_message_key: 'the field full_message is the full message',
    gelf_level_key: 'the field level is the level',
    'aws_*': 'use `http_user` and `http_passwd`, or `bearer_token`',
  },
  ignored: {
    'aws_auth=off': '',
    'aws_auth=false': '',
    gelf_timestamp_key: 'the time of a message is that of its event',
    'oauth2.timeout': '`http.response_timeout` holds for it too',
    'oauth2.connect_timeout': '`net.connect_timeout` holds for it too',
    allow_duplicated_headers: 'each header is sent once; join its values with a comma',
    log_response_payload: 'the beginning of an answer is part of every error',
    'http.read_idle_timeout': '`http.response_timeout` covers the silence within an answer too',
  },
  fromUrl: optionsOfUrl,
  create: createHttp,
})
