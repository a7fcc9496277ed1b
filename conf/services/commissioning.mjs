// A page for whoever puts a sensor into service: it shows what the sensor measures now, keeps a label for it across restarts, and
// writes down visits as events. The sensor, or a hand meter, reports to it with POST /readings.
import { defineService } from 'sluice/http'

const text = (maxLength) => ({ type: 'string', minLength: 1, maxLength })
const only = (properties) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})

export default defineService({
  options: {
    type: 'object',
    properties: { sensor: { ...text(100), default: 'sensor.temperature' }, unit: { type: 'string', default: '°C' } },
    additionalProperties: false,
  },

  routes: {
    'GET /': (call, { options, state }) => call.html(page(options, state.get('label') ?? '')),
    'GET /status': (_call, service) => status(service),
    'PUT /label': {
      body: only({ label: text(60) }),
      handle({ body }, { state }) {
        state.set('label', body.label)
      },
    },
    'POST /readings': {
      body: only({ value: { type: 'number' } }),
      handle({ body }, service) {
        const { options, latest, state } = service
        const record = { value: body.value, label: state.get('label') ?? null }
        latest.set(options.sensor, '', record)
        service.emit(options.sensor, record)
        service.broadcast('/live', status(service))
      },
    },
    'POST /visits': {
      body: only({ who: text(60), note: text(500) }),
      // Answered once the event is as safe as `ack` of the server says.
      async handle({ body }, service) {
        const { value = null } = status(service)
        await service.emitAcked('commissioning.visit', { ...body, sensor: service.options.sensor, value })
        return { recorded: true }
      },
    },
  },

  sockets: {
    '/live': { open: (socket, service) => socket.send(status(service)) },
  },
})

function status({ options, latest, state }) {
  const found = latest.get(options.sensor)
  return {
    sensor: options.sensor,
    label: state.get('label') ?? null,
    value: found?.record.value ?? null,
    seconds: found?.time.seconds ?? null,
  }
}

function escaped(value) {
  return value.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)
}

function page({ sensor, unit }, label) {
  return `<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(sensor)}</title>
<style>
  body { font: 1.1rem/1.5 system-ui; max-width: 30rem; margin: 2rem auto; padding: 0 1rem }
  output { font-size: 3rem } input { font: inherit; width: 100%; margin: .3rem 0 } button { font: inherit }
</style>
<h1>${escaped(sensor)}</h1>
<p><output id="value">–</output> ${escaped(unit)}</p>
<form id="label"><input name="label" maxlength="60" required placeholder="label" value="${escaped(label)}"><button>Set label</button></form>
<form id="visits"><input name="who" required placeholder="who"><input name="note" required placeholder="note"><button>Note visit</button></form>
<p id="said"></p>
<script type="module">
  const show = ({ value }) => (document.querySelector('#value').value = value ?? '–')
  const live = new WebSocket(new URL('live', location.href.replace(/^http/, 'ws')))
  live.onmessage = ({ data }) => show(JSON.parse(data))
  for (const [form, method] of [['label', 'PUT'], ['visits', 'POST']])
    document.querySelector('#' + form).onsubmit = async (event) => {
      event.preventDefault()
      const body = JSON.stringify(Object.fromEntries(new FormData(event.target)))
      const answer = await fetch(form, { method, body, headers: { 'content-type': 'application/json' } })
      document.querySelector('#said').textContent = answer.ok ? 'saved' : (await answer.json()).detail
    }
</script>
`
}
