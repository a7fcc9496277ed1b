import { defineOutput } from 'sluice/plugin'
import { optionsOfUrl } from './address.js'
import { createHttp } from './http-output.js'
import { httpOptions } from './options.js'

export default defineOutput({
  summary: 'Sends events to an HTTP or HTTPS server.',
  options: httpOptions,
  unsupported: {
    proxy: 'connect to the server directly',
    body_key: 'the body holds whole events; choose its shape with format',
    headers_key: 'write fixed headers in header',
    allow_duplicated_headers: 'each header is sent once; join its values with a comma',
    log_response_payload: 'leave it out: the beginning of an answer is part of every error',
    gelf_short_message_key: 'use format json',
    aws_auth: 'use http_user and http_passwd, or bearer_token',
    'oauth2.enable': 'give a token in bearer_token',
    'tls.verify_hostname': 'tls.verify checks the name too; name another in tls.vhost',
    'http.read_idle_timeout': 'http.response_timeout covers the silence within an answer too',
  },
  fromUrl: optionsOfUrl,
  create: createHttp,
})
