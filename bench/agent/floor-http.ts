/** The least that Node takes for a POST: reads its body, forgets it, and answers 201. Prints its port. */

import type { AddressInfo } from 'node:net'

const { createServer } = process.getBuiltinModule('node:http')

const server = createServer((request, response) => {
  request.on('data', () => undefined)
  request.on('end', () => response.writeHead(201, { 'content-length': 0 }).end())
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
