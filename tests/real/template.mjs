// Stands in for the index.js of the official OpenFaaS Node templates: node template.mjs <folder with handler.js>. What it does with
// bodies, answers and rejections is what theirs was seen to do, the 200 for a rejected promise included.
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import bodyParser from 'body-parser'
import express from 'express'

const { RAW_BODY, MAX_RAW_SIZE = '100kb', MAX_JSON_SIZE = '100kb', http_port: port = '3000' } = process.env
const handler = createRequire(import.meta.url)(resolve(process.argv[2], 'handler'))

const app = express()
app.disable('x-powered-by')
app.use((request, _response, next) => {
  // A call without a content type counts as text.
  request.headers['content-type'] ??= 'text/plain'
  next()
})
if (RAW_BODY === 'true') {
  app.use(bodyParser.raw({ type: '*/*', limit: MAX_RAW_SIZE }))
} else {
  app.use(bodyParser.text({ type: 'text/*' }))
  app.use(bodyParser.json({ limit: MAX_JSON_SIZE }))
  app.use(bodyParser.urlencoded({ extended: true }))
}

app.use((request, response) => {
  const { body, headers, method, query, path } = request
  const context = contextOf((error, result) => {
    if (error) {
      console.error(error)
      response.status(context.status()).send(String(error))
      return
    }
    const isPlain = Array.isArray(result) || (result && result.constructor === Object)
    response
      .set(context.headers())
      .status(context.status())
      .send(isPlain ? JSON.stringify(result) : result)
  })
  Promise.resolve(handler({ body, headers, method, query, path }, context, context.answer))
    .then((result) => {
      if (context.cbCalled === 0) context.succeed(result)
    })
    // The status is still 200 here unless the handler had set another.
    .catch((error) => context.answer(error))
})

function contextOf(answer) {
  let status = 200
  let headers = {}
  const context = {
    answer,
    cbCalled: 0,
    status(code) {
      if (!code) return status
      status = code
      return context
    },
    headers(values) {
      if (!values) return headers
      headers = values
      return context
    },
    succeed(value) {
      context.cbCalled++
      answer(undefined, value)
    },
    fail(value) {
      if (status === 200) status = 500
      context.cbCalled++
      answer(value)
    },
  }
  return context
}

const server = app.listen(Number(port), '127.0.0.1', () => {
  console.log(`template listens on ${server.address().port}`)
})
